/**
 * Request bodies that only the emulator accepts: those of other documents and older clients.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { decodeOnly } from "../schemas/parseIssue.js"
import { titleOf } from "../schemas/schemaShape.js"

/**
 * Decodes `canonical` or `variant`, and encodes `canonical` only: an input that `canonical` refuses is refused.
 *
 * @category combinators
 * @since 0.1.0
 */
export const alsoRead = <A, I, B, J>(canonical: Schema.Schema<A, I>, variant: Schema.Schema<B, J>) => {
  const title = titleOf(canonical.ast)
  return Schema.Union(canonical, decodeOnly(variant)).annotations(title === undefined ? {} : { title })
}
