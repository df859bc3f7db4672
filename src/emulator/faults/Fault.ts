/**
 * Things that go wrong, as data: what becomes of a request instead of its answer.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import { invariant } from "./invariant.js"

/**
 * One fault, for one request. Plain data: a fault can be printed, and read again from JSON.
 *
 * @since 0.1.0
 */
export type Fault =
  | { readonly _tag: "Ok" }
  | Respond
  | { readonly _tag: "Latency"; readonly millis: number | Distribution; readonly fault: Fault }
  | { readonly _tag: "Refuse" }
  | Reset
  | Hang
  | { readonly _tag: "Processed"; readonly fault: Respond | Reset | Hang }
  | { readonly _tag: "CutBody"; readonly at: number }
  | { readonly _tag: "StallBody"; readonly at: number }
  | { readonly _tag: "Truncated"; readonly at: number | "half" }
  | { readonly _tag: "Malformed" }
  | { readonly _tag: "DuplicatePage" }
  | { readonly _tag: "ShiftedPage"; readonly by: number }
  | { readonly _tag: "Partly"; readonly share: number }
  | { readonly _tag: "CutUpload" | "StallUpload"; readonly at: number }
  | { readonly _tag: "SlowUpload"; readonly bytesPerSecond: number }

/** @since 0.1.0 */
export interface Respond {
  readonly _tag: "Respond"
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** @since 0.1.0 */
export interface Reset {
  readonly _tag: "Reset"
}

/** @since 0.1.0 */
export interface Hang {
  readonly _tag: "Hang"
}

/**
 * How latencies are spread, in milliseconds.
 *
 * @since 0.1.0
 */
export type Distribution =
  | { readonly _tag: "Uniform"; readonly min: number; readonly max: number }
  | { readonly _tag: "Exponential"; readonly mean: number }

const millisOf = (duration: Duration.DurationInput): number => {
  const millis = Duration.toMillis(duration)
  invariant(Number.isFinite(millis), "A latency is finite. For a request without an answer take Faults.hang.")
  return millis
}

const bytes = (at: number): number => {
  invariant(
    Number.isInteger(at) && at >= 0,
    `An answer cannot end after ${at} bytes. Give a whole number from 0.`
  )
  return at
}

/**
 * No fault: the hub answers.
 *
 * @since 0.1.0
 */
export const ok: Fault = { _tag: "Ok" }

const withoutBody = [204, 205, 304]

/**
 * Answers with this status and body instead of the hub's; the hub does nothing.
 *
 * The status is one of 200 to 599, since no client takes another one as an answer; 204, 205 and 304 have no body. A
 * `RangeError` or `TypeError` tells what cannot be sent.
 *
 * @since 0.1.0
 */
export const respond = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = body === "" ? {} : { "content-type": "application/json" }
): Respond => {
  invariant(
    Number.isInteger(status) && status >= 200 && status <= 599,
    `No answer has the status ${status}. Give one of 200 to 599.`
  )
  invariant(
    body === "" || !withoutBody.includes(status),
    `An answer with status ${status} has no body. Give "".`
  )
  return { _tag: "Respond", status, body, headers: Object.fromEntries(new Headers(headers)) }
}

/**
 * 429, with a `Retry-After` in whole seconds when a time is given.
 *
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
 * An error answer of the hub with this status.
 *
 * @since 0.1.0
 */
export const fail = (status: number, message = "Something went wrong."): Respond =>
  respond(status, JSON.stringify({ status: status < 500 ? "fail" : "error", message }))

/**
 * A page of HTML, as a proxy gives; by default under 502.
 *
 * @since 0.1.0
 */
export const html = (status = 502): Respond =>
  respond(status, "<!doctype html><html><body><h1>Bad gateway</h1></body></html>", {
    "content-type": "text/html"
  })

/**
 * An answer without a body.
 *
 * @since 0.1.0
 */
export const empty = (status = 200): Respond => respond(status, "")

/**
 * A redirect to another address.
 *
 * @since 0.1.0
 */
export const redirect = (location: string, status = 302): Respond => respond(status, "", { location })

/**
 * The connection is refused: the hub never hears of the request, and does not list it among those received.
 *
 * Behind a socket the hub has taken the connection before it can know whom to refuse: there this is a {@link reset}.
 *
 * @since 0.1.0
 */
export const refuse: Fault = { _tag: "Refuse" }

