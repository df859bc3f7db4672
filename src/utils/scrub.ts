// Removes secrets from text of the vendor or the platform before it becomes part of an error.
import * as Redacted from "effect/Redacted"

const maxLength = 300

// A pre-signed link is a credential in its query string.
const queryOfUrl = /(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi

// Plain and URL-encoded, the longest first: one key may be a prefix of another.
const spellings = (keys: ReadonlyArray<Redacted.Redacted>): ReadonlyArray<string> =>
  keys
    .map(Redacted.value)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length)

// Keys of service accounts are recognizable; those of users look like any UUID.
const serviceAccountKey = /\bango_sa_[\w-]+/gi

/** Removes the keys, everything like the key of a service account and the query string of every URL, and truncates to 300 characters. */
export const scrub = (text: string, keys: ReadonlyArray<Redacted.Redacted>): string => {
  const withoutKeys = spellings(keys).reduce((rest, secret) => rest.replaceAll(secret, "<redacted>"), text)
  const clean = withoutKeys.replace(queryOfUrl, "$1?…").replace(serviceAccountKey, "<redacted>")
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined

/**
 * Copies a platform error as a plain `Error`: its name, and the messages and codes of the first four causes, without the
 * request, the response or any other field.
 */
export const scrubCause = (cause: unknown, keys: ReadonlyArray<Redacted.Redacted>): Error => {
  const parts: Array<string> = []
  for (let current = cause, depth = 0; current !== undefined && depth < 4; depth++) {
    const code = property(current, "code")
    const message = typeof current === "string" ? current : property(current, "message")
    if (typeof message === "string" && message !== "") {
      parts.push(typeof code === "string" && !message.includes(code) ? `${message} (${code})` : message)
    } else if (typeof code === "string") {
      parts.push(code)
    }
    current = property(current, "cause")
  }
  const error = new Error(scrub(parts.join(": ") || "unknown cause", keys))
  const name = property(cause, "name")
  if (typeof name === "string") error.name = scrub(name, keys)
  delete error.stack
  return error
}
