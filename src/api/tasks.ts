/**
 * The task endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Email } from "../schemas/Email.js"
import { BatchId, ProjectId, StageId, TaskHistoryId, TaskId } from "../schemas/ids.js"
import { LabelTask } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { Priority } from "../schemas/Priority.js"
import {
  BenchmarkChange,
  RequeueOptions,
  RequeueResult,
  TaskAssignment,
  TaskReview,
  TaskSelection
} from "../schemas/TaskChange.js"
import { TaskHistory } from "../schemas/TaskHistory.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, undocumented } from "./envelope.js"
import { alsoRead } from "./payloadVariant.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"
import { listOf } from "./rowList.js"

/**
 * T1. The parameters are in the order of the SDK. The SDK sends `filter` where the documents name `filters`
 * (docs/api-notes.md#filter-parameter), and `status[eq]` where they name `status` (#status-filter).
 */
const list = endpoint.get("list", "/project/:projectId/tasks", {
  repeat: safe,
  schemas: () => ({
    path: { projectId: ProjectId },
    query: {
      ...Query.paging,
      fields: Query.optional(Query.CommaList),
      includeAnswer: Query.optional(Query.OnlyTrue),
      filter: Query.optional(Query.JsonObject),
      filters: Query.optional(Query.JsonObject),
      "status[eq]": Query.optional(Schema.String),
      status: Query.optional(Schema.String),
      batches: Query.optional(Query.JsonList),
      stage: Query.optional(Schema.String),
      assignee: Query.optional(Schema.String),
      sort: Query.optional(Query.Sort)
    },
    ...listOf("tasks", LabelTask),
    errors: [BadRequest, NotFound]
  })
})

/**
 * T2. Clients read the answer from the responses to `includeAnswer=False` and to no parameter: only `false` to the
 * letter omits it (docs/api-notes.md#include-answer).
 */
const get = endpoint.get("get", "/task/:taskId", {
  repeat: safe,
  schemas: () => ({
    path: { taskId: TaskId },
    query: { includeAnswer: Query.optional(Query.AllButFalse) },
    success: success({ task: LabelTask }),
    errors: [BadRequest, NotFound]
  })
})

/** T4. */
const history = endpoint.get("history", "/task/:taskId/history", {
  repeat: safe,
  schemas: () => ({
    path: { taskId: TaskId },
    success: success({ taskHistory: TaskHistory }),
    errors: [BadRequest, NotFound]
  })
})

/** T5. The SDK passes the id of a history item, the old documents a task id (docs/api-notes.md#history-shape). */
const historyItem = endpoint.get("historyItem", "/taskHistory/:historyId", {
  repeat: safe,
  schemas: () => ({
    path: { historyId: TaskHistoryId },
    success: success({ taskHistory: TaskHistory }),
    errors: [BadRequest, NotFound]
  })
})

// The bodies of the SDK 1.0: one task, and an e-mail address or the id of a user (docs/api-notes.md#assign-tasks).
const oneTask = () =>
  Schema.Struct({
    task: TaskId,
    user: Open.maybe(Schema.String),
    username: Open.maybe(Schema.String)
  })

/**
 * T3. The response is not documented, nor what a missing `user` means (docs/api-notes.md#unassigning): the emulator
 * unassigns the task if `user` is missing or empty.
 */
const assign = endpoint.post("assign", "/task/assign", {
  repeat: idempotent("tasks.get", "the assignee of the task"),
  schemas: () => ({
    payload: alsoRead(
      Schema.Struct({
        ...TaskAssignment.fields,
        user: Query.optional(alsoRead(Email, Schema.NullOr(Schema.Literal(""))))
      }),
      oneTask()
    ),
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

// The SDK sends batch ids; an older sample in the documents has names.
const selection = () =>
  Schema.Struct({
    ...TaskSelection.fields,
    batches: Query.optional(alsoRead(Schema.Array(BatchId), Schema.Array(Schema.String)))
  })

/**
 * The options of the SDK; also decoded under the names of an older sample in the documents
 * (docs/api-notes.md#requeue-options).
 */
const options = () =>
  Schema.transform(
    Schema.Struct({
      ...RequeueOptions.fields,
      resetAnswer: Query.optional(Schema.Boolean),
      unassign: Query.optional(Schema.Boolean)
    }),
    Schema.typeSchema(RequeueOptions),
    {
      strict: true,
      decode: ({ resetAnswer, unassign, ...options }) => ({
        ...(resetAnswer === undefined ? {} : { removeAnnotations: resetAnswer }),
        ...(unassign === undefined ? {} : { removeAssignee: unassign }),
        ...options
      }),
      encode: (options) => options
    }
  )

/** T6. The SDK sends `filters` and `options` even when they are empty. */
const requeue = endpoint.post("requeue", "/project/:projectId/requeueTasks", {
  repeat: never("tasks.list", "the stage of the tasks"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: Schema.Struct({
      toStageId: StageId,
      filters: Query.optional(selection()),
      options: Query.optional(options())
    }),
    success: success({ modifiedCount: RequeueResult }),
    errors: [BadRequest, NotFound]
  })
})

/** T7. Every source omits the fields of `result` (docs/api-notes.md#priority-result). */
const updatePriority = endpoint.post("updatePriority", "/project/:projectId/updatePriority", {
  repeat: idempotent("tasks.list", "the priority of the tasks"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: Schema.Struct({ priority: Priority, filters: Query.optional(selection()) }),
    success: success({ result: Open.maybe(Open.jsonObject) }),
    errors: [BadRequest, NotFound]
  })
})

/** T9. The response is not documented. */
const review = endpoint.post("review", "/review/:taskId", {
  repeat: never("tasks.history", "a review that was just made"),
  schemas: () => ({
    path: { taskId: TaskId },
    payload: TaskReview,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/** T10. The response is not documented (docs/api-notes.md#benchmark-tasks). */
const setBenchmark = endpoint.post("setBenchmark", "/project/:projectId/benchmark-tasks", {
  repeat: idempotent("tasks.get", "isBenchmark of the tasks"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: BenchmarkChange,
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const TasksApi = endpoint.group("tasks", [
  list,
  get,
  history,
  historyItem,
  assign,
  requeue,
  updatePriority,
  review,
  setBenchmark
])
