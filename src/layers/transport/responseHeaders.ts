// The response headers that the client reads.
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import { scrub } from "../../utils/scrub.js"

const requestIdHeaders = ["x-request-id", "x-amzn-requestid", "x-amzn-trace-id", "cf-ray"]

/** The id under which the hub or a proxy logged the request, if a header carries one. */
export const requestId = (
  response: { readonly headers: Readonly<Record<string, string>> },
  keys: ReadonlyArray<Redacted.Redacted>
): { readonly requestId?: string } => {
  const name = requestIdHeaders.find((candidate) => response.headers[candidate] !== undefined)
  const value = name === undefined ? undefined : response.headers[name]
  return value === undefined ? {} : { requestId: scrub(value, keys) }
}

/** The time of the hub or storage when it responded, in epoch milliseconds; `NaN` without a valid `Date` header. */
export const serverMillis = (headers: Readonly<Record<string, string>>): number =>
  Date.parse(headers["date"] ?? "")

/**
 * How long a response asks to wait: `Retry-After` in seconds, or as an HTTP date. A date is compared with the `Date` of
 * the same response, as the clocks may differ; without one, with `now` (epoch milliseconds).
 */
export const retryAfter = (
  headers: Readonly<Record<string, string>>,
  now: number
): Duration.Duration | undefined => {
  const text = headers["retry-after"]?.trim() ?? ""
  if (/^\d+(\.\d+)?$/.test(text)) return Duration.seconds(Number(text))
  // An HTTP date starts with a weekday. `Date.parse` also accepts texts that are no HTTP dates.
  const until = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(until)) return undefined
  const sent = serverMillis(headers)
  return Duration.millis(Math.max(0, until - (Number.isNaN(sent) ? now : sent)))
}
