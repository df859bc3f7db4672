/**
 * Annotations to write: objects, classifications and relations, validated before they are sent
 * (docs/api-notes.md#answer-format).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { Answer } from "./Answer.js"
import { type Geometries, geometries } from "./Geometry.js"
import * as Open from "./open.js"

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
 * A duration in milliseconds, 0 or more.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Milliseconds = Schema.Number.pipe(
  Schema.finite({ title: "milliseconds, 0 or more" }),
  Schema.nonNegative({ title: "milliseconds, 0 or more" })
)

/**
 * The fields that every annotation may have.
 *
 * @category models
 * @since 0.1.0
 */
export interface AnnotationFields {
  /** The tool, classification or relation of the ontology. Give this, or a `title`. */
  readonly schemaId?: string | null
  /** The title of the class, instead of a `schemaId`. If several classes share it, the hub picks one at random. */
  readonly title?: string | null
  /** Any text; default: an id from the hub. The same id on several pages makes one tracked object. */
  readonly objectId?: string | null
  readonly lock?: boolean | null
  /** Page or frame, counted from 0. */
  readonly page?: number | null
  /** Whether the object ends before this frame. */
  readonly interpolationStopped?: boolean | null
}

/**
 * The answer to a classification: an option, a list of options (in order for `rank`, paths joined by `" / "` for
 * `tree-dropdown`), a text or a boolean. Objects are for kinds without documentation and are sent unchanged.
 *
 * @category models
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
 * An answered classification, with the answers to its nested classifications.
 *
 * @category models
 * @since 0.1.0
 */
export interface ClassificationInput extends AnnotationFields {
  /** The kind, such as `radio`. */
  readonly tool?: string | null
  readonly answer: AnswerValue
  /** Answers to nested classifications. */
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
  .pipe(Open.keepOrder)

interface ObjectFields extends AnnotationFields {
  readonly classifications?: ReadonlyArray<ClassificationInput> | null
}

type WithoutGeometry<Tools extends keyof Geometries> = { readonly [Tool in Tools]?: never }

type ObjectOf<Tool extends keyof Geometries> = ObjectFields &
  Pick<Geometries, Tool> &
  WithoutGeometry<Exclude<keyof Geometries, Tool>>

/**
 * An object of a tool that this library has no type for. It is sent unchanged.
 *
 * @category models
 * @since 0.1.0
 */
export type OtherObject = ObjectFields &
  WithoutGeometry<keyof Geometries> & { readonly [field: string]: unknown }

/**
 * A drawn object. Its geometry is in the field named after its tool; it has exactly one.
 *
 * @category models
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
  .pipe(Open.keepOrder)

/** @since 0.1.0 */
export const ObjectInput: Schema.Schema<ObjectInput> = Schema.make(objectFields.ast)

/**
 * A relation between objects of the same answer, by objectId: from one to another, or a group.
 *
 * @category models
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
  .pipe(Open.keepOrder)

/** @since 0.1.0 */
export const RelationInput: Schema.Schema<RelationInput> = Schema.make(relationFields.ast)

/**
 * An answer to write. Its objects are under `tools`, as in stored answers, or under `objects`, as in import files.
 *
 * @category models
 * @since 0.1.0
 */
export interface AnswerInput {
  readonly tools?: ReadonlyArray<ObjectInput> | null
  /** Another name for `tools`. Give one of them. */
  readonly objects?: ReadonlyArray<ObjectInput> | null
  readonly classifications?: ReadonlyArray<ClassificationInput> | null
  readonly relations?: ReadonlyArray<RelationInput> | null
}

/**
 * The fields of an {@link AnswerInput}.
 *
 * @category utilities
 * @since 0.1.0
 */
export const answerFields = {
  tools: Open.maybe(Schema.Array(ObjectInput)),
  objects: Open.maybe(Schema.Array(ObjectInput)),
  classifications: Open.maybe(Schema.Array(ClassificationInput)),
  relations: Open.maybe(Schema.Array(RelationInput))
} as const

/**
 * Whether an answer has its objects under one name only.
 *
 * @category utilities
 * @since 0.1.0
 */
export const hasOneObjectList = (answer: AnswerInput): boolean =>
  answer.tools == null || answer.objects == null

/** @since 0.1.0 */
export const AnswerInput: Schema.Schema<AnswerInput> = Open.struct(answerFields)
  .pipe(Schema.filter(hasOneObjectList, { title: "objects under tools or under objects, not both" }))
  .pipe(Open.keepOrder)

/**
 * Converts an answer to write into the form of stored answers: objects under `tools`, and all three lists present.
 *
 * @category utilities
 * @since 0.1.0
 */
export const toAnswer = ({ classifications, objects, relations, tools, ...others }: AnswerInput): Answer => ({
  tools: tools ?? objects ?? [],
  classifications: classifications ?? [],
  relations: relations ?? [],
  ...others
})

/**
 * Converts a stored answer into an answer to write, to change it and write it back.
 *
 * @example
 * ```ts
 * import { Annotation, Annotations, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * // Removes the objects of one class from a task.
 * const removeClass = (taskId: string, schemaId: string) =>
 *   Effect.gen(function*() {
 *     const { answer } = yield* (yield* Tasks).get(taskId, { includeAnswer: true })
 *     const present = Annotation.fromAnswer(answer ?? {})
 *     const tools = (present.tools ?? []).filter((object) => object.schemaId !== schemaId)
 *     return yield* (yield* Annotations).annotate(taskId, { ...present, tools })
 *   })
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const fromAnswer = (answer: Answer): AnswerInput => answer as AnswerInput
