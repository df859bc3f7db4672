/**
 * The task endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ProjectId, TaskHistoryId, TaskId } from "../schemas/Id.js"
import { LabelTask } from "../schemas/LabelTask.js"
import { TaskHistory } from "../schemas/TaskHistory.js"
import { BadRequest, NotFound, success, Total } from "./Envelope.js"
import * as Query from "./Query.js"

/**
 * T1 `GET /project/{projectId}/tasks`. Keys in the order in which the SDK writes them. `filter` is what the SDK
 * sends and `filters` what the documents name (C4); `status[eq]` likewise against `status` (C7).
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
  .addSuccess(success({ tasks: Schema.Array(LabelTask), total: Total }))

/** T2 `GET /task/{taskId}`. */
const get = HttpApiEndpoint.get("get", "/task/:taskId")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .setUrlParams(Schema.Struct({ includeAnswer: Query.optional(Query.Flag) }))
  .addSuccess(success({ task: LabelTask }))

/** T4 `GET /task/{taskId}/history`. */
const history = HttpApiEndpoint.get("history", "/task/:taskId/history")
  .setPath(Schema.Struct({ taskId: TaskId }))
  .addSuccess(success({ taskHistory: TaskHistory }))

/** T5 `GET /taskHistory/{id}`: the SDK passes the id of a history item, the old documents a task id (C13). */
const historyItem = HttpApiEndpoint.get("historyItem", "/taskHistory/:historyId")
  .setPath(Schema.Struct({ historyId: TaskHistoryId }))
  .addSuccess(success({ taskHistory: TaskHistory }))

/** @since 0.1.0 */
export const TasksApi = HttpApiGroup.make("tasks")
  .add(list)
  .add(get)
  .add(history)
  .add(historyItem)
  .addError(BadRequest)
  .addError(NotFound)
