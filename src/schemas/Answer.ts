/**
 * Answers: the annotations of a task.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * A drawn object of a stored answer. Its geometry is in the field named after its tool (`bounding-box`, `polygon`, …)
 * and, like all other fields, is not modified. `page` counts from 0.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnswerObject = Open.struct({
  schemaId: Open.maybe(Schema.String),
  objectId: Open.maybe(Schema.String),
  title: Open.maybe(Schema.String),
  page: Open.maybe(Schema.Number)
}).annotations({ identifier: "AnswerObject", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type AnswerObject = typeof AnswerObject.Type

/**
 * An answered classification. Stored answers name options by schemaId; text answers are plain text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnswerClassification = Open.struct({
  schemaId: Open.maybe(Schema.String),
  objectId: Open.maybe(Schema.String),
  tool: Open.maybe(Schema.String),
  title: Open.maybe(Schema.String),
  answer: Open.maybe(Schema.Unknown)
}).annotations({ identifier: "AnswerClassification", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type AnswerClassification = typeof AnswerClassification.Type

/**
 * A relation between objects, by objectId: `from` and `to`, or a `group`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnswerRelation = Open.struct({
  schemaId: Open.maybe(Schema.String),
  objectId: Open.maybe(Schema.String),
  from: Open.maybe(Schema.String),
  to: Open.maybe(Schema.String),
  group: Open.maybe(Schema.Array(Schema.String))
}).annotations({ identifier: "AnswerRelation", ...Open.mayHaveAny })

/** @since 0.1.0 */
export type AnswerRelation = typeof AnswerRelation.Type

/**
 * The stored answer of a task, as responses contain it (docs/api-notes.md#task): objects are under `tools`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Answer = Open.struct({
  tools: Open.maybe(Schema.Array(AnswerObject)),
  classifications: Open.maybe(Schema.Array(AnswerClassification)),
  relations: Open.maybe(Schema.Array(AnswerRelation))
}).annotations({ identifier: "Answer" })

/** @since 0.1.0 */
export type Answer = typeof Answer.Type

/**
 * An answer as requests contain it: objects are under `objects`, and all three lists are present
 * (docs/api-notes.md#answer-keys). Decoding accepts `objects` and `tools`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AnswerPayload = Schema.transform(
  Open.struct({
    objects: Open.maybe(Schema.Array(AnswerObject)),
    ...Answer.fields
  }),
  Schema.typeSchema(Answer),
  {
    strict: true,
    decode: ({ classifications, objects, relations, tools, ...others }) => ({
      tools: objects ?? tools ?? [],
      classifications: classifications ?? [],
      relations: relations ?? [],
      ...others
    }),
    encode: ({ classifications, relations, tools, ...others }) => ({
      objects: tools ?? [],
      classifications: classifications ?? [],
      relations: relations ?? [],
      ...others
    })
  }
)
  .pipe(Open.keepOrder)
  .annotations({ identifier: "AnswerPayload" })

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

// A tracked object has one item per page. The area of a PDF contains its page and, in some sources, the objectId
// (docs/api-notes.md#pdf-object-id).
const objectKey = (object: AnswerObject): string | undefined => {
  const pdf = property(object, "pdf")
  const id = object.objectId ?? property(pdf, "objectId")
  const page = object.page ?? property(pdf, "pageNumber") ?? property(property(pdf, "position"), "pageNumber")
  return typeof id === "string" && id !== "" ? JSON.stringify([id, page ?? null]) : undefined
}

const isSameClassification = (a: AnswerClassification, b: AnswerClassification): boolean =>
  (property(a, "page") ?? null) === (property(b, "page") ?? null) &&
  (a.schemaId == null || b.schemaId == null
    ? a.title != null && a.title === b.title
    : a.schemaId === b.schemaId)

const ends = ({ from, group, to }: AnswerRelation): string =>
  JSON.stringify(group == null ? [from, to] : [...group].sort())

const isSameRelation = (a: AnswerRelation, b: AnswerRelation): boolean =>
  a.objectId != null && b.objectId != null
    ? a.objectId === b.objectId
    : a.schemaId === b.schemaId && ends(a) === ends(b)

/**
 * Merges two answers. Items of `added` replace their counterparts in `present`: an object with the same objectId on the
 * same page, the answers to the same classification (schemaId or title) on the same page, a relation between the same
 * objects. All other items of both are kept, those of `added` first. An object without an objectId replaces nothing.
 *
 * @category utilities
 * @since 0.1.0
 */
export const merge = (present: Answer, added: Answer): Answer => {
  const keys = new Set((added.tools ?? []).map(objectKey))
  const isReplaced =
    <A>(items: ReadonlyArray<A>, isSame: (a: A, b: A) => boolean) =>
    (old: A): boolean =>
      items.some((item) => isSame(item, old))
  const tools = added.tools ?? []
  const classifications = added.classifications ?? []
  const relations = added.relations ?? []
  const isReanswered = isReplaced(classifications, isSameClassification)
  const isRelinked = isReplaced(relations, isSameRelation)
  return {
    ...present,
    ...added,
    tools: [
      ...tools,
      ...(present.tools ?? []).filter((old) => {
        const key = objectKey(old)
        return key === undefined || !keys.has(key)
      })
    ],
    classifications: [
      ...classifications,
      ...(present.classifications ?? []).filter((old) => !isReanswered(old))
    ],
    relations: [...relations, ...(present.relations ?? []).filter((old) => !isRelinked(old))]
  }
}
