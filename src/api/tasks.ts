/**
 * The task endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Email } from "../schemas/Email.js"
import { BatchId, ProjectId, StageId, TaskHistoryId, TaskId } from "../schemas/ids.js"
import { LabelTask } from "../schemas/LabelTask.js"
import * as Open from "../schemas/open.js"
import { Priority } from "../schemas/Priority.js"
import {
  RequeueOptions,
  RequeueResult,
  TaskAssignment,
  TaskReview,
  TaskSelection
} from "../schemas/TaskChange.js"
import { TaskHistory } from "../schemas/TaskHistory.js"
import { BadRequest, NotFound, success, undocumented } from "./envelope.js"
import { alsoRead } from "./payloadVariant.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, Repeatability, safe } from "./Repeatability.js"
import { listOf, Rows } from "./rowList.js"

const tasks = listOf("tasks", LabelTask)

/**
 * T1 `GET /project/{projectId}/tasks`. Keys in the order in which the SDK writes them. `filter` is what the SDK
 * sends and `filters` what the documents name (docs/api-notes.md#filter-parameter); `status[eq]` likewise against
 * `status` (#status-filter).
 */
const list = HttpApiEndpoint.get("list", "/project/:projectId/tasks")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setUrlParams(
    Schema.Struct({
      ...Query.paging,
      fields: Query.optional(Query.CommaList),
      includeAnswer: Query.optional(Query.Flag),
      filter: Query.optional(Query.JsonObject),
      filters: Query.optional(Query.JsonObject),
      "status[eq]": Query.optional(Schema.String),
      status: Query.optional(Schema.String),
      batches: Query.optional(Query.JsonList),
      stage: Query.optional(Schema.String),
      assignee: Query.optional(Schema.String),
      sort: Query.optional(Query.Sort)
    })
  )
  .addSuccess(tasks.answer)
  .annotate(Rows, tasks.rows)
  .annotate(Repeatability, safe)

/** T2 `GET /task/{taskId}`. */
const get = HttpApiEndpoint.get("get", "/task/:taskId")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .setUrlParams(Schema.Struct({ includeAnswer: Query.optional(Query.Flag) }))
  .addSuccess(success({ task: LabelTask }))
  .annotate(Repeatability, safe)

/** T4 `GET /task/{taskId}/history`. */
const history = HttpApiEndpoint.get("history", "/task/:taskId/history")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .addSuccess(success({ taskHistory: TaskHistory }))
  .annotate(Repeatability, safe)

/**
 * T5 `GET /taskHistory/{id}`: the SDK passes the id of a history item, the old documents a task id
 * (docs/api-notes.md#history-shape).
 */
const historyItem = HttpApiEndpoint.get("historyItem", "/taskHistory/:historyId")
  .setPath(Schema.Struct({ historyId: TaskHistoryId }))
  .addSuccess(success({ taskHistory: TaskHistory }))
  .annotate(Repeatability, safe)

/**
 * T3 `POST /task/assign`. No document says what is answered. `user` is not required there, and nothing says what
 * its absence means (docs/api-notes.md#unassigning): the hub takes it, and an empty one, for nobody.
 */
const assign = HttpApiEndpoint.post("assign", "/task/assign")
  .setPayload(
    Schema.Struct({
      ...TaskAssignment.fields,
      user: Query.optional(alsoRead(Email, Schema.NullOr(Schema.Literal(""))))
    })
  )
  .addSuccess(undocumented)
  .annotate(Repeatability, idempotent("tasks.get", "the assignee of the task"))

// The SDK sends batch ids, an older sample of the documents has names.
const Selection = Schema.Struct({
  ...TaskSelection.fields,
  batches: Query.optional(alsoRead(Schema.Array(BatchId), Schema.Array(Schema.String)))
})

/**
 * The options of the SDK; read as well under the names of an older sample of the documents
 * (docs/api-notes.md#requeue-options).
 */
const Options = Schema.transform(
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

/** T6 `POST /project/{projectId}/requeueTasks`. The SDK sends `filters` and `options` even when they are empty. */
const requeue = HttpApiEndpoint.post("requeue", "/project/:projectId/requeueTasks")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setPayload(
    Schema.Struct({
      toStageId: StageId,
      filters: Query.optional(Selection),
      options: Query.optional(Options)
    })
  )
  .addSuccess(success({ modifiedCount: RequeueResult }))
  .annotate(Repeatability, never("tasks.list", "the stage of the tasks"))

/**
 * T7 `POST /project/{projectId}/updatePriority`. The fields of `result` were cut in every source
 * (docs/api-notes.md#priority-result).
 */
const updatePriority = HttpApiEndpoint.post("updatePriority", "/project/:projectId/updatePriority")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setPayload(Schema.Struct({ priority: Priority, filters: Query.optional(Selection) }))
  .addSuccess(success({ result: Open.maybe(Open.jsonObject) }))
  .annotate(Repeatability, idempotent("tasks.list", "the priority of the tasks"))

/** T9 `POST /review/{taskId}`. No document says what is answered. */
const review = HttpApiEndpoint.post("review", "/review/:taskId")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .setPayload(TaskReview)
  .addSuccess(undocumented)
  .annotate(Repeatability, never("tasks.history", "a review that was just made"))

/** @since 0.1.0 */
export const TasksApi = HttpApiGroup.make("tasks")
  .add(list)
  .add(get)
  .add(history)
  .add(historyItem)
  .add(assign)
  .add(requeue)
  .add(updatePriority)
  .add(review)
  .addError(BadRequest)
  .addError(NotFound)
