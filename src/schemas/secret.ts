/**
 * Secrets of other users, which some responses contain: an old project embeds its creator with that user's API key
 * (docs/api-notes.md#get-project), and storages were returned with their private keys (#storage).
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { keepUnknown } from "./open.js"
import { annotationOf, type Node } from "./schemaShape.js"

const secretNames = /^(api[-_]?key|private[-_]?key|(secret[-_]?)?access[-_]?key)$/i

// Called for each field of each response: the length and the last letter rule out most names.
const isSecret = (name: string): boolean =>
  name.length >= 6 && (name.endsWith("y") || name.endsWith("Y")) && secretNames.test(name)

const isClean = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.every(isClean)
  if (!Predicate.isRecord(value)) return true
  for (const name of Object.keys(value)) if (isSecret(name) || !isClean(value[name])) return false
  return true
}

const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without)
  if (!Predicate.isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (isSecret(name) ? [] : [[name, without(field)]]))
  )
}

// No schema names such a field, so the result still has its type. Few responses contain one: only those are copied.
const drop = <A>(value: A): A => (isClean(value) ? value : (without(value) as A))

const Narrowing: unique symbol = Symbol.for("effect-ango/annotation/Narrowing")

/** The function that drops secrets from a decoded value, if the schema is made by {@link withoutSecrets}. */
export const narrowing = (ast: Node): ((value: unknown) => unknown) | undefined =>
  annotationOf<(value: unknown) => unknown>(ast, Narrowing)

/**
 * A schema that decodes like `schema` and then drops every field named like a secret (`apiKey`, `privateKey`, `accessKey`,
 * `secretAccessKey`), at any depth.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withoutSecrets = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, I, R> =>
  Schema.transform(schema, Schema.typeSchema(schema), {
    strict: true,
    decode: (value) => drop(value),
    encode: (value) => value
  })
    .annotations({ [Narrowing]: drop })
    .pipe(keepUnknown)
