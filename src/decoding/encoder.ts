// Encoding of request bodies, compiled as decoding is.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { encodeUnknownEither, type ParseIssue } from "../schemas/parseIssue.js"
import { reverse } from "../schemas/schemaShape.js"
import { decoder } from "./decoder.js"

/** Encodes a value; the result shares every part that does not change. */
export type Encoder<I> = (value: unknown) => Either.Either<I, ParseIssue>

/**
 * `Schema.encodeUnknownEither` for a schema that keeps the order of fields, compiled at first use: reversed, it decodes. A
 * value that it refuses is encoded again by `Schema`, whose issue says what does not match. Other schemas have no encoder.
 */
export const encoder = <A, I>(schema: Schema.Schema<A, I>): Encoder<I> | undefined => {
  const reversed = reverse(schema.ast)
  if (reversed === undefined) return undefined
  const decode = decoder<I, unknown>(Schema.make(reversed))
  const encode = encodeUnknownEither(schema)
  return (value) => Either.orElse(decode(value), () => encode(value))
}
