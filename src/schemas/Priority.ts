/**
 * Priorities: which task comes first in a queue.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

const range = { title: "a whole number of -1000 to 1000" }

/**
 * A priority: a whole number of -1000 to 1000; 0 is the hub's default, and higher ones come first
 * (docs/api-notes.md#priority-range).
 *
 * @since 0.1.0
 */
export const Priority = Schema.Int.annotations(range).pipe(Schema.between(-1000, 1000, range))
