/**
 * Assets: the files to annotate.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetId, ProjectId, StageId, TaskId } from "./ids.js"
import * as Open from "./open.js"
import { Timestamp } from "./Timestamp.js"

/**
 * The type of an attachment: `IMAGE`, `VIDEO`, `TEXT` or `HTML`.
 *
 * @remarks undocumented: the name `HTML`. The help pages have this kind since 2026, no document shows its name.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AttachmentType = Open.enumOf("IMAGE", "VIDEO", "TEXT", "HTML")

/** @since 0.1.0 */
export type AttachmentType = typeof AttachmentType.Type

/**
 * Something shown next to an asset: the URL of an image or video, plain text, or HTML.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Attachment = Open.struct({
  type: AttachmentType,
  value: Schema.String
}).annotations({ identifier: "Attachment" })

/** @since 0.1.0 */
export type Attachment = typeof Attachment.Type

/**
 * A stage that a task has passed, as assets contain it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StageVisit = Open.struct({
  stageId: Open.maybe(StageId),
  stage: Open.maybe(Schema.String),
  completedBy: Open.maybe(Schema.String),
  completedAt: Open.maybe(Timestamp)
}).annotations({ identifier: "StageVisit", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type StageVisit = typeof StageVisit.Type

/**
 * A task as its asset contains it: its id and the stages that it has passed.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetTask = Open.struct({
  id: Open.optionalIdField(TaskId),
  stageHistory: Open.maybe(Schema.Array(StageVisit))
}).annotations({ identifier: "AssetTask" })

/** @since 0.1.0 */
export type AssetTask = typeof AssetTask.Type

/**
 * The size of a file: `width` and `height` in pixels, `frameRate` in frames per second, `frameTotal` in frames.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetMetadata = Open.struct({
  width: Open.maybe(Schema.Number),
  height: Open.maybe(Schema.Number),
  frameRate: Open.maybe(Schema.Number),
  frameTotal: Open.maybe(Schema.Number)
}).annotations(Open.mayHaveAny)

/**
 * An asset of a project (docs/api-notes.md#asset).
 *
 * `data` is the URL of the file, or the text itself for text assets. `dataset` lists the pages of multi-page assets.
 * `batches` contains batch names, and may contain `null`. `externalId` is not necessarily unique.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Asset = Open.struct({
  id: Open.idField(AssetId),
  externalId: Open.maybe(Schema.String),
  data: Open.maybe(Schema.String),
  dataset: Open.maybe(Schema.Array(Schema.String)),
  project: Open.maybe(ProjectId),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  labelTasks: Open.maybe(Schema.Array(AssetTask)),
  metadata: Open.maybe(AssetMetadata),
  contextData: Open.maybe(Open.jsonObject),
  attachments: Open.maybe(Schema.Array(Attachment)),
  isPreLabeled: Open.maybe(Schema.Boolean),
  createdAt: Open.maybe(Timestamp)
}).annotations({ identifier: "Asset", ...Open.mayHave("storage", "editorType") })

/** @since 0.1.0 */
export type Asset = typeof Asset.Type
