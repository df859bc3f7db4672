/**
 * Faults as plain data: what happens to a request instead of the normal response.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import { invariant } from "./invariant.js"

/**
 * One fault, for one request. Faults are plain data: they can be printed, and restored from JSON.
 *
 * @category testing
 * @since 0.1.0
 */
export type Fault =
  | { readonly _tag: "Ok" }
  | Respond
  | { readonly _tag: "Latency"; readonly millis: number | Distribution; readonly fault: Fault }
  | { readonly _tag: "Refuse" }
  | Reset
  | Hang
  | { readonly _tag: "AfterProcessing"; readonly fault: Respond | Reset | Hang }
  | { readonly _tag: "CutBody"; readonly at: number }
  | { readonly _tag: "StallBody"; readonly at: number }
  | { readonly _tag: "TruncateBody"; readonly at: number | "half" }
  | { readonly _tag: "MalformedJson" }
  | { readonly _tag: "DuplicatePage" }
  | { readonly _tag: "ShiftPage"; readonly by: number }
  | { readonly _tag: "PartialWrite"; readonly share: number }
  | { readonly _tag: "CutUpload" | "StallUpload"; readonly at: number }
  | { readonly _tag: "SlowUpload"; readonly bytesPerSecond: number }

/**
 * A complete response in place of the hub's. Made by {@link respond}, {@link fail}, {@link html} and others.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Respond {
  readonly _tag: "Respond"
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A connection reset. Its value is {@link reset}.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Reset {
  readonly _tag: "Reset"
}

/**
 * A request without any response. Its value is {@link hang}.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Hang {
  readonly _tag: "Hang"
}

/**
 * How random latencies are distributed, in milliseconds: see {@link uniform} and {@link exponential}.
 *
 * @category testing
 * @since 0.1.0
 */
export type Distribution =
  | { readonly _tag: "Uniform"; readonly min: number; readonly max: number }
  | { readonly _tag: "Exponential"; readonly mean: number }

const toFiniteMillis = (duration: Duration.DurationInput): number => {
  const millis = Duration.toMillis(duration)
  invariant(
    Number.isFinite(millis),
    "A latency must be finite. For a request that never gets a response use Faults.hang."
  )
  return millis
}

const byteCount = (at: number): number => {
  invariant(
    Number.isInteger(at) && at >= 0,
    `A response body cannot stop after ${at} bytes. Use a whole number of 0 or more.`
  )
  return at
}

/**
 * No fault: the hub responds normally.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * // The first request succeeds, the second gets a 503, all later ones succeed.
 * const script: Faults.Script = [Faults.ok, Faults.fail(503)]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const ok: Fault = { _tag: "Ok" }

const statusesWithoutBody = [204, 205, 304]

/**
 * Responds with this status, body and headers. The hub does not process the request.
 *
 * `status` is 200 to 599; 204, 205 and 304 have no body. Headers default to `content-type: application/json` when
 * there is a body. Throws a `RangeError` or `TypeError` for a response that cannot be sent.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * const maintenance = Faults.respond(503, "Back at noon.", { "content-type": "text/plain", "retry-after": "60" })
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const respond = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = body === "" ? {} : { "content-type": "application/json" }
): Respond => {
  invariant(
    Number.isInteger(status) && status >= 200 && status <= 599,
    `A response cannot have status ${status}. Use 200 to 599.`
  )
  invariant(
    body === "" || !statusesWithoutBody.includes(status),
    `A response with status ${status} has no body. Use "".`
  )
  return { _tag: "Respond", status, body, headers: Object.fromEntries(new Headers(headers)) }
}

/**
 * Responds with 429, and with `Retry-After` in whole seconds (rounded up) when `retryAfter` is set. The hub does not
 * process the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const tooManyRequests = (options: { readonly retryAfter?: Duration.DurationInput } = {}): Respond =>
  respond(429, JSON.stringify({ status: "fail", message: "Too many requests." }), {
    "content-type": "application/json",
    ...(options.retryAfter === undefined
      ? {}
      : { "retry-after": String(Math.ceil(Duration.toSeconds(options.retryAfter))) })
  })

/**
 * Responds with an error in the hub's JSON envelope: `{ "status": "fail" | "error", "message": … }`. The hub does not
 * process the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const fail = (status: number, message = "Something went wrong."): Respond =>
  respond(status, JSON.stringify({ status: status < 500 ? "fail" : "error", message }))

/**
 * Responds with 451: the organization's IP or country restriction (docs/api-notes.md#errors). The hub does not process
 * the request.
 *
 * @remarks undocumented: the message.
 * @category testing
 * @since 0.1.0
 */
