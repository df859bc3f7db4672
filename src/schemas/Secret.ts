/**
 * Other people's secrets, which some answers of the hub have carried: an old project embeds its creator with
 * that user's API key (dossier B.2 P3), storages once came with their private keys (D.10).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { keepUnknown } from "./Open.js"

const secretNames = /^(api[-_]?key|private[-_]?key|secret[-_]?access[-_]?key)$/i

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const drop = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(drop)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (secretNames.test(name) ? [] : [[name, drop(field)]]))
  )
}

/**
 * A schema that decodes like `schema` after dropping every field named like a secret (`apiKey`, `privateKey`,
 * `secretAccessKey`), at any depth.
 *
 * @since 0.1.0
 */
export const withoutSecrets = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, I, R> =>
  Schema.compose(
    Schema.transform(Schema.Any, Schema.Any, { strict: true, decode: drop, encode: (value) => value }),
    schema
  ).annotations(keepUnknown)
