/**
 * Priorities: which task comes first in a queue.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A priority: a whole number of -1000 to 1000; 0 is the hub's default, and higher ones come first (dossier C34).
 *
 * @since 0.1.0
 */
export const Priority = Schema.Number.pipe(
  Schema.int({ title: "a whole number" }),
  Schema.between(-1000, 1000, { title: "a priority of -1000 to 1000" })
)
