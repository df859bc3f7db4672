// Text that came from outside (vendor messages, platform errors) before it may stand in an error of ours.
import * as Redacted from "effect/Redacted"

const maxLength = 300

// A pre-signed link is a credential in its query string.
const queryOfUrl = /(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi

/** Removes the key and every URL's query string, and shortens. */
export const scrub = (text: string, key?: Redacted.Redacted): string => {
  const secret = key === undefined ? "" : Redacted.value(key)
  const clean = (secret === "" ? text : text.replaceAll(secret, "<redacted>")).replace(queryOfUrl, "$1?…")
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined

/**
 * A platform's error as a plain one: names, codes and messages down the chain of causes, without the request,
 * the response or anything else that hangs on the original.
 */
export const scrubCause = (cause: unknown, key?: Redacted.Redacted): Error => {
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
  const error = new Error(scrub(parts.join(": ") || "unknown cause", key))
  const name = property(cause, "name")
  if (typeof name === "string") error.name = scrub(name, key)
  delete error.stack
  return error
}
