/**
 * Label tasks: read one, list them, stream them all, see their history; assign, requeue, prioritise, review them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import { makeTaskAssignment, type TasksOf } from "../bulk/writers/taskAssignment.js"
import { makeRequeueMany } from "../bulk/writers/taskRequeue.js"
import type { TaskRows } from "../bulk/writers/taskWriteTypes.js"
import type { CallError, ListError, ListTooLong, UnknownBatch } from "../errors/AngoError.js"
import { condition } from "../filters/batchFilter.js"
import {
  Conditions,
  isSelective,
  problemOf,
  query,
  type TaskFilter,
  type TaskPageOptions,
  warnOf,
  withInstants
} from "../filters/taskQuery.js"
import type { RequeueChanges, SelectionOptions, StageTasks } from "../filters/taskSelection.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { listing, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import {
  fromInput,
  type IdInput,
  type ProjectId,
  type StageId,
  type TaskHistoryId,
  type TaskId
} from "../schemas/ids.js"
import type { LabelTask } from "../schemas/LabelTask.js"
import type { RequeueResult, ReviewVerdict } from "../schemas/TaskChange.js"
import type { TaskHistory, TaskHistoryItem } from "../schemas/TaskHistory.js"
import { omitUndefined } from "../utils/omitUndefined.js"
import { makeTaskChanges } from "./taskChanges.js"

export type { PriorityRange, TaskFilter, TaskPageOptions, TaskSort } from "../filters/taskQuery.js"
export type {
  RequeueChanges,
  SelectionFilters,
  SelectionOptions,
  StageTasks
} from "../filters/taskSelection.js"

/** @since 0.1.0 */
export interface TasksService extends TaskRows {
  /**
   * One task by its id (`GET /task/{taskId}`). Fails with `NotFound` when there is none.
   */
  readonly get: (
    taskId: IdInput<TaskId>,
    options?: { readonly includeAnswer?: boolean | undefined }
  ) => Effect.Effect<LabelTask, CallError>

  /**
   * One page of a project's tasks (`GET /project/{projectId}/tasks`), newest first unless sorted otherwise. Fails
   * with `UnknownBatch` when the project has no such batch, as all lists of tasks do.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & TaskPageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<LabelTask, Policy>>, CallError | UnknownBatch>

  /**
   * All tasks of a project, page by page, oldest first. Every task comes once; the stream ends in
   * `IncompleteListing` when the list, changed by others meanwhile, cannot be shown to be whole.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<LabelTask, Policy>>, ListError | UnknownBatch>

  /**
   * All tasks of a project, one by one, oldest first; as {@link TasksService.pages} otherwise.
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
   * All tasks of a project in an array of at most `limit`; a longer list fails with `ListTooLong` and is not
   * read.
   */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options: TaskFilter & List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<LabelTask, Policy>>, ListError | ListTooLong | UnknownBatch>

  /**
   * What happened to a task, item by item (`GET /task/{taskId}/history`).
   */
  readonly history: (taskId: IdInput<TaskId>) => Effect.Effect<ReadonlyArray<TaskHistoryItem>, CallError>

  /**
   * One history item by its own id (`GET /taskHistory/{id}`). Old documents call that id the task's: a hub that
   * reads it so answers with the task's items, hence an array.
   */
  readonly historyItem: (
    historyId: IdInput<TaskHistoryId>
  ) => Effect.Effect<ReadonlyArray<TaskHistoryItem>, CallError>

  /**
   * Assigns tasks of one stage to a person (`POST /task/assign`). `user` is an e-mail address. Fails with
   * `NotFound` when there is no such project or task.
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
   * Takes tasks of one stage from whoever has them (`POST /task/assign` without a user).
   *
   * @remarks undocumented: no document says what the hub does without a user; that it un-assigns is derived.
   */
  readonly unassign: (projectId: IdInput<ProjectId>, options: StageTasks) => Effect.Effect<void, CallError>

  /**
   * Moves the tasks that meet conditions to a stage (`POST /project/{projectId}/requeueTasks`), in one request. Needs a condition, or `all: true` to move
   * every task of the project; a list without values is refused, since to the hub it is no condition. Answers how
   * many were moved. Fails with `BadRequest` when there is no such stage.
   *
   * @example
   * ```ts
   * import { Tasks } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const again = Effect.flatMap(Tasks, (tasks) =>
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
   * Gives tasks a place in the queue (`POST /project/{projectId}/updatePriority`): a whole number of -1000 to 1000,
   * higher first. Selects tasks as {@link TasksService.requeue} does. Works for projects with the
   * dynamic queue (`queueVersion` 2). Answers what the hub tells of it, whose fields no document names.
   */
  readonly updatePriority: (
    projectId: IdInput<ProjectId>,
    options: SelectionOptions & { readonly priority: number }
  ) => Effect.Effect<Readonly<Record<string, unknown>>, CallError | UnknownBatch>

