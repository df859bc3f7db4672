// Decoding that costs less than the parsing before it.
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import { compileSchema } from "./compile.js"
import { type Decode, refused } from "./decoding.js"
import type { Finding } from "./finding.js"

/**
 * Decodes what `JSON.parse` has just given and nobody else holds: the result shares all of it that is right as it is.
 * What is new to us in it is added to `findings`.
 */
export type Decoder<A> = (
  input: unknown,
  findings?: Array<Finding>
) => Either.Either<A, ParseResult.ParseIssue>

/**
 * `Schema.decodeUnknownEither`, compiled at its first use. Nothing of the input is changed: a value that the compiled
 * form refuses is decoded by `Schema` itself, whose words tell what is wrong with it. `name` is what findings outside of
 * every schema with an identifier are told of.
 */
export const decoder = <A, I>(schema: Schema.Schema<A, I>, name = ""): Decoder<A> => {
  let compiled: Decode | undefined
  return (input, findings = []) => {
    compiled ??= compileSchema(schema, name)
    const before = findings.length
    const decoded = compiled(input, findings)
    if (decoded !== refused) return Either.right(decoded as A)
    findings.length = before
    return ParseResult.decodeUnknownEither(schema)(input)
  }
}
