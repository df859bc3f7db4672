/**
 * Priorities, which order the tasks in a queue.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

const range = { title: "an integer from -1000 to 1000" }

/**
 * A priority: an integer from -1000 to 1000. The default is 0; higher priorities come first
 * (docs/api-notes.md#priority-range).
 *
 * @category schemas
 * @since 0.1.0
 */
export const Priority = Schema.Int.annotations(range).pipe(Schema.between(-1000, 1000, range))
