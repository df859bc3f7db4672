/**
 * What managers do to many tasks, task by task: the bulk writes of the service `Tasks`.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CallError, ListError, RowRejected, UnknownBatch } from "../../errors/AngoError.js"
import type { RequeueChanges } from "../../filters/taskSelection.js"
import type { IdInput, ProjectId, StageId, TaskId } from "../../schemas/ids.js"
import type * as Plan from "../AssignmentPlan.js"
import type { BulkOptions, RowError, Stop } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"

/**
 * A task that was given to somebody.
 *
 * @since 0.1.0
 */
export interface AssignedTask {
  readonly task: TaskId
  readonly user: string
}

/**
 * A task that was moved to a stage.
 *
 * @since 0.1.0
 */
export interface RequeuedTask {
  readonly task: TaskId
  readonly stage: StageId
}

/** What these writes know beside what every bulk write does. */
export type TaskOwn = ListError | RowRejected | UnknownBatch

/**
 * What one task of `Tasks.assignMany` or `Tasks.requeueMany` can fail with.
 *
 * @since 0.1.0
 */
export type TaskRowError = RowError<TaskOwn>

/**
 * What ends one of them as a whole.
 *
 * @since 0.1.0
 */
export type TaskRowsError = Stop<TaskOwn>

/**
 * Who gets tasks, and by which measure.
 *
 * @since 0.1.0
 */
export interface AssignmentOptions {
  /**
   * At least one, each once. E-mail addresses: all get equally many, but for one. With weights: each
   * gets their part of all tasks, to the task; what is left over goes to those with the largest remainders.
   */
  readonly members: ReadonlyArray<string> | ReadonlyArray<Plan.WeightedMember>
}

/**
 * How tasks are assigned.
 *
 * @since 0.1.0
 */
export interface AssignManyOptions extends BulkOptions {
  /** The stage that the tasks are in, and that their assignees will work on. */
  readonly stage: IdInput<StageId>
}

/**
 * How tasks are requeued.
 *
 * @since 0.1.0
 */
export interface RequeueManyOptions extends BulkOptions, RequeueChanges {
  readonly toStage: IdInput<StageId>
}

/** @since 0.1.0 */
export interface TaskRows {
  /**
   * Who is to get which of these tasks: sends nothing, and gives the same plan for the same input. Tasks are dealt out
   * in turn, in their order, each once. An address that is none, one that stands there twice, or no member at all is an
   * `InvalidRequest`. Print the plan (`AssignmentPlan.format`), and give it to {@link TaskRows.assignMany}.
   */
  readonly planAssignment: {
    (
      tasks: Iterable<IdInput<TaskId>>,
      options: AssignmentOptions
    ): Effect.Effect<Plan.AssignmentPlan, CallError>
    <E, R>(
      tasks: Stream.Stream<IdInput<TaskId>, E, R>,
      options: AssignmentOptions
    ): Effect.Effect<Plan.AssignmentPlan, E | CallError, R>
  }

  /**
   * Assigns tasks of one stage as a plan says (`POST /task/assign`), one outcome per task, person by person: `Updated`,
   * or `Skipped` (`exists`) when the person has the task already. It is safe to run again. What a person has is read
   * from the list of their tasks in the stage (`GET /project/{projectId}/tasks`), before each request and after it,
   * since no document says what the hub answers: a task that is not there afterwards, as one of another stage, is
   * `Failed` with `RowLeftOut`. The rest is as in `Assets.importFromCloud`; `chunk` is 1000 by default.
   *
   * @example
   * ```ts
   * import { AssignmentPlan, RowOutcome, Tasks } from "effect-ango"
   * import { Console, Effect, Stream } from "effect"
   *
   * const assigned = Effect.gen(function*() {
   *   const tasks = yield* Tasks
   *   const plan = yield* tasks.planAssignment(["65aa0000000000000000b001", "65aa0000000000000000b002"], {
   *     members: [{ user: "amara@example.com", weight: 2 }, { user: "lab@example.com", weight: 1 }]
   *   })
   *   yield* Console.log(AssignmentPlan.format(plan))
   *   return yield* tasks.assignMany("65aa0000000000000000a001", plan, { stage: "Label" }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly assignMany: (
    projectId: IdInput<ProjectId>,
    plan: Plan.AssignmentPlan,
    options: AssignManyOptions
  ) => Stream.Stream<RowOutcome<AssignedTask, TaskRowError>, TaskRowsError>

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
