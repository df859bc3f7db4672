/**
 * Bodies that the embedded hub understands besides the one that is sent: other documents, older clients.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { decodeOnly } from "../schemas/parseIssue.js"
import { titleOf } from "../schemas/schemaShape.js"

/**
 * `canonical`, and on reading also `variant`. A variant is never written: an input that `canonical` refuses stays
 * refused.
 *
 * @since 0.1.0
 */
export const alsoRead = <A, I, B, J>(canonical: Schema.Schema<A, I>, variant: Schema.Schema<B, J>) => {
  const title = titleOf(canonical.ast)
  return Schema.Union(canonical, decodeOnly(variant)).annotations(title === undefined ? {} : { title })
}
