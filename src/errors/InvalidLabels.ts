/**
 * Labels that do not fit the ontology of their project.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { LabelMistake } from "./LabelMistake.js"

/**
 * An entry of an import that does not fit the ontology of its project; it was not sent. `mistakes` are all that is
 * wrong with it, each with its place, what was expected and what may have been meant. `row` is its place in the input,
 * counted from 0, `key` its externalId.
 *
 * @since 0.1.0
 */
export class InvalidLabels extends Data.TaggedError("InvalidLabels")<{
  readonly row: number
  readonly key?: string
  readonly mistakes: ReadonlyArray<LabelMistake>
  readonly message: string
}> {}
