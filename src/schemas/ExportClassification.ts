/**
 * Answered questions of an export (docs/api-notes.md#export-rows). Exports name options by their values; stored
 * answers by their ids.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { ClassificationKind } from "./CategorySchema.js"
import { ExportTime } from "./ExportTime.js"
import * as Open from "./open.js"

/**
 * Who made an annotation, when and in which stage, and who changed it last: in exports that include metadata. People
 * are e-mail addresses, stages are ids.
 *
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
 * An answered question, with the questions that its answer revealed. `answer` is as it came: {@link answerOf} says what
 * it is. `page` is the page or frame, counted from 0.
 *
 * @since 0.1.0
 */
export interface ExportClassification extends Schema.Struct.Type<typeof fields> {
  readonly classifications?: ReadonlyArray<ExportClassification> | null
}

/** An {@link ExportClassification} on the wire, which is the very same. */
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
 * What each kind of question is answered with: the value of an option, or several; for a tree, the paths to the chosen
 * nodes and to those above them, joined by `" / "`; for a ranking, the options from first to last.
 *
 * @since 0.1.0
 */
export interface Answers {
  readonly radio: string
  readonly "single-dropdown": string
  readonly checkbox: ReadonlyArray<string>
  readonly "multi-dropdown": ReadonlyArray<string>
  readonly "tree-dropdown": ReadonlyArray<string>
  readonly rank: ReadonlyArray<string>
  /** HTML, where the question takes rich text. */
  readonly text: string
  readonly boolean: boolean
}

/**
 * An answer, told by the kind of its question; `unknown` for kinds that no document describes, for questions without
 * an answer, and for answers that do not fit their kind.
 *
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

// The documents do not agree on whether it is a boolean or its name.
const truthOf = (answer: unknown): boolean | undefined => {
  const text = isText(answer) ? answer.toLowerCase() : answer
  return text === true || text === "true" ? true : text === false || text === "false" ? false : undefined
}

/**
 * What a question was answered with, told by its kind.
 *
 * @example
 * ```ts
 * import { ExportClassification } from "effect-ango"
 *
 * // The chosen options, however many the question allows.
 * const options = (question: ExportClassification.ExportClassification): ReadonlyArray<string> => {
 *   const known = ExportClassification.answerOf(question)
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
      const truth = truthOf(answer)
      if (truth !== undefined) return { _tag: "boolean", answer: truth }
    }
  }
  return { _tag: "unknown", tool: tool ?? undefined, answer }
}

/**
 * A question out of its nest: the ones whose answers revealed it, outermost first.
 *
 * @since 0.1.0
 */
export interface FlatClassification {
  readonly classification: ExportClassification
  readonly parents: ReadonlyArray<ExportClassification>
}

/**
 * All questions of a list in one level, each before those that it revealed.
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
 * @since 0.1.0
 */
export const flatten = (
  classifications: ReadonlyArray<ExportClassification> | null | undefined
): ReadonlyArray<FlatClassification> => {
  const flat: Array<FlatClassification> = []
  const walk = (
    list: ReadonlyArray<ExportClassification>,
    parents: ReadonlyArray<ExportClassification>
  ): void => {
    for (const classification of list) {
      flat.push({ classification, parents })
      const { classifications: revealed } = classification
      if (revealed != null && revealed.length > 0) walk(revealed, [...parents, classification])
    }
  }
  walk(classifications ?? [], [])
  return flat
}
