/**
 * Task histories: the work on a task, stage by stage.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Answer } from "./Answer.js"
import { AssetId, BatchId, OrganizationId, ProjectId, StageId, TaskHistoryId, TaskId } from "./ids.js"
import * as Open from "./open.js"
import { Timestamp } from "./Timestamp.js"

const item = {
  labelTaskId: Open.maybe(TaskId),
  answer: Open.maybe(Answer),
  stage: Open.maybe(StageId),
  project: Open.maybe(ProjectId),
  organization: Open.maybe(OrganizationId),
  asset: Open.maybe(
    Schema.Union(AssetId, Open.struct({ id: Open.idField(AssetId) }).annotations(Open.mayHaveAny))
  ),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.Union(BatchId, Schema.String)))),
  duration: Open.maybe(Schema.Number),
  rework: Open.maybe(Schema.Boolean),
  isSkipped: Open.maybe(Schema.Boolean),
  deleted: Open.maybe(Schema.Boolean),
  completedBy: Open.maybe(Schema.String),
  completedAt: Open.maybe(Timestamp),
  createdAt: Open.maybe(Timestamp)
} as const

/**
 * An item of a task's history (docs/api-notes.md#task-history). Its id is under `id` in new responses and under `_id` in
 * older ones; both are read.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskHistoryItem = Schema.Union(
  Open.struct({ id: TaskHistoryId, ...item }).annotations(Open.mayHave("_id")),
  Open.struct({ id: Open.idField(TaskHistoryId), ...item })
).annotations({ identifier: "TaskHistoryItem" })

/** @since 0.1.0 */
export type TaskHistoryItem = typeof TaskHistoryItem.Type

/**
 * A history as the hub returns it: a list of items, or one item (docs/api-notes.md#history-shape).
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskHistory = Schema.Union(Schema.Array(TaskHistoryItem), TaskHistoryItem)

/** @since 0.1.0 */
export type TaskHistory = typeof TaskHistory.Type