export const restricted: Respond = fail(451, "Access from your location is not allowed.")

/**
 * Responds with an HTML page, as a proxy does; status 502 by default. The hub does not process the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const html = (status = 502): Respond =>
  respond(status, "<!doctype html><html><body><h1>Bad gateway</h1></body></html>", {
    "content-type": "text/html"
  })

/**
 * Responds without a body; status 200 by default. The hub does not process the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const emptyBody = (status = 200): Respond => respond(status, "")

/**
 * Redirects to another URL; status 302 by default. The hub does not process the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const redirect = (location: string, status = 302): Respond => respond(status, "", { location })

/**
 * Refuses the connection. The request does not reach the hub and is not in `hub.requests`.
 *
 * Behind a socket the connection is already open when the hub reads which operation is requested: there, this fault
 * is a {@link reset}.
 *
 * @category testing
 * @since 0.1.0
 */
export const refuse: Fault = { _tag: "Refuse" }

/**
 * Resets the connection before the hub reads the request. The request is not processed and is not in `hub.requests`.
 *
 * For a reset after the work is done use `afterProcessing(reset)`.
 *
 * @category testing
 * @since 0.1.0
 */
export const reset: Reset = { _tag: "Reset" }

/**
 * Never responds: the request hangs until the client gives up or the hub's scope closes. The hub does not process it.
 *
 * @category testing
 * @since 0.1.0
 */
export const hang: Hang = { _tag: "Hang" }

/**
 * Lets the hub process the request, then applies the fault instead of sending the response: the change was made, but
 * the client cannot know.
 *
 * `afterProcessing(reset)` and `afterProcessing(hang)` are lost responses, `afterProcessing(fail(502))` is a proxy
 * error. Use them to test that a create is not repeated.
 *
 * @example
 * ```ts
 * import { Emulator, Faults } from "effect-ango/emulator"
 * import { Effect } from "effect"
 *
 * // The project is created, the response is lost.
 * const loseResponse = Effect.flatMap(Emulator, (hub) =>
 *   hub.faults.on("projects.create", Faults.afterProcessing(Faults.reset))
 * )
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const afterProcessing = (fault: Respond | Reset | Hang): Fault => ({ _tag: "AfterProcessing", fault })

/**
 * Breaks the connection after the first `at` bytes of the response body. The request was processed.
 *
 * @category testing
 * @since 0.1.0
 */
export const cutBody = (at: number): Fault => ({ _tag: "CutBody", at: byteCount(at) })

/**
 * Stops sending after the first `at` bytes of the response body; the body neither ends nor fails. The request was
 * processed.
 *
 * @category testing
 * @since 0.1.0
 */
export const stallBody = (at: number): Fault => ({ _tag: "StallBody", at: byteCount(at) })

/**
 * Ends the response body normally after `at` bytes (default: half of it), so that at least one byte is missing. The
 * request was processed.
 *
 * @category testing
 * @since 0.1.0
 */
export const truncateBody = (at?: number): Fault => ({
  _tag: "TruncateBody",
  at: at === undefined ? "half" : byteCount(at)
})

