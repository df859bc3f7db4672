// Encoding of request bodies, compiled as decoding is.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { encodeUnknownEither, type ParseIssue } from "../schemas/parseIssue.js"
import { reverse } from "../schemas/schemaShape.js"
import { decoder } from "./decoder.js"

/** Encodes a value; the result shares every part that does not change. */
export type Encoder<I> = (value: unknown) => Either.Either<I, ParseIssue>

/**
 * `Schema.encodeUnknownEither`. A schema that keeps the order of fields is compiled at first use: reversed, it decodes. A
 * value that it refuses is encoded again by `Schema`, whose issue says what does not match.
 */
export const encoder = <A, I>(schema: Schema.Schema<A, I>): Encoder<I> => {
  const reversed = reverse(schema.ast)
  const encode = encodeUnknownEither(schema)
  if (reversed === undefined) return encode
  const decode = decoder<I, unknown>(Schema.make(reversed))
  return (value) => Either.orElse(decode(value), () => encode(value))
}
