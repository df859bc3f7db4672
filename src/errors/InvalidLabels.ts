/**
 * Labels that do not match the ontology of their project.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { LabelMistake } from "./LabelMistake.js"

/**
 * An entry of an import does not match the ontology of its project. It was not sent. `mistakes` lists every mistake with
 * its path, what was expected and a suggestion. `row` is the index of the entry in the input (from 0), `key` its
 * externalId.
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
