/**
 * How far a list has been read.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * How far a list has been read: a text to keep and to go on from (`{ from: checkpoint }`). It belongs to one list with
 * its filter, holds no key, and grows to about 20 kB at most.
 *
 * @since 0.1.0
 */
export const Checkpoint = Schema.String.pipe(Schema.brand("Checkpoint"))

/** @since 0.1.0 */
export type Checkpoint = typeof Checkpoint.Type
