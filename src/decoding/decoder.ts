// Decoding that costs less than `JSON.parse` did.
import * as Either from "effect/Either"
import type * as Schema from "effect/Schema"
import { decodeUnknownEither, type ParseIssue } from "../schemas/parseIssue.js"
import type { Node } from "../schemas/schemaShape.js"
import { type Decode, decodeFailure } from "./decodeResult.js"
import { compileSchema } from "./schemaCompiler.js"
import type { DriftFinding } from "./unknownFields.js"

/**
 * Decodes a result of `JSON.parse` that nothing else refers to: the decoded value shares every part that does not
 * change. Appends unknown fields and values to `findings`.
 */
export type Decoder<A> = (input: unknown, findings?: Array<DriftFinding>) => Either.Either<A, ParseIssue>

// Compiled decoders iterate over keys with `for in`, which is several times as fast as `Object.keys` and includes
// inherited keys. Where a program has added enumerable keys to `Object.prototype`, `Schema` decodes instead.
const hasInheritedKeys = (): boolean => {
  for (const _ in {}) return true
  return false
}

// Shared by all clients. A compiled decoder remembers keys and ids that help to guess the next ones, and no other data.
const compiled = new WeakMap<Node, Map<string, Decode>>()

const compileOnce = (schema: Schema.Schema.AnyNoContext, name: string): Decode => {
  const byName = compiled.get(schema.ast) ?? new Map<string, Decode>()
  const decode = byName.get(name) ?? compileSchema(schema, name)
  compiled.set(schema.ast, byName.set(name, decode))
  return decode
}

/**
 * `Schema.decodeUnknownEither`, compiled at first use. The input is not modified. A value that the compiled decoder
 * refuses is decoded again by `Schema`, whose issue says what does not match. `name` is the `schema` of findings outside
 * of every schema with an identifier.
 */
export const decoder = <A, I>(schema: Schema.Schema<A, I>, name = ""): Decoder<A> => {
  let decode: Decode | undefined
  return (input, findings = []) => {
    decode ??= compileOnce(schema, name)
    const before = findings.length
    const decoded = hasInheritedKeys() ? decodeFailure : decode(input, findings)
    if (decoded !== decodeFailure) return Either.right(decoded as A)
    findings.length = before
    return decodeUnknownEither(schema)(input)
  }
}
