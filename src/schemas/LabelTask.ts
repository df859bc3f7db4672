/**
 * Label tasks: the work on one asset, from stage to stage.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Answer } from "./Answer.js"
import { TaskType } from "./Export.js"
import { AssetId, OrganizationId, ProjectId, StageId, TaskId } from "./ids.js"
import * as Open from "./open.js"
import { withoutSecrets } from "./secret.js"
import { Timestamp } from "./Timestamp.js"

/**
 * The status of a task: `TODO`, `Completed`, `Reviewed`, or one of the internal ones (`READY`, `PCT_REQUEUE_WAITING`,
 * `PCT_SUBMIT_WAITING`).
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskStatus = Open.enumOf(
  "TODO",
  "Completed",
  "Reviewed",
  "READY",
  "PCT_REQUEUE_WAITING",
  "PCT_SUBMIT_WAITING"
)

/** @since 0.1.0 */
export type TaskStatus = typeof TaskStatus.Type

/**
 * The review status of a task: `Todo`, `Accepted`, `Rejected` or `Fixed`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ReviewStatus = Open.enumOf("Todo", "Accepted", "Rejected", "Fixed")

/** @since 0.1.0 */
export type ReviewStatus = typeof ReviewStatus.Type

/**
 * The asset of a task, when the hub embeds it. `data` is the URL of the file, or the text of a text asset.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskAsset = Open.struct({
  id: Open.idField(AssetId),
  externalId: Open.maybe(Schema.String),
  data: Open.maybe(Schema.String)
})
  .annotations(Open.mayHaveAny)
  .pipe(withoutSecrets)
  .annotations({ identifier: "TaskAsset" })

/** @since 0.1.0 */
export type TaskAsset = typeof TaskAsset.Type

/**
 * The project of a task, when the hub embeds it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskProject = Open.struct({
  id: Open.idField(ProjectId),
  name: Open.maybe(Schema.String)
})
  .annotations(Open.mayHaveAny)
  .pipe(withoutSecrets)
  .annotations({ identifier: "TaskProject" })

/** @since 0.1.0 */
export type TaskProject = typeof TaskProject.Type

/**
 * A label task (docs/api-notes.md#task).
 *
 * `asset` is an id or an embedded asset; {@link assetIdOf} reads both. `answer` is present when it was requested.
 * `duration` is in seconds according to the documents, but was observed in milliseconds; it is not converted, nor is
 * `totalDuration`. `priority` is -1000 to 1000. `assignee`, `createdBy`, `updatedBy` and `completedBy` are e-mail
 * addresses; older hubs return user ids.
 *
 * @remarks derived: `type`, `createdBy`, `totalDuration`, `isDraft` and `isSkipped`, from the keys of the task filter.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LabelTask = Open.struct({
  id: Open.idField(TaskId),
  project: Open.maybe(Schema.Union(ProjectId, TaskProject)),
  asset: Open.maybe(Schema.Union(AssetId, TaskAsset)),
  stage: Open.maybe(StageId),
  status: Open.maybe(TaskStatus),
  type: Open.maybe(TaskType),
  assignee: Open.maybe(Schema.String),
  externalId: Open.maybe(Schema.String),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  priority: Open.maybe(Schema.Number),
  answer: Open.maybe(Answer),
  duration: Open.maybe(Schema.Number),
  totalDuration: Open.maybe(Schema.Number),
  review: Open.maybe(Open.struct({ status: Open.maybe(ReviewStatus) })),
  organization: Open.maybe(OrganizationId),
  isBenchmark: Open.maybe(Schema.Boolean),
  isDraft: Open.maybe(Schema.Boolean),
  isPreLabeled: Open.maybe(Schema.Boolean),
  isSkipped: Open.maybe(Schema.Boolean),
  openIssuesCount: Open.maybe(Schema.Number),
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String),
  createdBy: Open.maybe(Schema.String),
  completedBy: Open.maybe(Schema.String),
  updatedBy: Open.maybe(Schema.String),
  createdAt: Open.maybe(Timestamp),
  updatedAt: Open.maybe(Timestamp),
  completedAt: Open.maybe(Timestamp)
}).annotations({
  identifier: "LabelTask",
  ...Open.mayHave("deleted", "isFlag", "isStar", "issues", "sample")
})

/** @since 0.1.0 */
export type LabelTask = typeof LabelTask.Type

/**
 * Reads the id of a task's asset, from an id or an embedded asset.
 *
 * @category utilities
 * @since 0.1.0
 */
export const assetIdOf = (task: LabelTask): AssetId | undefined => {
  const { asset } = task
  return typeof asset === "string" ? asset : (asset?.id ?? undefined)
}

/**
 * Reads the id of a task's project, from an id or an embedded project.
 *
 * @category utilities
 * @since 0.1.0
 */
export const projectIdOf = ({ project }: LabelTask): ProjectId | undefined =>
  typeof project === "string" ? project : (project?.id ?? undefined)

/**
 * Reads the external id of a task's asset, from the task or its embedded asset.
 *
 * @category utilities
 * @since 0.1.0
 */
export const externalIdOf = (task: LabelTask): string | undefined => {
  const { asset } = task
  return task.externalId ?? (typeof asset === "string" ? undefined : (asset?.externalId ?? undefined))
}
