/**
 * How far a list has been read.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * How far a list has been read: a text to keep and to go on from (`{ checkpoint }`). It belongs to one list with
 * its filter, and holds no key. It grows to about 20 kB, and beyond that only where thousands of rows were created at one
 * instant, tell no such instant, or come unsorted: it then holds the ids of all of those.
 *
 * @since 0.1.0
 */
export const Checkpoint = Schema.String.pipe(Schema.brand("Checkpoint"))

/** @since 0.1.0 */
export type Checkpoint = typeof Checkpoint.Type
