/**
 * Answers: what annotators drew and chose.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * One drawn object of a stored answer. The geometry sits under the name of its tool (`bounding-box`,
 * `polygon`, …) and is kept as it came, like every other field. `page` counts from 0.
 *
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
 * One answered question. Stored answers name options by their schemaId; free text is text.
 *
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
 * One link between objects: `from` and `to`, or the `group` of object ids.
 *
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
 * The stored answer of a task, as reads give it (docs/api-notes.md#task): objects are under `tools`.
 *
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
 * The answer as it is written: objects are under `objects`, and all three lists are there
 * (docs/api-notes.md#answer-keys). Read from either name.
 *
 * @since 0.1.0
 */
export const WrittenAnswer = Schema.transform(
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
  .annotations({ identifier: "WrittenAnswer" })

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

// One object of a video or a document is an entry per page. The page of a PDF is told inside of its area, and so is
// the objectId in some sources (docs/api-notes.md#pdf-object-id).
const objectKey = (object: AnswerObject): string | undefined => {
  const pdf = property(object, "pdf")
  const id = object.objectId ?? property(pdf, "objectId")
  const page = object.page ?? property(pdf, "pageNumber") ?? property(property(pdf, "position"), "pageNumber")
  return typeof id === "string" && id !== "" ? JSON.stringify([id, page ?? null]) : undefined
}

const isSameQuestion = (a: AnswerClassification, b: AnswerClassification): boolean =>
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
 * Two answers in one. What `added` says again replaces what `present` said: an object with the same objectId on the
 * same page, the answers to the same question (schemaId) on the same page, a relation between the same objects.
 * Everything else of both is kept, `added` first. An object without an objectId replaces nothing.
 *
 * @since 0.1.0
 */
export const merge = (present: Answer, added: Answer): Answer => {
  const keys = new Set((added.tools ?? []).map(objectKey))
  const again =
    <A>(items: ReadonlyArray<A>, isSame: (a: A, b: A) => boolean) =>
    (old: A): boolean =>
      items.some((item) => isSame(item, old))
  const tools = added.tools ?? []
  const classifications = added.classifications ?? []
  const relations = added.relations ?? []
  const asked = again(classifications, isSameQuestion)
  const linked = again(relations, isSameRelation)
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
    classifications: [...classifications, ...(present.classifications ?? []).filter((old) => !asked(old))],
    relations: [...relations, ...(present.relations ?? []).filter((old) => !linked(old))]
  }
}
