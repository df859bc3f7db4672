/**
 * Pre-labels: answers for assets that nobody has worked on yet.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type AnswerInput, answerFields, oneName } from "./Annotation.js"
import { AnswerClassification, AnswerObject, AnswerRelation } from "./Answer.js"
import * as Open from "./open.js"

/**
 * One entry of an import (docs/api-notes.md#answer-format): which asset, and its answer. External ids are not unique:
 * all assets that share one get the answer.
 *
 * @since 0.1.0
 */
export interface LabelImport extends AnswerInput {
  readonly externalId?: string | null
  /** The asset's URL or text, as it was imported; with `externalId`, both must fit. */
  readonly data?: string | null
  /** A PNG of the image's size with the brush traces in the tools' colours. */
  readonly brushDataUrl?: string | null
  /** An NRRD with the voxel brush; its label values are schemaIds. */
  readonly medicalBrushDataUrl?: string | null
}

const written = Open.struct({
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
  Schema.filter(oneName, { title: "objects under tools or under objects, not both" })
)

const names = Object.keys(written.fields)

const place = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length)

// As the documents write an entry; within its lists, everything stays as it was written down.
const inOrder = <A extends object>(entry: A): A =>
  Object.fromEntries(Object.entries(entry).sort(([a], [b]) => place(a) - place(b))) as A

/** An import entry as it travels, its objects under `objects`. */
export const LabelImport: Schema.Schema<LabelImport, typeof written.Encoded> = Schema.transform(
  written,
  Schema.make<LabelImport>(Schema.typeSchema(entry).ast),
  {
    strict: false,
    decode: (wire) => wire,
    encode: ({ tools, ...rest }) => inOrder(tools == null ? rest : { ...rest, objects: tools })
  }
)
  .pipe(Open.keepOrder)
  .annotations({ identifier: "LabelImport" })

/**
 * What became of an import, as the hub's sentence tells it (`50 / 50 tasks are labeled.`). A sentence that says it
 * differently is only in `message`.
 *
 * @since 0.1.0
 */
export interface LabelImportResult {
  /** How many tasks have their labels now. */
  readonly labeled?: number
  /** How many tasks were meant. */
  readonly total?: number
  /** The sentence itself. */
  readonly message: string
}

const counts = /^\D*(\d+)\s*(?:\/|of|out of)\s*(\d+)\b/i

/** Reads the hub's sentence (docs/api-notes.md#import-result). */
export const importResult = (message: string): LabelImportResult => {
  const [, labeled, total] = counts.exec(message) ?? []
  return labeled === undefined || total === undefined
    ? { message }
    : { labeled: Number(labeled), total: Number(total), message }
}
