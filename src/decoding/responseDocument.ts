// Responses whose content is not documented and that may contain a document.
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** The document that a response decoded by `maybeWith` has under `name`; `undefined` if it has none of that shape. */
export const documentIn = <A, I>(data: unknown, name: string, schema: Schema.Schema<A, I>): A | undefined => {
  const document = Predicate.isRecord(data) ? data[name] : undefined
  return Schema.is(schema)(document) ? document : undefined
}
