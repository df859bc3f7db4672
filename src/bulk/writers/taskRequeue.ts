// The bulk requeue of the service `Tasks`: moves tasks to a stage by their ids.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ProjectsApi } from "../../api/projects.js"
import { TasksApi } from "../../api/tasks.js"
import { warnPluginStage } from "../../filters/pluginStage.js"
import type { RequeueChanges } from "../../filters/taskSelection.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { fromInput, type IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { type BulkOptions, bulkOptionFields } from "../engine/bulkOptions.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import { type ReadBack, rowCodec, type Writer } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { TaskRowError, TaskRowsError, TaskWriterError } from "./taskErrors.js"

/**
 * A task that was moved, and its new stage.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequeuedTask {
  readonly task: TaskId
  readonly stage: StageId
}

/**
 * The options of a bulk requeue.
 *
 * @category options
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
   * Moves tasks to a stage by their ids (`POST /project/{projectId}/requeueTasks`), any number of tasks with one outcome per
   * task, `Updated` if it was moved. If the hub moves fewer tasks than were sent, or its response is lost, each task is
   * read (`GET /task/{taskId}`). A task that is not in the stage is sent again up to two times if the hub moved too few,
   * and is `Failed` and `retryable` if the response was lost. A task that is in the stage is `Updated`, but `Unknown`
   * when you also asked to remove annotations, the assignee or the history, because no read shows that. To select tasks
   * by conditions, use `requeue`. In a Plugin stage the plugin does not run for these tasks, which a warning in the log
   * says; see there.
   *
   * The other options are those of every bulk write (`chunk`, `concurrency`, `ledger`, `onSummary`). The stream fails, after the outcomes of the rows so far, with an invalid option (`InvalidRequest`), a
   * rejected key, a missing project, a ledger that cannot be written, five transient failures of requests in succession,
   * or fifty rejected rows in succession.
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

const operation = TasksApi.operations.requeue

const Options = Schema.typeSchema(
  Schema.Struct({ ...bulkOptionFields, project: ProjectId, toStage: StageId })
)

const Requeued = Schema.Struct({ task: TaskId, stage: StageId })

const validateRow = rowValidation(operation, Requeued)

const makeWriter = (
  { tasks: client }: GroupClient<typeof TasksApi | typeof ProjectsApi>,
  projectId: IdInput<ProjectId>,
  { removeAnnotations, removeAssignee, removeStageHistory, toStage }: RequeueManyOptions
): Writer<IdInput<TaskId>, RequeuedTask, RequeuedTask, TaskWriterError> => {
  const stage = fromInput<StageId>(toStage)
  const changes = omitUndefined({ removeAnnotations, removeAssignee, removeStageHistory })
  const removals = Object.entries(changes).flatMap(([name, isRemoved]) => (isRemoved === true ? name : []))

  const readTask = (item: RequeuedTask) =>
    client.get({ path: { taskId: item.task }, urlParams: { includeAnswer: false } }).pipe(
      Effect.map(({ data }): ReadBack<RequeuedTask> => {
        if (data.task.stage !== stage) return { _tag: "Absent" }
        return removals.length === 0
          ? { _tag: "Present", value: item }
          : {
              _tag: "Undecidable",
              why: "the task is in the stage, possibly from before, and no read shows what was removed."
            }
      }),
      Effect.catchTag("NotFound", () => Effect.succeed<ReadBack<RequeuedTask>>({ _tag: "Absent" }))
    )

  return {
    operation,
    name: `${operation.name} of project ${projectId} to stage ${[stage, ...removals.toSorted()].join(", ")}`,
    outcome: "Updated",
    input: {
      keyOf: (task) => task,
      isUnique: true,
      toItem: (task) => validateRow({ task, stage })
    },
    request: {
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
          ({ data }) => ({ _tag: "Count", written: data.modifiedCount.modified }) as const
        )
    },
    readBack: {
      read: (items) => Effect.forEach(items, readTask, { concurrency: 4 }),
      afterSuccess: false
    },
    value: { of: (item) => item, codec: rowCodec(Requeued) }
  }
}

/** Makes `Tasks.requeueMany`. */
export const makeRequeueMany = (
  client: GroupClient<typeof TasksApi | typeof ProjectsApi>
): TaskRequeueMethods["requeueMany"] => {
  const requeueMany = <E, R>(
    projectId: IdInput<ProjectId>,
    tasks: Rows<IdInput<TaskId>, E, R>,
    options: RequeueManyOptions
  ): Stream.Stream<RowOutcome<RequeuedTask, TaskRowError>, E | TaskRowsError, R> =>
    Stream.unwrap(
      validateInput(operation, Options, omitUndefined({ ...options, project: projectId })).pipe(
        Effect.zipRight(warnPluginStage(operation, client, projectId, options.toStage)),
        Effect.as(write(makeWriter(client, projectId, options), tasks, options))
      )
    ).pipe(Stream.withSpan("Tasks.requeueMany"))

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return requeueMany as TaskRequeueMethods["requeueMany"]
}
