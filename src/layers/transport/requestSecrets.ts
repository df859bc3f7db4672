/**
 * The secrets in the body of a request, such as the key of a storage: errors and dry runs must not show them.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

// Secrets are fields of the body or of an object in it. Lists are rows of bulk writes, which have none.
const depth = 2

const secretsIn = (value: unknown, level: number): ReadonlyArray<Redacted.Redacted> => {
  if (Redacted.isRedacted(value)) {
    const secret = Redacted.value(value)
    return typeof secret === "string" && secret !== "" ? [Redacted.make(secret)] : []
  }
  if (level === 0 || !Predicate.isRecord(value)) return []
  return Object.values(value).flatMap((field) => secretsIn(field, level - 1))
}

/** The secrets in the payload of a request. They are copies: the caller may wipe its own. */
export const requestSecrets = (request: unknown): ReadonlyArray<Redacted.Redacted> =>
  Predicate.hasProperty(request, "payload") ? secretsIn(request.payload, depth) : []

// Shorter texts occur in messages by chance.
const minLength = 4

/** The secrets that errors are scrubbed of. */
export const scrubbedSecrets = (
  secrets: ReadonlyArray<Redacted.Redacted>
): ReadonlyArray<Redacted.Redacted> => secrets.filter((secret) => Redacted.value(secret).length >= minLength)

/** A JSON value in which the secrets are replaced by `<redacted>`. */
export const redactSecrets = (value: unknown, secrets: ReadonlyArray<Redacted.Redacted>): unknown => {
  if (secrets.length === 0) return value
  if (typeof value === "string") {
    return secrets.some((secret) => Redacted.value(secret) === value) ? "<redacted>" : value
  }
  if (Array.isArray(value)) return value.map((item) => redactSecrets(item, secrets))
  if (!Predicate.isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, redactSecrets(field, secrets)])
  )
}
