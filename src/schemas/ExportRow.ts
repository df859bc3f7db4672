/**
 * Rows of a task export: one per asset, with its task (docs/api-notes.md#export-rows).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetMetadata, Attachment } from "./Asset.js"
import type { CategorySchema, Classification } from "./CategorySchema.js"
import { TaskType } from "./Export.js"
import { ExportClassification } from "./ExportClassification.js"
import { ExportObject } from "./ExportObject.js"
import { ExportRelation } from "./ExportRelation.js"
import { ExportTime } from "./ExportTime.js"
import { AssetId, StageId, TaskId } from "./ids.js"
import { ReviewStatus } from "./LabelTask.js"
import * as Open from "./open.js"

// Brush strokes are in separate files: pixels in a PNG of the image's size, voxels in an NRRD.
const annotations = {
  tools: Open.maybe(Schema.Array(ExportObject)),
  classifications: Open.maybe(Schema.Array(ExportClassification)),
  relations: Open.maybe(Schema.Array(ExportRelation)),
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String)
} as const

const durations = {
  duration: Open.maybe(Schema.Number),
  idleDuration: Open.maybe(Schema.Number),
  blurDuration: Open.maybe(Schema.Number)
} as const

/**
 * A stage that a task has passed, with the annotations at its end. `stage` is the stage's name, `duration` is in
 * milliseconds. An automatic stage has no `completedBy`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportStage = Open.struct({
  stage: Open.maybe(Schema.String),
  stageId: Open.maybe(StageId),
  ...durations,
  completedAt: Open.maybe(ExportTime),
  completedBy: Open.maybe(Schema.String),
  reviewStatus: Open.maybe(ReviewStatus),
  ...annotations
}).annotations({ identifier: "ExportStage" })

/** @since 0.1.0 */
export type ExportStage = typeof ExportStage.Type

/**
 * The task of a row: its stage, its durations and its annotations.
 *
 * `stage` is the stage's name and `stageId` its id. Durations are in milliseconds; the idle and blur durations and the
 * `stageHistory` depend on the options of the export. `consensusAverage` is 0 to 100. The forms of `consensusDetailed` and
 * `benchmark` are not documented.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportTask = Open.struct({
  taskId: TaskId,
  type: Open.maybe(TaskType),
  stage: Open.maybe(Schema.String),
  stageId: Open.maybe(StageId),
  updatedAt: Open.maybe(ExportTime),
  updatedBy: Open.maybe(Schema.String),
  ...durations,
  totalDuration: Open.maybe(Schema.Number),
  totalIdleDuration: Open.maybe(Schema.Number),
  totalBlurDuration: Open.maybe(Schema.Number),
  ...annotations,
  consensusAverage: Open.maybe(Schema.Number),
  consensusDetailed: Open.maybe(Open.json),
  benchmark: Open.maybe(Open.json),
  stageHistory: Open.maybe(Schema.Array(ExportStage))
}).annotations({ identifier: "ExportTask" })

/** @since 0.1.0 */
export type ExportTask = typeof ExportTask.Type

/**
 * A row of an export: an asset and its task. Decoding does not change a row and keeps unknown fields, so that it can be
 * written back without loss.
 *
 * `asset` is the URL of the file, often a link that expires, or the text of a text asset. `dataset` lists the pages of
 * multi-page assets. `batches` are names, and may contain `null`.
 *
 * @example
 * ```ts
 * import { ExportGeometry, ExportObject, type ExportRow } from "effect-ango"
 *
 * // All boxes of a row, from their top left corners.
 * const boxes = ({ task }: ExportRow.ExportRow) =>
 *   (task.tools ?? []).flatMap((object) => {
 *     const tool = ExportObject.toolOf(object)
 *     return tool._tag === "bounding-box"
 *       ? [{ title: object.title, ...ExportGeometry.normalizeBox(tool.geometry) }]
 *       : []
 *   })
 * ```
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportRow = Open.struct({
  asset: Open.maybe(Schema.String),
  assetId: AssetId,
  dataset: Open.maybe(Schema.Array(Schema.String)),
  overlay: Open.maybe(Open.json),
  externalId: Open.maybe(Schema.String),
  contextData: Open.maybe(Open.jsonObject),
  metadata: Open.maybe(AssetMetadata),
  batches: Open.maybe(Schema.Array(Schema.NullOr(Schema.String))),
  attachments: Open.maybe(Schema.Array(Attachment)),
  task: ExportTask
}).annotations({ identifier: "ExportRow" })

/** @since 0.1.0 */
export type ExportRow = typeof ExportRow.Type

interface Titled {
  readonly schemaId?: string | null
  readonly title?: string | null
  readonly classifications?: ReadonlyArray<Classification> | null
}

/**
 * Maps schemaIds to titles, for all tools, classifications and relations of an ontology, including nested ones.
 *
 * @category utilities
 * @since 0.1.0
 */
export const titlesOf = (ontology: CategorySchema): ReadonlyMap<string, string> => {
  const titles = new Map<string, string>()
  const visit = (list: ReadonlyArray<Titled> | null | undefined): void => {
    for (const { classifications, schemaId, title } of list ?? []) {
      if (schemaId != null && title != null) titles.set(schemaId, title)
      visit(classifications)
    }
  }
  visit(ontology.tools)
  visit(ontology.classifications)
  visit(ontology.relations)
  return titles
}

/**
 * Reads the title of an object, a classification or a relation: its own, or the one that the ontology has for its
 * schemaId.
 *
 * @example
 * ```ts
 * import { type CategorySchema, ExportRow } from "effect-ango"
 *
 * // Counts the objects of each class.
 * const count = (rows: Iterable<ExportRow.ExportRow>, ontology: CategorySchema.CategorySchema) => {
 *   const titles = ExportRow.titlesOf(ontology)
 *   const counts = new Map<string, number>()
 *   for (const { task } of rows) {
 *     for (const object of task.tools ?? []) {
 *       const title = ExportRow.titleOf(object, titles) ?? "?"
 *       counts.set(title, (counts.get(title) ?? 0) + 1)
 *     }
 *   }
 *   return counts
 * }
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const titleOf = (
  item: Pick<Titled, "schemaId" | "title">,
  titles?: ReadonlyMap<string, string>
): string | undefined =>
  item.title != null && item.title !== ""
    ? item.title
    : item.schemaId == null
      ? undefined
      : titles?.get(item.schemaId)
