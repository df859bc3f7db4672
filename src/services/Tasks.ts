/**
 * Label tasks: read one, list them, stream them all, see their history.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type { CallError, ListError, ListTooLong } from "../AngoError.js"
import { operations } from "../api/Operations.js"
import { listing, oldestFirst, type Page, type PageOptions, type Read } from "../internal/paginate.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import {
  type BatchId,
  fromInput,
  type IdInput,
  type ProjectId,
  type StageId,
  type TaskHistoryId,
  type TaskId
} from "../schemas/Id.js"
import type { LabelTask, TaskStatus } from "../schemas/LabelTask.js"
import type { TaskHistory, TaskHistoryItem } from "../schemas/TaskHistory.js"

/**
 * Which tasks of a project, and how much of each. Conditions combine with AND.
 *
 * @since 0.1.0
 */
export interface TaskFilter {
  /** Sent as `status[eq]`. */
  readonly status?: TaskStatus | undefined
  readonly stage?: IdInput<StageId> | undefined
  /** Batch ids. */
  readonly batches?: ReadonlyArray<IdInput<BatchId>> | undefined
  /** The assignee's e-mail address. */
  readonly assignee?: string | undefined
  /** A task filter as the hub takes it in its `filter` parameter, sent as JSON as it is. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  /**
   * Only these fields of each task. `_id`, `project` and `asset` are always among them, and answers are included
   * unless `includeAnswer` is false: so does the vendor's SDK.
   */
  readonly fields?: ReadonlyArray<string> | undefined
  /** Whether tasks come with their answers; default false. */
  readonly includeAnswer?: boolean | undefined
}

/** @since 0.1.0 */
export interface TasksService {
  /**
   * One task by its id (`GET /task/{taskId}`). Fails with `NotFound` when there is none.
   */
  readonly get: (
    taskId: IdInput<TaskId>,
    options?: { readonly includeAnswer?: boolean | undefined }
  ) => Effect.Effect<LabelTask, CallError>

  /**
   * One page of a project's tasks (`GET /project/{projectId}/tasks`), newest first unless sorted otherwise.
   */
  readonly page: (
    projectId: IdInput<ProjectId>,
    options?: TaskFilter & PageOptions
  ) => Effect.Effect<Page<LabelTask>, CallError>

  /**
   * All tasks of a project, page by page, oldest first. Every task comes once; the stream ends in
   * `IncompleteListing` when the hub's total was not reached.
   */
  readonly pages: (
    projectId: IdInput<ProjectId>,
    filter?: TaskFilter
  ) => Stream.Stream<Page<LabelTask>, ListError>

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
  readonly stream: (projectId: IdInput<ProjectId>, filter?: TaskFilter) => Stream.Stream<LabelTask, ListError>

  /**
   * All tasks of a project in an array of at most `limit`; a longer list fails with `ListTooLong` and is not
   * read.
   */
  readonly collect: (
    projectId: IdInput<ProjectId>,
    options: TaskFilter & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<LabelTask>, ListError | ListTooLong>

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
}

const identifying = ["_id", "project", "asset"]

// The SDK adds the identifying fields and forces answers on; an explicit wish of the caller is kept.
const query = (filter: TaskFilter) => {
  const { assignee, batches, fields, filter: raw, stage, status } = filter
  return {
    ...(fields === undefined ? {} : { fields: [...new Set([...identifying, ...fields])] }),
    includeAnswer: filter.includeAnswer ?? fields !== undefined,
    ...(raw === undefined ? {} : { filter: raw }),
    ...(status === undefined ? {} : { "status[eq]": status }),
    ...(batches === undefined ? {} : { batches }),
    ...(stage === undefined ? {} : { stage }),
    ...(assignee === undefined ? {} : { assignee })
  }
}

const toArray = (history: TaskHistory): ReadonlyArray<TaskHistoryItem> =>
  "id" in history ? [history] : history

/** @since 0.1.0 */
export const make: Effect.Effect<TasksService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { tasks: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig

  const list = listing("Tasks", operations["tasks.list"], pageSize)

  const read =
    (projectId: IdInput<ProjectId>, filter: TaskFilter, sort: string | undefined): Read<LabelTask> =>
    (page, limit) =>
      Effect.map(
        client.list({
          path: { projectId: fromInput(projectId) },
          urlParams: { page, limit, ...query(filter), ...(sort === undefined ? {} : { sort }) }
        }),
        ({ data }) => ({ items: data.tasks, total: data.total })
      )

  return {
    get: Effect.fn("Tasks.get")(function* (taskId, options) {
      const { data } = yield* client.get({
        path: { taskId: fromInput(taskId) },
        urlParams: { includeAnswer: options?.includeAnswer ?? false }
      })
      return data.task
    }),

    page: (projectId, options = {}) => list.page(read(projectId, options, options.sort), options),
    pages: (projectId, filter = {}) => list.pages(read(projectId, filter, oldestFirst)),
    stream: (projectId, filter = {}) => list.stream(read(projectId, filter, oldestFirst)),
    collect: (projectId, { limit, ...filter }) => list.collect(read(projectId, filter, oldestFirst), limit),

    history: Effect.fn("Tasks.history")(function* (taskId) {
      const { data } = yield* client.history({ path: { taskId: fromInput(taskId) } })
      return toArray(data.taskHistory)
    }),

    historyItem: Effect.fn("Tasks.historyItem")(function* (historyId) {
      const { data } = yield* client.historyItem({ path: { historyId: fromInput(historyId) } })
      return toArray(data.taskHistory)
    })
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
