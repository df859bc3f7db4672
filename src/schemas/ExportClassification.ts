/**
 * Answered classifications of an export (docs/api-notes.md#export-rows). Exports name options by value; stored answers
 * by schemaId.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { ClassificationKind } from "./CategorySchema.js"
import { ExportTime } from "./ExportTime.js"
import * as Open from "./open.js"

/**
 * Who created an annotation and who changed it last, when and in which stage; in exports that include metadata. People
 * are e-mail addresses, stages are ids.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnnotationMetadata = Open.struct({
  createdAt: Open.maybe(ExportTime),
  createdBy: Open.maybe(Schema.String),
  createdIn: Open.maybe(Schema.String),
  updatedAt: Open.maybe(ExportTime),
  updatedBy: Open.maybe(Schema.String),
  updatedIn: Open.maybe(Schema.String)
}).annotations({ identifier: "AnnotationMetadata" })

/** @since 0.1.0 */
export type AnnotationMetadata = typeof AnnotationMetadata.Type

const fields = {
  objectId: Open.maybe(Schema.String),
  schemaId: Open.maybe(Schema.String),
  tool: Open.maybe(ClassificationKind),
  title: Open.maybe(Schema.String),
  answer: Open.maybe(Open.json),
  page: Open.maybe(Schema.Number),
  interpolationStopped: Open.maybe(Schema.Boolean),
  lock: Open.maybe(Schema.Boolean),
  columnField: Open.maybe(Schema.Boolean),
  metadata: Open.maybe(AnnotationMetadata)
} as const

/**
 * An answered classification, with its nested ones. {@link answerOf} reads the `answer` by kind. `page` is the page or
 * frame, counted from 0.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExportClassification extends Schema.Struct.Type<typeof fields> {
  readonly classifications?: ReadonlyArray<ExportClassification> | null
}

/**
 * The JSON form of an {@link ExportClassification}, which is identical.
 *
 * @category models
 * @since 0.1.0
 */
export interface ExportClassificationEncoded extends Schema.Struct.Encoded<typeof fields> {
  readonly classifications?: ReadonlyArray<ExportClassificationEncoded> | null
}

/** @since 0.1.0 */
export const ExportClassification: Schema.Schema<ExportClassification, ExportClassificationEncoded> =
  Open.struct({
    ...fields,
    classifications: Open.maybe(
      Schema.Array(
        Schema.suspend(
          (): Schema.Schema<ExportClassification, ExportClassificationEncoded> => ExportClassification
        )
      )
    )
  }).annotations({ identifier: "ExportClassification" })

/**
 * The answer of each kind of classification: the value of an option, or a list of values; for `tree-dropdown`, the paths
 * of the selected nodes and of those above them, joined by `" / "`; for `rank`, the options from first to last.
 *
 * @category models
 * @since 0.1.0
 */
export interface Answers {
  readonly radio: string
  readonly "single-dropdown": string
  readonly checkbox: ReadonlyArray<string>
  readonly "multi-dropdown": ReadonlyArray<string>
  readonly "tree-dropdown": ReadonlyArray<string>
  readonly rank: ReadonlyArray<string>
  /** HTML if the classification uses rich text. */
  readonly text: string
  readonly boolean: boolean
}

/**
 * An answer, tagged with the kind of its classification; `unknown` for kinds without documentation, for missing answers,
 * and for answers that do not match their kind.
 *
 * @category models
 * @since 0.1.0
 */
export type KnownAnswer =
  | {
      readonly [Kind in keyof Answers]: { readonly _tag: Kind; readonly answer: Answers[Kind] }
    }[keyof Answers]
  | { readonly _tag: "unknown"; readonly tool: string | undefined; readonly answer: unknown }

const isText = (answer: unknown): answer is string => typeof answer === "string"

const isTexts = (answer: unknown): answer is ReadonlyArray<string> =>
  Array.isArray(answer) && answer.every(isText)

// The documents disagree whether it is a boolean or a text.
const parseBoolean = (answer: unknown): boolean | undefined => {
  const text = isText(answer) ? answer.toLowerCase() : answer
  return text === true || text === "true" ? true : text === false || text === "false" ? false : undefined
}

/**
 * Reads the answer of a classification by its kind.
 *
 * @example
 * ```ts
 * import { ExportClassification } from "effect-ango"
 *
 * // The selected options of a classification with one choice or several.
 * const options = (item: ExportClassification.ExportClassification): ReadonlyArray<string> => {
 *   const known = ExportClassification.answerOf(item)
 *   switch (known._tag) {
 *     case "radio":
 *     case "single-dropdown":
 *       return [known.answer]
 *     case "checkbox":
 *     case "multi-dropdown":
 *       return known.answer
 *     default:
 *       return []
 *   }
 * }
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const answerOf = ({ answer, tool }: Pick<ExportClassification, "answer" | "tool">): KnownAnswer => {
  switch (tool) {
    case "radio":
    case "single-dropdown":
    case "text":
      if (isText(answer)) return { _tag: tool as "radio" | "single-dropdown" | "text", answer }
      break
    case "checkbox":
    case "multi-dropdown":
    case "tree-dropdown":
    case "rank":
      if (isTexts(answer)) {
        return { _tag: tool as "checkbox" | "multi-dropdown" | "tree-dropdown" | "rank", answer }
      }
      break
    case "boolean": {
      const value = parseBoolean(answer)
      if (value !== undefined) return { _tag: "boolean", answer: value }
    }
  }
  return { _tag: "unknown", tool: tool ?? undefined, answer }
}

/**
 * A classification with the ones that it is nested in, outermost first.
 *
 * @category models
 * @since 0.1.0
 */
export interface FlatClassification {
  readonly classification: ExportClassification
  readonly parents: ReadonlyArray<ExportClassification>
}

/**
 * Flattens nested classifications into one list, parents before children.
 *
 * @example
 * ```ts
 * import { ExportClassification, type ExportRow } from "effect-ango"
 *
 * // "Weather / Rain: Heavy"
 * const lines = ({ task }: ExportRow.ExportRow) =>
 *   ExportClassification.flatten(task.classifications).map(({ classification, parents }) =>
 *     `${[...parents, classification].map(({ title }) => title).join(" / ")}: ${classification.answer}`
 *   )
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const flatten = (
  classifications: ReadonlyArray<ExportClassification> | null | undefined
): ReadonlyArray<FlatClassification> => {
  const flat: Array<FlatClassification> = []
  const visit = (
    list: ReadonlyArray<ExportClassification>,
    parents: ReadonlyArray<ExportClassification>
  ): void => {
    for (const classification of list) {
      flat.push({ classification, parents })
      const { classifications: nested } = classification
      if (nested != null && nested.length > 0) visit(nested, [...parents, classification])
    }
  }
  visit(classifications ?? [], [])
  return flat
}