/**
 * Sends a complete response body that is not valid JSON: its first colon is missing. The request was processed.
 *
 * @category testing
 * @since 0.1.0
 */
export const malformedJson: Fault = { _tag: "MalformedJson" }

/**
 * Responds to a list request with the previous page, as a cache that mixes up pages would.
 *
 * The first page is returned unchanged, as is any request without `page` in its query.
 *
 * @category testing
 * @since 0.1.0
 */
export const duplicatePage: Fault = { _tag: "DuplicatePage" }

/**
 * Responds to a list request as if the list had changed since the previous page was read.
 *
 * - Positive `by`: as if that many rows had been inserted at the top. The page starts with the last `by` rows of the
 *   previous page, so the client receives them twice.
 * - Negative `by`: as if that many rows before this page had been deleted, so the client misses that many rows.
 *
 * `total` stays the same. Nothing changes when there is no neighbouring page, or no `page` in the query.
 *
 * @category testing
 * @since 0.1.0
 */
export const shiftPage = (by: number): Fault => {
  invariant(Number.isInteger(by), `A page cannot be shifted by ${by} rows. Use a whole number.`)
  return { _tag: "ShiftPage", by }
}

/**
 * Applies a write of many rows to floor(`share` × rows) rows only, evenly spaced; `share` is 0 to 1. The response counts
 * the rows that were applied.
 *
 * Affects cloud imports, label imports, attachments, task assignment, requeue and batch assignment. Other operations
 * respond normally, and so does every request through a `FaultyClient`, which cannot change what a hub applies.
 *
 * @remarks undocumented: whether the real hub applies writes partially, and to which rows. Its responses hold counts,
 * which need not match the request.
 *
 * @category testing
 * @since 0.1.0
 */
export const partialWrite = (share: number): Fault => {
  invariant(share >= 0 && share <= 1, `A share cannot be ${share}. Use a number from 0 to 1.`)
  return { _tag: "PartialWrite", share }
}

/**
 * Latencies from `min` to `max`, all equally likely.
 *
 * @category testing
 * @since 0.1.0
 */
export const uniform = (min: Duration.DurationInput, max: Duration.DurationInput): Distribution => {
  const [from, to] = [toFiniteMillis(min), toFiniteMillis(max)]
  invariant(from <= to, `A latency cannot lie between ${from} and ${to} ms. Give the shorter time first.`)
  return { _tag: "Uniform", min: from, max: to }
}

/**
 * Mostly short latencies with occasional long ones: one in three exceeds the mean, one in twenty exceeds three times
 * the mean.
 *
 * @category testing
 * @since 0.1.0
 */
export const exponential = (mean: Duration.DurationInput): Distribution => ({
  _tag: "Exponential",
  mean: toFiniteMillis(mean)
})

/**
 * Delays the request, then applies `fault` (default: {@link ok}, a normal response).
 *
 * `time` is fixed, or drawn per request from a distribution with the script's seed. Time is that of Effect's `Clock`:
 * in a test on virtual time it passes with `TestClock.adjust`.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * const slow = Faults.repeat(Faults.latency(Faults.uniform("50 millis", "2 seconds")))
 * const slowFailure = Faults.latency("30 seconds", Faults.fail(504))
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const latency = (time: Duration.DurationInput | Distribution, fault: Fault = ok): Fault => ({
  _tag: "Latency",
  millis: typeof time === "object" && "_tag" in time ? time : toFiniteMillis(time),
  fault
})

/**
 * Whether the hub processes a request under this fault, whatever the client receives.
 *
 * @category testing
 * @since 0.1.0
 */
export const isProcessed = (fault: Fault): boolean => {
  switch (fault._tag) {
    case "Latency":
      return isProcessed(fault.fault)
    case "Respond":
    case "Refuse":
    case "Reset":
    case "Hang":
    case "CutUpload":
    case "StallUpload":
      return false
    default:
      return true
  }
}
