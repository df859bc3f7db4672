/**
 * How tasks are moved by their ids: the part of the service `Tasks` that requeues them row by row.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { operations } from "../../api/operations.js"
import type { RequeueChanges } from "../../filters/taskSelection.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { fromInput, type IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { Bulk, type BulkOptions, type ReadBack, rowCodec } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { TaskRowError, TaskRowsError } from "./taskErrors.js"

/**
 * A task that was moved to a stage.
 *
 * @since 0.1.0
 */
export interface RequeuedTask {
  readonly task: TaskId
  readonly stage: StageId
}

/**
 * How tasks are requeued.
 *
 * @since 0.1.0
 */
export interface RequeueManyOptions extends BulkOptions, RequeueChanges {
  readonly toStage: IdInput<StageId>
}

/**
 * The bulk requeue of the service `Tasks`.
 *
 * @category services
 * @since 0.1.0
 */
export interface TaskRequeueMethods {
  /**
   * Moves tasks to a stage by their ids, any number of them, with one outcome per task
   * (`POST /project/{projectId}/requeueTasks`): `Updated` when it was moved. When the hub moves fewer than it was sent,
   * or its answer is lost, each task is looked at (`GET /task/{taskId}`): one that is not in the stage is sent again, or
   * left to the next run; one that is may have been there before, and is `Unknown` when something was to be removed
   * from it too. To select tasks by what they are in, take `requeue`. The rest is as in
   * `Assets.importFromCloud`; `chunk` is 1000 by default.
   */
  readonly requeueMany: {
    (
      projectId: IdInput<ProjectId>,
      tasks: Iterable<IdInput<TaskId>>,
      options: RequeueManyOptions
    ): Stream.Stream<RowOutcome<RequeuedTask, TaskRowError>, TaskRowsError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      tasks: Stream.Stream<IdInput<TaskId>, E, R>,
      options: RequeueManyOptions
    ): Stream.Stream<RowOutcome<RequeuedTask, TaskRowError>, E | TaskRowsError, R>
  }
}

const requeue = operations["tasks.requeue"]

const Requeueing = Schema.typeSchema(Schema.Struct({ ...Bulk, project: ProjectId, toStage: StageId }))

const Requeued = Schema.Struct({ task: TaskId, stage: StageId })

/** `Tasks.requeueMany` */
export const makeRequeueMany = ({ tasks: client }: AngoClient["Type"]): TaskRequeueMethods["requeueMany"] => {
  const requeueMany = <E, R>(
    projectId: IdInput<ProjectId>,
    tasks: Rows<IdInput<TaskId>, E, R>,
    options: RequeueManyOptions
  ): Stream.Stream<RowOutcome<RequeuedTask, TaskRowError>, E | TaskRowsError, R> => {
    const { removeAnnotations, removeAssignee, removeStageHistory } = options
    const stage = fromInput<StageId>(options.toStage)
    const changes = omitUndefined({ removeAnnotations, removeAssignee, removeStageHistory })
    const removed = Object.entries(changes).flatMap(([name, is]) => (is === true ? name : []))
    const isMove = removed.length === 0

    const finding = (item: RequeuedTask) =>
      client.get({ path: { taskId: item.task }, urlParams: { includeAnswer: false } }).pipe(
        Effect.map(({ data }): ReadBack<RequeuedTask> => {
          if (data.task.stage !== stage) return { _tag: "Absent" }
          return isMove
            ? { _tag: "Present", value: item }
            : {
                _tag: "Undecidable",
                why: "it is in the stage, where it may have been before, and what was to be removed is not shown."
              }
        }),
        Effect.catchTag("NotFound", () => Effect.succeed<ReadBack<RequeuedTask>>({ _tag: "Absent" }))
      )

    return Stream.unwrap(
      Effect.as(
        validateInput(requeue, Requeueing, omitUndefined({ ...options, project: projectId })),
        write(
          {
            operation: requeue,
            of: `${requeue.name} of project ${projectId} to stage ${[stage, ...removed.toSorted()].join(", ")}`,
            makes: "Updated",
            keyOf: (task: IdInput<TaskId>) => task,
            isUnique: true,
            toItem: (task) => validateInput(requeue, Schema.typeSchema(Requeued), { task, stage }),
            send: (items) =>
              Effect.map(
                client.requeue({
                  path: { projectId: fromInput(projectId) },
                  payload: {
                    toStageId: stage,
                    filters: { taskIds: items.map(({ task }) => task) },
                    options: changes
                  }
                }),
                ({ data }) => ({ _tag: "Count", done: data.modifiedCount.modified }) as const
              ),
            readBack: (items) => Effect.forEach(items, finding, { concurrency: 4 }),
            readsBack: false,
            toValue: (item) => item,
            codec: rowCodec(Requeued)
          },
          tasks,
          options
        )
      )
    ).pipe(Stream.withSpan("Tasks.requeueMany"))
  }

  // The overloads say that what is only iterable cannot fail, which the one implementation cannot.
  return requeueMany as TaskRequeueMethods["requeueMany"]
}
