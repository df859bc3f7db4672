/**
 * Tasks: read, list and stream them, read their history; assign, requeue, prioritise and review them; select benchmark
 * tasks.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { BatchesApi } from "../api/batches.js"
import { ProjectsApi } from "../api/projects.js"
import { TasksApi } from "../api/tasks.js"
import {
  type AssignedTasks,
  makeTaskAssignment,
  type TaskAssignmentMethods
} from "../bulk/writers/taskAssignment.js"
import { makeRequeueMany, type TaskRequeueMethods } from "../bulk/writers/taskRequeue.js"
import type {
  CallError,
  FilterNotApplied,
  ListError,
  ListTooLong,
  UnknownBatch
} from "../errors/AngoError.js"
import { findConditionBatches } from "../filters/batchNames.js"
import { warnPluginStage } from "../filters/pluginStage.js"
import {
  batchesOf,
  checkTaskFilter,
  TaskConditions,
  type TaskFilter,
  type TaskPageOptions,
  toTaskQuery,
  toTaskRowConditions,
  warnUnknownTaskValues,
  withTimeFields
} from "../filters/taskQuery.js"
import {
  conditionsWithoutBatches,
  type RequeueChanges,
  resolveSelection,
  type SelectionOptions,
  type StageTasks,
  toStagePayload,
  validateSelection
} from "../filters/taskSelection.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { makeListMethods, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
import {
  fromInput,
  type IdInput,
  type ProjectId,
  StageId,
  type TaskHistoryId,
  type TaskId
} from "../schemas/ids.js"
import type { LabelTask } from "../schemas/LabelTask.js"
import { Priority } from "../schemas/Priority.js"
import { type RequeueResult, type ReviewVerdict, TaskSelection } from "../schemas/TaskChange.js"
import type { TaskHistory, TaskHistoryItem } from "../schemas/TaskHistory.js"
import { omitUndefined } from "../utils/omitUndefined.js"

export type {
  BatchCondition,
  BatchRule,
  NumberCondition,
  NumberRange,
  TextCondition,
  TextRule
} from "../filters/conditions.js"
export type { TaskFilter, TaskPageOptions, TaskSort } from "../filters/taskQuery.js"
export type {
  RequeueChanges,
  SelectionFilters,
  SelectionOptions,
  StageTasks
} from "../filters/taskSelection.js"

/**
 * The methods of {@link Tasks}.
 *
 * @category services
 * @since 0.1.0
 */
export interface TasksService extends TaskAssignmentMethods, TaskRequeueMethods {
  /**
   * Reads one task (`GET /task/{taskId}`), without its answer unless `includeAnswer` is true. Fails with `NotFound`
   * if it does not exist.
   */
  readonly get: (
    taskId: IdInput<TaskId>,
    options?: { readonly includeAnswer?: boolean | undefined }
  ) => Effect.Effect<LabelTask, CallError>

  /**
   * Reads one page of a project's tasks (`GET /project/{projectId}/tasks`), newest first unless `sort` is given. Like
   * all lists of tasks, it fails with `UnknownBatch` if a batch of the filter does not exist, and with
   * `InvalidRequest` before any request if a condition is invalid.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & TaskPageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<LabelTask, Policy>>, CallError | FilterNotApplied | UnknownBatch>

  /**
   * Streams all tasks of a project page by page (`GET /project/{projectId}/tasks`), oldest first, each task once.
   * Pages are requested ahead (`prefetch`). If the list changed during the scan, ranges that may be incomplete are
   * read again. Fails with `IncompleteListing` if tasks may still be missing.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<LabelTask, Policy>>, ListError | UnknownBatch>

  /**
   * Streams all tasks of a project one by one, oldest first; like {@link TasksService.pages}.
   *
   * @example
   * ```ts
   * import { Tasks } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const completed = Effect.gen(function*() {
   *   const tasks = yield* Tasks
   *   return yield* tasks.stream("65aa0000000000000000a001", { status: "Completed" }).pipe(Stream.runCount)
   * })
   * ```
   */
  readonly stream: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.Row<LabelTask, Policy>, ListError | UnknownBatch>

  /**
   * Collects all tasks of a project in an array, oldest first. Fails with `ListTooLong` as soon as the first response
   * shows that there are more than `limit` tasks.
   */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options: TaskFilter & List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<LabelTask, Policy>>, ListError | ListTooLong | UnknownBatch>

  /**
   * Reads the history of a task: one item per event (`GET /task/{taskId}/history`).
   */
  readonly history: (taskId: IdInput<TaskId>) => Effect.Effect<ReadonlyArray<TaskHistoryItem>, CallError>

  /**
   * Reads one history item by its own id (`GET /taskHistory/{id}`). Returns an array: older documentation treats the id
   * as a task id, and a hub that does so returns all history items of that task.
   */
  readonly historyItem: (
    historyId: IdInput<TaskHistoryId>
  ) => Effect.Effect<ReadonlyArray<TaskHistoryItem>, CallError>

