/**
 * Documented variants of a request that this client never sends.
 *
 * @since 0.1.0
 */
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/**
 * A variant that the hub understands: it decodes like `schema` and cannot be encoded, so that beside the canonical
 * form in a union it lets no input through that the canonical form refuses.
 *
 * @since 0.1.0
 */
export const understood = <A, I>(schema: Schema.Schema<A, I>): Schema.Schema<A, I> =>
  Schema.transformOrFail(schema, Schema.typeSchema(schema), {
    strict: true,
    decode: (value) => ParseResult.succeed(value),
    encode: (value, _, ast) =>
      ParseResult.fail(new ParseResult.Forbidden(ast, value, "the client sends another form"))
  })