  /**
   * Gives a verdict on a task (`POST /review/{taskId}`): `Accepted` or `Rejected`; the hub also knows `Todo` and
   * `Fixed`. `pctDetails` is for 3D projects and sent as it is. Fails with `NotFound` when there is no such task.
   */
  readonly review: (
    taskId: IdInput<TaskId>,
    options: {
      readonly status: ReviewVerdict
      readonly pctDetails?: Readonly<Record<string, unknown>> | undefined
    }
  ) => Effect.Effect<void, CallError>
}

const toArray = (history: TaskHistory): ReadonlyArray<TaskHistoryItem> =>
  "id" in history ? [history] : history

/** @since 0.1.0 */
export const make: Effect.Effect<TasksService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const clients = yield* AngoClient
  const { budget, lists, tasks: client } = clients
  const { pageSize } = yield* AngoConfig

  const operation = operations["tasks.list"]
  const list = listing({ service: "Tasks", operation, pageSize, budget })

  // A list of tasks, once the batches are known by their ids.
  const source = (
    projectId: IdInput<ProjectId>,
    filter: TaskFilter,
    sort: string | undefined
  ): Effect.Effect<Source<LabelTask>, CallError | UnknownBatch> =>
    validateInput(operation, Conditions, filter, () => problemOf(filter)).pipe(
      Effect.zipRight(warnOf(operation, filter)),
      Effect.zipRight(condition(operation, clients, projectId, filter.batches, "tasks of every batch")),
      Effect.map((batches) => {
        const conditions = query({ ...filter, batches })
        return {
          ask: (page, limit) =>
            lists.tasks.ask({
              path: { projectId: fromInput(projectId) },
              urlParams: { page, limit, ...conditions, ...omitUndefined({ sort }) }
            }),
          decode: lists.tasks.decode,
          changes: isSelective(conditions),
          of: [projectId, conditions]
        }
      })
    )

  const whole = <Policy extends List.RowPolicy>(
    projectId: IdInput<ProjectId>,
    options: TaskFilter & List.ListOptions<Policy>
  ) =>
    Effect.zipRight(
      validateInput(operation, List.Listing, options),
      source(projectId, { ...options, fields: withInstants(options.fields) }, List.oldestFirst)
    )

  const tasksOf: TasksOf = (projectId, conditions) =>
    Stream.unwrap(
      Effect.map(whole(projectId, { ...conditions, fields: [], includeAnswer: false }), (all) =>
        list.stream(all, {})
      )
    )

  return {
    get: Effect.fn("Tasks.get")(function* (taskId, options) {
      const { data } = yield* client.get({
        path: { taskId: fromInput(taskId) },
        urlParams: { includeAnswer: options?.includeAnswer ?? false }
      })
      return data.task
    }),

    page: (projectId, options = {}) =>
      validateInput(operation, List.Paging, options).pipe(
        Effect.zipRight(source(projectId, options, options.sort)),
        Effect.flatMap((some) => list.page(some, options))
      ),
    pages: (projectId, options = {}) =>
      Stream.unwrap(Effect.map(whole(projectId, options), (all) => list.pages(all, options))),
    stream: (projectId, options = {}) =>
      Stream.unwrap(Effect.map(whole(projectId, options), (all) => list.stream(all, options))),
    collect: (projectId, options) =>
      Effect.flatMap(whole(projectId, options), (all) => list.collect(all, options)),

    history: Effect.fn("Tasks.history")(function* (taskId) {
      const { data } = yield* client.history({ path: { taskId: fromInput(taskId) } })
      return toArray(data.taskHistory)
    }),

    historyItem: Effect.fn("Tasks.historyItem")(function* (historyId) {
      const { data } = yield* client.historyItem({ path: { historyId: fromInput(historyId) } })
      return toArray(data.taskHistory)
    }),

    ...makeTaskChanges(clients),
    ...makeTaskAssignment(clients, tasksOf),
    requeueMany: makeRequeueMany(clients)
  }
})

/**
 * The tasks of Ango Hub.
 *
 * @since 0.1.0
 */
export class Tasks extends Context.Tag("effect-ango/Tasks")<Tasks, TasksService>() {
  static readonly layer: Layer.Layer<Tasks, never, AngoClient | AngoConfig> = Layer.effect(Tasks, make)
}