  /**
   * Assigns tasks of one stage to a user (`POST /task/assign`), in one request; `assignMany` reports an outcome per
   * task. `user` is an e-mail address. Fails with `NotFound` if the project or a task does not exist.
   *
   * @example
   * ```ts
   * import { Tasks } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const assigned = Effect.flatMap(Tasks, (tasks) =>
   *   tasks.assign("65aa0000000000000000a001", {
   *     tasks: ["65aa0000000000000000b001"],
   *     stage: "Label",
   *     user: "lab@example.com"
   *   })
   * )
   * ```
   */
  readonly assign: (
    projectId: IdInput<ProjectId>,
    options: StageTasks & { readonly user: string }
  ) => Effect.Effect<void, CallError>

  /**
   * Removes the assignees of tasks of one stage (`POST /task/assign` without a user).
   *
   * @remarks undocumented: we assume that a request without a user removes the assignee.
   */
  readonly unassign: (projectId: IdInput<ProjectId>, options: StageTasks) => Effect.Effect<void, CallError>

  /**
   * Moves the selected tasks to a stage (`POST /project/{projectId}/requeueTasks`), in one request, and returns how
   * many were moved. The selection needs a condition, or `all: true` for every task of the project. An empty list of
   * values fails with `InvalidRequest`, because the API would ignore it and move every task. Fails with `BadRequest` if
   * the stage does not exist, and with `UnknownBatch` if a batch does not.
   *
   * In a Plugin stage the plugin does not run for these tasks: they wait until somebody chooses Re-Run in the settings
   * of the stage. A warning in the log says so. For that, the project is read first (`GET /project/{projectId}`) unless
   * the stage is a default one (`Start`, `Label`, `Complete`).
   *
   * @example
   * ```ts
   * import { Tasks } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const requeued = Effect.flatMap(Tasks, (tasks) =>
   *   tasks.requeue("65aa0000000000000000a001", {
   *     toStage: "Label",
   *     filters: { fromStageIds: ["Complete"], externalIds: ["tom.jpg"] },
   *     removeAssignee: true
   *   })
   * )
   * ```
   */
  readonly requeue: (
    projectId: IdInput<ProjectId>,
    options: SelectionOptions & RequeueChanges & { readonly toStage: IdInput<StageId> }
  ) => Effect.Effect<RequeueResult, CallError | UnknownBatch>

  /**
   * Sets the priority of the selected tasks (`POST /project/{projectId}/updatePriority`): a whole number from -1000 to
   * 1000, higher first. The selection is that of {@link TasksService.requeue}. Works in projects with the dynamic queue
   * (`queueVersion` 2). Returns the API's result, whose fields are undocumented.
   */
  readonly updatePriority: (
    projectId: IdInput<ProjectId>,
    options: SelectionOptions & { readonly priority: number }
  ) => Effect.Effect<Readonly<Record<string, unknown>>, CallError | UnknownBatch>

  /**
   * Sets the review status of a task (`POST /review/{taskId}`): `Accepted` or `Rejected`. The API also accepts `Todo`
   * and `Fixed`, and does not document what they change. `pctDetails` is for 3D projects and sent unchanged. Fails with `NotFound` if the task does not
   * exist.
   */
  readonly review: (
    taskId: IdInput<TaskId>,
    options: {
      readonly status: ReviewVerdict
      readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
    }
  ) => Effect.Effect<void, CallError>

  /**
   * Makes tasks of a project benchmark tasks (`POST /project/{projectId}/benchmark-tasks`), or default tasks again with
   * `isBenchmark: false`, in one request. `Projects.update` has the settings of benchmarks. Fails with `InvalidRequest`
   * before any request without a task.
   *
   * @example
   * ```ts
   * import { Tasks } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const selected = Effect.flatMap(Tasks, (tasks) =>
   *   tasks.setBenchmark("65aa0000000000000000a001", { tasks: ["65aa0000000000000000b001"] })
   * )
   * ```
   *
   * @remarks undocumented: the response, the error for an unknown task (`NotFound` on the embedded hub, and no task is
   * changed), and that `isBenchmark` and `type` of the task change.
   */
  readonly setBenchmark: (
    projectId: IdInput<ProjectId>,
    options: {
      readonly tasks: ReadonlyArray<IdInput<TaskId>>
      /** Default true. */
      readonly isBenchmark?: boolean | undefined
    }
  ) => Effect.Effect<void, CallError>
}

// Validated before batches are looked up, and therefore without them.
const filters = TaskSelection.omit("batches")
const RequeueInput = Schema.typeSchema(Schema.Struct({ toStageId: StageId, filters }))
const PriorityInput = Schema.typeSchema(Schema.Struct({ priority: Priority, filters }))