/**
 * The connection is reset before the hub reads the request: nothing is done, and the request is not listed among
 * those received. For a connection that is reset after the work is done take `processed(reset)`.
 *
 * @since 0.1.0
 */
export const reset: Reset = { _tag: "Reset" }

/**
 * No answer, ever: until the client gives up or the hub's scope closes. The hub does nothing.
 *
 * @since 0.1.0
 */
export const hang: Hang = { _tag: "Hang" }

/**
 * The hub does its work, and then this happens instead of its answer: what was asked for exists, and the client does
 * not know. `processed(reset)` and `processed(hang)` are lost answers, `processed(fail(502))` is a proxy's error.
 *
 * @since 0.1.0
 */
export const processed = (fault: Respond | Reset | Hang): Fault => ({ _tag: "Processed", fault })

/**
 * The connection breaks after so many bytes of the answer. The work is done.
 *
 * @since 0.1.0
 */
export const cut = (at: number): Fault => ({ _tag: "CutBody", at: bytes(at) })

/**
 * The answer stops after so many bytes, and neither ends nor breaks. The work is done.
 *
 * @since 0.1.0
 */
export const stall = (at: number): Fault => ({ _tag: "StallBody", at: bytes(at) })

/**
 * The answer ends properly after so many bytes, by default after half of them: at least one is missing.
 *
 * @since 0.1.0
 */
export const truncated = (at?: number): Fault => ({
  _tag: "Truncated",
  at: at === undefined ? "half" : bytes(at)
})

/**
 * The answer is complete, and its text is no JSON: the first colon is missing.
 *
 * @since 0.1.0
 */
export const malformed: Fault = { _tag: "Malformed" }

/**
 * A list answers with the page before the one asked for, as a cache does that mixes up pages. Nothing happens to the
 * first page, and to a request whose query names no `page`.
 *
 * @since 0.1.0
 */
export const duplicatePage: Fault = { _tag: "DuplicatePage" }

/**
 * A list answers as if `by` rows had been put in at its top since the page before was read: the page begins with the
 * last rows of the page before. Negative: as if so many rows above had been deleted; as many are missed. Its `total`
 * stays. Nothing happens where there is no page to take rows from, and to a request whose query names no `page`.
 *
 * @since 0.1.0
 */
export const shiftedPage = (by: number): Fault => {
  invariant(Number.isInteger(by), `A page cannot be shifted by ${by} rows. Give a whole number.`)
  return { _tag: "ShiftedPage", by }
}

/**
 * A write of many rows is done for this share of them only (0 to 1; rounded down, spread evenly), and answered with the
 * counts of what was done: imports of assets and labels, attachments, tasks that are assigned or requeued, assets put into
 * batches. Nothing happens to others, nor to any that a `FaultyClient` lets through: it cannot know what a hub makes of it.
 *
 * @remarks undocumented: that a hub does so, and which rows it takes. Its answers hold counts, which need not be those
 * of the request.
 */
export const partly = (share: number): Fault => {
  invariant(
    share >= 0 && share <= 1,
    `A share of ${share} is no part of the rows. Give a number from 0 to 1.`
  )
  return { _tag: "Partly", share }
}

/**
 * Any time from `min` to `max`, each as likely.
 *
 * @since 0.1.0
 */
export const uniform = (min: Duration.DurationInput, max: Duration.DurationInput): Distribution => {
  const [from, to] = [millisOf(min), millisOf(max)]
  invariant(from <= to, `A latency cannot lie between ${from} and ${to} ms. Give the shorter time first.`)
  return { _tag: "Uniform", min: from, max: to }
}

/**
 * Mostly short and now and then long: one in three above the mean, one in twenty above three times the mean.
 *
 * @since 0.1.0
 */
export const exponential = (mean: Duration.DurationInput): Distribution => ({
  _tag: "Exponential",
  mean: millisOf(mean)
})

/**
 * Keeps the request waiting before anything else happens to it: for a time, or for one drawn when the request comes.
 * The time is that of the `Clock`, the chance that of the script's seed.
 *
 * @since 0.1.0
 */
export const latency = (time: Duration.DurationInput | Distribution, fault: Fault = ok): Fault => ({
  _tag: "Latency",
  millis: typeof time === "object" && "_tag" in time ? time : millisOf(time),
  fault
})

/**
 * Whether the hub does what it is asked under this fault, whatever the client hears of it.
 *
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
