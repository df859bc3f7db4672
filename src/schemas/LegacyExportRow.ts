/**
 * Rows of the export format before the current one (docs/api-notes.md#legacy-export-rows), for files from then. No hub
 * writes it any more.
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
 * A drawn object; `masks` are URLs of pictures. Everything that takes an `ExportObject` takes it.
 *
 * @since 0.1.0
 */
export const LegacyExportObject = Open.struct({
  ...ExportObject.fields,
  masks: Open.maybe(Schema.Array(Schema.String))
}).annotations({ identifier: "LegacyExportObject" })

/** @since 0.1.0 */
export type LegacyExportObject = typeof LegacyExportObject.Type

const done = {
  completedBy: Open.maybe(Schema.String),
  completedAt: Open.maybe(ExportTime),
  "duration(ms)": Open.maybe(Schema.Number)
} as const

/**
 * What a reviewer said of a task.
 *
 * @since 0.1.0
 */
export const LegacyExportReview = Open.struct({ status: Open.maybe(ReviewStatus), ...done }).annotations({
  identifier: "LegacyExportReview"
})

/** @since 0.1.0 */
export type LegacyExportReview = typeof LegacyExportReview.Type

/**
 * A task of an asset: its objects are under `objects`. What `benchmark` and `issues` hold is not documented.
 *
 * @since 0.1.0
 */
export const LegacyExportTask = Open.struct({
  taskId: Open.maybe(Schema.String),
  ...done,
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
 * A row of an old export: an asset with all of its tasks. Durations are in milliseconds. What `consensus` holds is not
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
