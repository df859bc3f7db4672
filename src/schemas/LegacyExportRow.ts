/**
 * Rows of the previous export format (docs/api-notes.md#legacy-export-rows), for existing files. Current hubs do not write
 * it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetMetadata } from "./Asset.js"
import { ExportClassification } from "./ExportClassification.js"
import { ExportObject } from "./ExportObject.js"
import { ExportRelation } from "./ExportRelation.js"
import { ExportTime } from "./ExportTime.js"
import { ReviewStatus, TaskStatus } from "./LabelTask.js"
import * as Open from "./open.js"

/**
 * A drawn object; `masks` are URLs of images. The functions of `ExportObject` accept it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LegacyExportObject = Open.struct({
  ...ExportObject.fields,
  masks: Open.maybe(Schema.Array(Schema.String))
}).annotations({ identifier: "LegacyExportObject" })

/** @since 0.1.0 */
export type LegacyExportObject = typeof LegacyExportObject.Type

const completion = {
  completedBy: Open.maybe(Schema.String),
  completedAt: Open.maybe(ExportTime),
  "duration(ms)": Open.maybe(Schema.Number)
} as const

/**
 * The review of a task.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LegacyExportReview = Open.struct({
  status: Open.maybe(ReviewStatus),
  ...completion
}).annotations({
  identifier: "LegacyExportReview"
})

/** @since 0.1.0 */
export type LegacyExportReview = typeof LegacyExportReview.Type

/**
 * A task of an asset, with its objects under `objects`. The forms of `benchmark` and `issues` are not documented.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LegacyExportTask = Open.struct({
  taskId: Open.maybe(Schema.String),
  ...completion,
  isSkipped: Open.maybe(Schema.Boolean),
  review: Open.maybe(LegacyExportReview),
  status: Open.maybe(TaskStatus),
  updatedBy: Open.maybe(Schema.String),
  updatedAt: Open.maybe(ExportTime),
  isBenchmark: Open.maybe(Schema.Boolean),
  benchmark: Open.maybe(Open.json),
  issues: Open.maybe(Schema.Array(Open.json)),
  objects: Open.maybe(Schema.Array(LegacyExportObject)),
  classifications: Open.maybe(Schema.Array(ExportClassification)),
  relations: Open.maybe(Schema.Array(ExportRelation)),
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String)
}).annotations({ identifier: "LegacyExportTask" })

/** @since 0.1.0 */
export type LegacyExportTask = typeof LegacyExportTask.Type

/**
 * A row of a legacy export: an asset with all of its tasks. Durations are in milliseconds. The form of `consensus` is not
 * documented.
 *
 * @example
 * ```ts
 * import { LegacyExportRow } from "effect-ango"
 * import { Schema } from "effect"
 *
 * const read = Schema.decode(Schema.parseJson(Schema.Array(LegacyExportRow.LegacyExportRow)))
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const LegacyExportRow = Open.struct({
  asset: Open.maybe(Schema.String),
  externalId: Open.maybe(Schema.String),
  labeledAt: Open.maybe(ExportTime),
  reviewedAt: Open.maybe(ExportTime),
  status: Open.maybe(Schema.String),
  "labelDuration(ms)": Open.maybe(Schema.Number),
  consensus: Open.maybe(Open.json),
  metadata: Open.maybe(AssetMetadata),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  tasks: Schema.Array(LegacyExportTask)
}).annotations({ identifier: "LegacyExportRow" })

/** @since 0.1.0 */
export type LegacyExportRow = typeof LegacyExportRow.Type
