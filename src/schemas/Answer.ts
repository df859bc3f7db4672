/**
 * Answers: what annotators drew and chose.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./Open.js"

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
}).annotations({ identifier: "AnswerObject" })

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
}).annotations({ identifier: "AnswerClassification" })

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
}).annotations({ identifier: "AnswerRelation" })

/** @since 0.1.0 */
export type AnswerRelation = typeof AnswerRelation.Type

/**
 * The stored answer of a task, as reads give it (dossier D.5): objects are under `tools`.
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
