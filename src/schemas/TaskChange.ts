/**
 * Changes of tasks by managers: assignment, requeue, review.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Email } from "./Email.js"
import { AssetId, BatchId, ProjectId, StageId, TaskId } from "./ids.js"
import { ReviewStatus } from "./LabelTask.js"
import * as Open from "./open.js"

/**
 * Assigns tasks of one stage to a user (docs/api-notes.md#assign-tasks). Without a `user` they become unassigned.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskAssignment = Schema.Struct({
  project: ProjectId,
  tasks: Open.atLeastOne(TaskId, "at least one task id"),
  stage: StageId,
  user: Open.optional(Email)
}).annotations({ identifier: "TaskAssignment" })

/** @since 0.1.0 */
export type TaskAssignment = typeof TaskAssignment.Type

/**
 * Makes tasks benchmark tasks, or default tasks again (docs/api-notes.md#benchmark-tasks).
 *
 * @category schemas
 * @since 0.1.0
 */
export const BenchmarkChange = Schema.Struct({
  tasks: Open.atLeastOne(TaskId, "at least one task id"),
  isBenchmark: Schema.Boolean
}).annotations({ identifier: "BenchmarkChange" })

/** @since 0.1.0 */
export type BenchmarkChange = typeof BenchmarkChange.Type

/**
 * Selects tasks of a project. Conditions combine with AND, the values of one condition with OR. Without conditions, all
 * tasks are selected.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskSelection = Schema.Struct({
  taskIds: Open.optional(Schema.Array(TaskId)),
  externalIds: Open.optional(Schema.Array(Schema.String)),
  assetIds: Open.optional(Schema.Array(AssetId)),
  fromStageIds: Open.optional(Schema.Array(StageId)),
  batches: Open.optional(Schema.Array(BatchId))
}).annotations({ identifier: "TaskSelection" })

/** @since 0.1.0 */
export type TaskSelection = typeof TaskSelection.Type

/**
 * What a requeue removes from its tasks.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequeueOptions = Schema.Struct({
  removeAnnotations: Open.optional(Schema.Boolean),
  removeAssignee: Open.optional(Schema.Boolean),
  removeStageHistory: Open.optional(Schema.Boolean)
}).annotations({ identifier: "RequeueOptions" })

/** @since 0.1.0 */
export type RequeueOptions = typeof RequeueOptions.Type

/**
 * The result of a requeue: the number of moved tasks, and their new stage.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RequeueResult = Open.struct({
  modified: Schema.Number,
  toStageId: Open.maybe(StageId)
}).annotations({ identifier: "RequeueResult" })

/** @since 0.1.0 */
export type RequeueResult = typeof RequeueResult.Type

/**
 * A review status in a request: `Todo`, `Accepted`, `Rejected` or `Fixed`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReviewVerdict = Schema.Literal(...ReviewStatus.known).annotations({
  title: ReviewStatus.known.join(", ")
})

/** @since 0.1.0 */
export type ReviewVerdict = typeof ReviewVerdict.Type

/**
 * A review of a task (docs/api-notes.md#review-task). `pctDetails` is for 3D projects and not documented.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskReview = Schema.Struct({
  reviewStatus: ReviewVerdict,
  pctDetails: Open.optional(Open.jsonObject)
}).annotations({ identifier: "TaskReview" })

/** @since 0.1.0 */
export type TaskReview = typeof TaskReview.Type
