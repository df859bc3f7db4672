/**
 * Pre-labels: answers to import for tasks that are not annotated yet.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type AnswerInput, answerFields, hasOneObjectList } from "./Annotation.js"
import { AnswerClassification, AnswerObject, AnswerRelation } from "./Answer.js"
import * as Open from "./open.js"

/**
 * An entry of an import (docs/api-notes.md#answer-format): an asset and its answer. External ids are not unique: every
 * asset with the same one gets the answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface LabelImport extends AnswerInput {
  readonly externalId?: string | null
  /** The asset's URL or text, as it was imported. With an `externalId`, both must match. */
  readonly data?: string | null
  /** The URL of a PNG of the image's size with brush strokes in the colors of the tools. */
  readonly brushDataUrl?: string | null
  /** The URL of an NRRD file with brushed voxels; its label values are schemaIds. */
  readonly medicalBrushDataUrl?: string | null
}

const payload = Open.struct({
  externalId: Open.maybe(Schema.String),
  data: Open.maybe(Schema.String),
  objects: Open.maybe(Schema.Array(AnswerObject)),
  classifications: Open.maybe(Schema.Array(AnswerClassification)),
  relations: Open.maybe(Schema.Array(AnswerRelation)),
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String)
})

const entry = Open.struct({
  externalId: Open.maybe(Schema.String),
  data: Open.maybe(Schema.String),
  ...answerFields,
  brushDataUrl: Open.maybe(Schema.String),
  medicalBrushDataUrl: Open.maybe(Schema.String)
}).pipe(
  Schema.filter(({ data, externalId }) => (externalId ?? "") !== "" || (data ?? "") !== "", {
    title: "an entry with an externalId or with data"
  }),
  Schema.filter(hasOneObjectList, { title: "objects under tools or under objects, not both" })
)

const fieldOrder = Object.keys(payload.fields)

const indexOf = (name: string): number =>
  fieldOrder.includes(name) ? fieldOrder.indexOf(name) : fieldOrder.length

// The fields of an entry in the order of the documents; its lists are unchanged.
const sortFields = <A extends object>(entry: A): A =>
  Object.fromEntries(Object.entries(entry).sort(([a], [b]) => indexOf(a) - indexOf(b))) as A

/**
 * Encodes an entry for requests, with its objects under `objects`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const LabelImport: Schema.Schema<LabelImport, typeof payload.Encoded> = Schema.transform(
  payload,
  Schema.make<LabelImport>(Schema.typeSchema(entry).ast),
  {
    strict: false,
    decode: (payload) => payload,
    encode: ({ tools, ...rest }) => sortFields(tools == null ? rest : { ...rest, objects: tools })
  }
)
  .pipe(Open.keepOrder)
  .annotations({ identifier: "LabelImport" })

/**
 * The result of an import, parsed from the hub's sentence (`50 / 50 tasks are labeled.`). A sentence of another form is
 * only in `message`.
 *
 * @category models
 * @since 0.1.0
 */
export interface LabelImportResult {
  /** The number of tasks that got labels. */
  readonly labeled?: number
  /** The number of tasks that were addressed. */
  readonly total?: number
  /** The sentence of the hub. */
  readonly message: string
}

const counts = /^\D*(\d+)\s*(?:\/|of|out of)\s*(\d+)\b/i

/**
 * Parses the hub's sentence (docs/api-notes.md#import-result).
 *
 * @category utilities
 * @since 0.1.0
 */
export const parseImportResult = (message: string): LabelImportResult => {
  const [, labeled, total] = counts.exec(message) ?? []
  return labeled === undefined || total === undefined
    ? { message }
    : { labeled: Number(labeled), total: Number(total), message }
}