const toArray = (history: TaskHistory): ReadonlyArray<TaskHistoryItem> =>
  "id" in history ? [history] : history

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<TasksService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const clients = (yield* AngoClient).use(TasksApi, BatchesApi, ProjectsApi)
  const { budget, lists, tasks: client } = clients
  const { pageSize } = yield* AngoConfig

  const operation = TasksApi.operations.list
  const source = (
    projectId: IdInput<ProjectId>,
    filter: TaskFilter,
    sort: string | undefined
  ): Effect.Effect<Source<LabelTask, FilterNotApplied>, CallError | UnknownBatch> =>
    validateInput(operation, TaskConditions, filter, () => checkTaskFilter(filter)).pipe(
      Effect.zipRight(warnUnknownTaskValues(operation, filter)),
      Effect.zipRight(
        findConditionBatches(operation, clients, projectId, batchesOf(filter), "tasks of every batch")
      ),
      Effect.map((batches = []) => {
        const query = toTaskQuery(
          filter,
          batches.map(({ id }) => id)
        )
        return {
          fetchPage: (page, limit) =>
            lists.tasks.ask({
              path: { projectId: fromInput(projectId) },
              urlParams: { page, limit, ...query, ...omitUndefined({ sort }) }
            }),
          decode: lists.tasks.decode,
          membershipChanges: query.filter !== undefined,
          check: makeRowCheck(operation, toTaskRowConditions(query, filter.filter, batches)),
          key: [projectId, query]
        }
      })
    )

  const methods = makeListMethods<
    IdInput<ProjectId>,
    TaskFilter,
    LabelTask,
    CallError | UnknownBatch,
    FilterNotApplied
  >(
    { service: "Tasks", operation, pageSize, budget },
    {
      page: (projectId, options) => source(projectId, options, options.sort),
      all: (projectId, filter) =>
        source(projectId, { ...filter, fields: withTimeFields(filter.fields) }, List.oldestFirst)
    }
  )

  const assignedTasks: AssignedTasks = (projectId, conditions) =>
    methods.stream(projectId, { ...conditions, fields: ["stage", "assignee"], includeAnswer: false })

  return {
    get: Effect.fn("Tasks.get")(function* (taskId, options) {
      const { data } = yield* client.get({
        path: { taskId: fromInput(taskId) },
        urlParams: { includeAnswer: options?.includeAnswer ?? false }
      })
      return data.task
    }),

    ...methods,

    history: Effect.fn("Tasks.history")(function* (taskId) {
      const { data } = yield* client.history({ path: { taskId: fromInput(taskId) } })
      return toArray(data.taskHistory)
    }),

    historyItem: Effect.fn("Tasks.historyItem")(function* (historyId) {
      const { data } = yield* client.historyItem({ path: { historyId: fromInput(historyId) } })
      return toArray(data.taskHistory)
    }),

    assign: Effect.fn("Tasks.assign")(function* (projectId, options) {
      yield* client.assign({ payload: { ...toStagePayload(projectId, options), user: options.user } })
    }),

    unassign: Effect.fn("Tasks.unassign")(function* (projectId, options) {
      yield* client.assign({ payload: toStagePayload(projectId, options) })
    }),

    requeue: Effect.fn("Tasks.requeue")(function* (projectId, options) {
      const operation = TasksApi.operations.requeue
      const { removeAnnotations, removeAssignee, removeStageHistory, toStage } = options
      yield* validateSelection(operation, options, "be moved")
      const { toStageId } = yield* validateInput(operation, RequeueInput, {
        toStageId: toStage,
        filters: conditionsWithoutBatches(options)
      })
      const filters = yield* resolveSelection(operation, clients, projectId, options)
      yield* warnPluginStage(operation, clients, projectId, toStageId)
      const { data } = yield* client.requeue({
        path: { projectId: fromInput(projectId) },
        payload: {
          toStageId,
          filters,
          options: omitUndefined({ removeAnnotations, removeAssignee, removeStageHistory })
        }
      })
      return data.modifiedCount
    }),

    updatePriority: Effect.fn("Tasks.updatePriority")(function* (projectId, options) {
      const operation = TasksApi.operations.updatePriority
      yield* validateSelection(operation, options, "get this priority")
      const { priority } = yield* validateInput(operation, PriorityInput, {
        priority: options.priority,
        filters: conditionsWithoutBatches(options)
      })
      const { data } = yield* client.updatePriority({
        path: { projectId: fromInput(projectId) },
        payload: { priority, filters: yield* resolveSelection(operation, clients, projectId, options) }
      })
      return data.result ?? {}
    }),

    review: Effect.fn("Tasks.review")(function* (taskId, { pctDetails, status }) {
      yield* client.review({
        path: { taskId: fromInput(taskId) },
        payload: { reviewStatus: status, ...(pctDetails === undefined ? {} : { pctDetails }) }
      })
    }),

    setBenchmark: Effect.fn("Tasks.setBenchmark")(function* (projectId, { isBenchmark = true, tasks }) {
      yield* client.setBenchmark({
        path: { projectId: fromInput(projectId) },
        payload: { tasks: tasks.map(fromInput<TaskId>), isBenchmark }
      })
    }),

    ...makeTaskAssignment(clients, assignedTasks),
    requeueMany: makeRequeueMany(clients)
  }
})

/**
 * The tasks of a project: read, list, assign, requeue, prioritise and review them.
 *
 * @category services
 * @since 0.1.0
 */
export class Tasks extends Context.Tag("effect-ango/Tasks")<Tasks, TasksService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Tasks, never, AngoClient | AngoConfig> = Layer.effect(Tasks, make)
}
