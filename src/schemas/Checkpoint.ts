/**
 * Checkpoints of lists.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The position in a list, as a text to store and to resume from (`{ checkpoint }`). It belongs to one list with one
 * filter, and contains no API key. It is up to about 20 kB long, and longer only when thousands of rows share a creation
 * time, have none, or arrive unsorted: it then contains their ids.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Checkpoint = Schema.String.pipe(Schema.brand("Checkpoint"))

/** @since 0.1.0 */
export type Checkpoint = typeof Checkpoint.Type
