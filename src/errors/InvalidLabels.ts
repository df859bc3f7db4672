/**
 * Labels that are invalid for the ontology of their project.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { LabelMistake } from "./LabelMistake.js"

/**
 * An entry of an import that is invalid for the ontology of its project; it was not sent. `mistakes` lists every mistake
 * with its path, what was found, what is expected and a suggestion. `row` is the index of the entry, counted from 0;
 * `key` is its externalId.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidLabels extends Data.TaggedError("InvalidLabels")<{
  readonly row: number
  readonly key?: string
  readonly mistakes: ReadonlyArray<LabelMistake>
  readonly message: string
}> {}
