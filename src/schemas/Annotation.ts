/**
 * Annotations to write: what an annotator might have drawn and chosen, checked before it is sent
 * (docs/api-notes.md#answer-format).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { Answer } from "./Answer.js"
import { type Geometries, geometries } from "./Geometry.js"
import * as Open from "./open.js"

// What goes out is in the order in which it was written down.
const asWritten = {
  parseOptions: { ...Open.keepUnknown.parseOptions, propertyOrder: "original" }
} as const

const Page = Schema.Int.pipe(Schema.nonNegative()).annotations({
  title: "a page or frame, counted from 0"
})

const common = {
  schemaId: Open.maybe(Schema.String),
  title: Open.maybe(Schema.String),
  objectId: Open.maybe(Schema.String),
  lock: Open.maybe(Schema.Boolean),
  page: Open.maybe(Page),
  interpolationStopped: Open.maybe(Schema.Boolean)
} as const

const isNamed = (item: { readonly schemaId?: string | null; readonly title?: string | null }): boolean =>
  (item.schemaId ?? "") !== "" || (item.title ?? "") !== ""

/**
 * How long something took, in milliseconds.
 *
 * @since 0.1.0
 */
export const Milliseconds = Schema.Number.pipe(
  Schema.finite({ title: "milliseconds, 0 or more" }),
  Schema.nonNegative({ title: "milliseconds, 0 or more" })
)

/**
 * What every annotation may say of itself.
 *
 * @since 0.1.0
 */
export interface AnnotationFields {
  /** Which tool or question of the ontology; `title` will do when it is not known. */
  readonly schemaId?: string | null
  /** The hub takes one at random when several have this title. */
  readonly title?: string | null
  /** Any text; the hub makes one when there is none. The same id on several pages is one tracked object. */
  readonly objectId?: string | null
  readonly lock?: boolean | null
  /** Page or frame, counted from 0. */
  readonly page?: number | null
  /** The object disappears from this frame on. */
  readonly interpolationStopped?: boolean | null
}

/**
 * What a question is answered with: an option, several of them (in order, for a ranking; paths joined by `" / "`,
 * for a tree), a text, yes or no. Objects are for kinds that no document describes, and are sent as they are.
 *
 * @since 0.1.0
 */
export type AnswerValue = string | boolean | ReadonlyArray<string> | Readonly<Record<string, unknown>> | null

const isAnswerValue = (value: unknown): value is AnswerValue =>
  Array.isArray(value)
    ? value.every((one) => typeof one === "string")
    : typeof value === "string" || typeof value === "boolean" || typeof value === "object"

const AnswerValue = Schema.declare(isAnswerValue, {
  title: "an option, a list of options, a text, true or false"
})

/**
 * An answered question, with the questions that its answer revealed.
 *
 * @since 0.1.0
 */
export interface ClassificationInput extends AnnotationFields {
  readonly tool?: string | null
  readonly answer: AnswerValue
  readonly classifications?: ReadonlyArray<ClassificationInput> | null
}

/** @since 0.1.0 */
export const ClassificationInput: Schema.Schema<ClassificationInput> = Open.struct({
  ...common,
  tool: Open.maybe(Schema.String),
  answer: AnswerValue,
  classifications: Open.maybe(
    Schema.Array(Schema.suspend((): Schema.Schema<ClassificationInput> => ClassificationInput))
  )
})
  .pipe(Schema.filter(isNamed, { title: "a classification with a schemaId or a title" }))
  .annotations(asWritten)

interface ObjectFields extends AnnotationFields {
  readonly classifications?: ReadonlyArray<ClassificationInput> | null
}

type Without<Tools extends keyof Geometries> = { readonly [Tool in Tools]?: never }

type ObjectOf<Tool extends keyof Geometries> = ObjectFields &
  Pick<Geometries, Tool> &
  Without<Exclude<keyof Geometries, Tool>>

/**
 * An object of a tool that this library has no type for: sent as it is.
 *
 * @since 0.1.0
 */
export type OtherObject = ObjectFields & Without<keyof Geometries> & { readonly [field: string]: unknown }

/**
 * A drawn object: its tool is the name of the one field that holds its geometry.
 *
 * @since 0.1.0
 */
export type ObjectInput = { [Tool in keyof Geometries]: ObjectOf<Tool> }[keyof Geometries] | OtherObject

const tools = Object.keys(geometries)

