/**
 * Other people's secrets, which some answers of the hub have carried: an old project embeds its creator with
 * that user's API key (dossier B.2 P3), storages once came with their private keys (D.10).
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { keepUnknown } from "./Open.js"

const secretNames = /^(api[-_]?key|private[-_]?key|secret[-_]?access[-_]?key)$/i

// No schema of ours names such a field, so that what is left is still of the type.
const drop = <A>(value: A): A => {
  if (Array.isArray(value)) return value.map(drop) as A
  if (!Predicate.isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (secretNames.test(name) ? [] : [[name, drop(field)]]))
  ) as A
}

/**
 * A schema that decodes like `schema` and then drops every field named like a secret (`apiKey`, `privateKey`,
 * `secretAccessKey`), at any depth.
 *
 * @since 0.1.0
 */
export const withoutSecrets = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, I, R> =>
  Schema.transform(schema, Schema.typeSchema(schema), {
    strict: true,
    decode: (value) => drop(value),
    encode: (value) => value
  }).annotations(keepUnknown)
