// Decoding that costs less than the parsing before it.
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import type * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import { type Decode, decodeFailure } from "./decodeResult.js"
import type { DriftFinding } from "./drift.js"
import { compileSchema } from "./schemaCompiler.js"

/**
 * Decodes what `JSON.parse` has just given and nobody else holds: the result shares all of it that is right as it is.
 * What is new to us in it is added to `findings`.
 */
export type Decoder<A> = (
  input: unknown,
  findings?: Array<DriftFinding>
) => Either.Either<A, ParseResult.ParseIssue>

// The compiled form goes over keys by `for in`, which is several times as fast as `Object.keys`. It sees inherited ones
// too: where a program has put some on every object, the other form is right.
const isInherited = (): boolean => {
  for (const _ in {}) return true
  return false
}

// Compiled once for all clients: nothing of a client is in it but names and ids that help to guess the next ones.
const compiled = new WeakMap<AST.AST, Map<string, Decode>>()

const compiledOnce = (schema: Schema.Schema.AnyNoContext, name: string): Decode => {
  const byName = compiled.get(schema.ast) ?? new Map<string, Decode>()
  const decode = byName.get(name) ?? compileSchema(schema, name)
  compiled.set(schema.ast, byName.set(name, decode))
  return decode
}

/**
 * `Schema.decodeUnknownEither`, compiled at its first use. Nothing of the input is changed: a value that the compiled
 * form refuses is decoded by `Schema` itself, whose words tell what is wrong with it. `name` is what findings outside of
 * every schema with an identifier are told of.
 */
export const decoder = <A, I>(schema: Schema.Schema<A, I>, name = ""): Decoder<A> => {
  let decode: Decode | undefined
  return (input, findings = []) => {
    decode ??= compiledOnce(schema, name)
    const before = findings.length
    const decoded = isInherited() ? decodeFailure : decode(input, findings)
    if (decoded !== decodeFailure) return Either.right(decoded as A)
    findings.length = before
    return ParseResult.decodeUnknownEither(schema)(input)
  }
}