const objectFields = Open.struct({
  ...common,
  classifications: Open.maybe(Schema.Array(ClassificationInput)),
  "bounding-box": Open.optional(geometries["bounding-box"]),
  "rotated-bounding-box": Open.optional(geometries["rotated-bounding-box"]),
  polygon: Open.optional(geometries.polygon),
  polyline: Open.optional(geometries.polyline),
  point: Open.optional(geometries.point),
  segmentation: Open.optional(geometries.segmentation),
  ner: Open.optional(geometries.ner),
  pdf: Open.optional(geometries.pdf),
  spline: Open.optional(geometries.spline)
})
  .pipe(
    Schema.filter(isNamed, { title: "an object with a schemaId or a title" }),
    Schema.filter((object) => tools.filter((tool) => tool in object).length <= 1, {
      title: "an object of one tool"
    })
  )
  .annotations(asWritten)

/** @since 0.1.0 */
export const ObjectInput: Schema.Schema<ObjectInput> = Schema.make(objectFields.ast)

/**
 * A link between objects of the same answer, by their objectIds: one to another, or a group.
 *
 * @since 0.1.0
 */
export type RelationInput = AnnotationFields &
  (
    | {
        readonly from: string
        readonly to: string
        readonly direction?: "straight" | "reverse" | "bidirectional"
      }
    | { readonly group: ReadonlyArray<string> }
  )

const relationFields = Open.struct({
  ...common,
  from: Open.maybe(Schema.String),
  to: Open.maybe(Schema.String),
  direction: Open.maybe(
    Schema.Literal("straight", "reverse", "bidirectional").annotations({
      title: "straight, reverse or bidirectional"
    })
  ),
  group: Open.maybe(Schema.Array(Schema.String))
})
  .pipe(
    Schema.filter(isNamed, { title: "a relation with a schemaId or a title" }),
    Schema.filter(({ from, group, to }) => (group == null ? from != null && to != null : true), {
      title: "a relation with from and to, or with a group"
    })
  )
  .annotations(asWritten)

/** @since 0.1.0 */
export const RelationInput: Schema.Schema<RelationInput> = Schema.make(relationFields.ast)

/**
 * An answer to write. Its objects are under `tools`, as in the answers that are read; `objects`, as the hub's
 * import files have it, is the same.
 *
 * @since 0.1.0
 */
export interface AnswerInput {
  readonly tools?: ReadonlyArray<ObjectInput> | null
  /** Another name for `tools`; not both. */
  readonly objects?: ReadonlyArray<ObjectInput> | null
  readonly classifications?: ReadonlyArray<ClassificationInput> | null
  readonly relations?: ReadonlyArray<RelationInput> | null
}

/** The fields of an {@link AnswerInput}. */
export const answerFields = {
  tools: Open.maybe(Schema.Array(ObjectInput)),
  objects: Open.maybe(Schema.Array(ObjectInput)),
  classifications: Open.maybe(Schema.Array(ClassificationInput)),
  relations: Open.maybe(Schema.Array(RelationInput))
} as const

/** Whether the objects have one name only. */
export const oneName = (answer: AnswerInput): boolean => answer.tools == null || answer.objects == null

/** @since 0.1.0 */
export const AnswerInput: Schema.Schema<AnswerInput> = Open.struct(answerFields)
  .pipe(Schema.filter(oneName, { title: "objects under tools or under objects, not both" }))
  .annotations(asWritten)

/**
 * An answer to write in the one form that answers have in this library: objects under `tools`.
 *
 * @since 0.1.0
 */
export const toAnswer = ({ classifications, objects, relations, tools, ...others }: AnswerInput): Answer => ({
  tools: tools ?? objects ?? [],
  classifications: classifications ?? [],
  relations: relations ?? [],
  ...others
})

/**
 * An answer that was read, to be changed and written back.
 *
 * @example
 * ```ts
 * import { Annotation, Annotations, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * // Removes the objects of one class from a task.
 * const without = (taskId: string, schemaId: string) =>
 *   Effect.gen(function*() {
 *     const { answer } = yield* (yield* Tasks).get(taskId, { includeAnswer: true })
 *     const present = Annotation.fromAnswer(answer ?? {})
 *     const tools = (present.tools ?? []).filter((object) => object.schemaId !== schemaId)
 *     return yield* (yield* Annotations).annotate(taskId, { ...present, tools })
 *   })
 * ```
 *
 * @since 0.1.0
 */
export const fromAnswer = (answer: Answer): AnswerInput => answer as AnswerInput
