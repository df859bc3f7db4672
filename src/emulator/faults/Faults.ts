/**
 * Things that go wrong, and the scripts that say which of them happens to which request.
 *
 * The same values break the hub in the process, the hub behind a socket (`hub.faults.on`), and any `HttpClient`
 * (`FaultyClient.layer`). A `HttpClient` sees them as it would see the real thing:
 *
 * | Fault.Fault                                 | What the client sees                                         | As an `AngoError`             |
 * | ------------------------------------- | ------------------------------------------------------------ | ----------------------------- |
 * | `refuse`, `reset`, `processed(reset)` | `RequestError`, reason `Transport`                           | `ConnectionFailed`, `request` |
 * | `cut`                                 | status and headers, then `ResponseError`, reason `Decode`    | `ConnectionFailed`, `body`    |
 * | `hang`, `stall`                       | nothing at all; nothing more after some bytes                | `DeadlineExceeded`            |
 * | `respond`, `fail`, `html`, `empty`    | that answer                                                  | by its status and body        |
 * | `tooManyRequests`                     | 429                                                          | `RateLimited`                 |
 * | `redirect`                            | 302 and where to; a client that follows by itself goes there | `RedirectRefused`             |
 * | `truncated`, `malformed`              | 200 with a body that ends properly and is no JSON            | `MalformedResponse`           |
 * | `duplicatePage`, `shiftedPage`        | a good answer with the wrong rows                            | none: rows twice or missing   |
 * | `partly`                              | an answer that counts fewer rows than were sent              | none: rows left out           |
 * | `latency`                             | the answer, later                                            | none                          |
 * | `cutUpload`                           | `RequestError`, reason `Transport`                           | `ConnectionFailed`, `request` |
 * | `stallUpload`                         | nothing at all, though it has sent a part of its body        | `ConnectionFailed`, `request` |
 * | `slowUpload`                          | the answer, when the body has been read at that speed        | none                          |
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type { RequestName } from "../server/requestRoute.js"
import * as Fault from "./Fault.js"

export * from "./Fault.js"
export * from "./uploadFaults.js"

/**
 * The faults of the requests to come.
 *
 * A fault is for one request; a list is played one entry after the other; after the last, the hub answers again.
 * {@link repeat}, {@link mix} and {@link replay} are scripts too, alone or in a list: `[ok, ok, repeat(fail(503))]`.
 *
 * @since 0.1.0
 */
export type Script = Fault.Fault | Repeat | Mix | Replay | ReadonlyArray<Script>

/** @since 0.1.0 */
export interface Repeat {
  readonly _tag: "Repeat"
  readonly script: Script
  readonly times: number
}

/** @since 0.1.0 */
export interface Mix {
  readonly _tag: "Mix"
  readonly seed: number
  readonly faults: ReadonlyArray<readonly [share: number, fault: Fault.Fault]>
}

/** @since 0.1.0 */
export interface Replay {
  readonly _tag: "Replay"
  readonly log: FaultLog
}

/**
 * What a script is for: an operation; `files` for the hub's own storage, with its uploads and the archives of exports;
 * `unknown` for requests to no endpoint; `*` for every operation whose own script, if it has one, has ended.
 *
 * @since 0.1.0
 */
export type Target = RequestName | "*"

/**
 * A script for each of some targets.
 *
 * @since 0.1.0
 */
export type Plan = { readonly [Name in Target]?: Script | undefined }

/**
 * What happened to one request, `Ok` included; a latency is the one drawn.
 *
 * @since 0.1.0
 */
export interface PlayedFault {
  readonly operation: RequestName
  readonly fault: Fault.Fault
}

/**
 * What happened to every request, oldest first. Plain data: print it where a random run failed, and {@link replay} it.
 *
 * @since 0.1.0
 */
export type FaultLog = ReadonlyArray<PlayedFault>

/**
 * The faults of a hub or a client.
 *
 * @since 0.1.0
 */
export interface FaultsService {
  /** What happens to the next requests, instead of what was said before; an empty list ends it. */
  readonly on: (target: Target, script: Script) => Effect.Effect<void>
  /** What happened to every request so far: also to those that the hub never heard of. */
  readonly log: Effect.Effect<FaultLog>
}

const isEmpty = (script: Script): boolean => "length" in script && script.every(isEmpty)

/**
 * The same again and again: for ever, or so many times.
 *
 * @since 0.1.0
 */
export const repeat = (script: Script, times: number = Number.POSITIVE_INFINITY): Repeat => {
  if (isEmpty(script)) throw new RangeError("There is nothing to repeat. Give at least one fault.")
  return { _tag: "Repeat", script, times }
}

/**
 * For every request one of some faults, each with its share of all requests (0 to 1); the rest is answered. The same
 * seed gives the same faults in the same order.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * const weather = Faults.mix({
 *   seed: 7,
 *   faults: [
 *     [0.1, Faults.fail(503)],
 *     [0.05, Faults.processed(Faults.reset)],
 *     [0.3, Faults.latency(Faults.exponential("200 millis"))]
 *   ]
 * })
 * ```
 *
 * @since 0.1.0
 */
export const mix = (options: {
  readonly seed: number
  readonly faults: ReadonlyArray<readonly [share: number, fault: Fault.Fault]>
}): Mix => {
  const shares = options.faults.map(([share]) => share)
  const sum = shares.reduce((all, share) => all + share, 0)
  // Tenths do not add up to 1 exactly.
  if (!shares.every((share) => share >= 0) || !(sum <= 1 + 1e-9)) {
    throw new RangeError(
      `The shares ${shares.join(", ")} are no parts of a whole. Give numbers from 0 that add up to 1 at most.`
    )
  }
  return { _tag: "Mix", ...options }
}

/**
 * What a log says, again: every operation gets the faults it got, in the order in which it got them. Meant for `*`
 * (and `files`, if they were broken), in a program that is otherwise the same.
 *
 * @since 0.1.0
 */
export const replay = (log: FaultLog): Replay => ({ _tag: "Replay", log })

const { cut, empty, fail, hang, html, malformed, processed, redirect, refuse, reset, stall } = Fault

/**
 * One fault of every kind by name, for a test that goes through all of them; but for `partly`, which is of a kind of
 * writes, and those of uploads. `Faults.isProcessed` tells under which of them the hub does its work.
 *
 * @since 0.1.0
 */
export const all = {
  latency: Fault.latency(Fault.uniform("50 millis", "2 seconds")),
  refuse,
  reset,
  resetAfter: processed(reset),
  hang,
  hangAfter: processed(hang),
  tooManyRequests: Fault.tooManyRequests(),
  tooManyRequestsWithHint: Fault.tooManyRequests({ retryAfter: "2 seconds" }),
  json500: fail(500),
  json502: fail(502),
  json503: fail(503),
  json504: fail(504),
  html500: html(500),
  html502: html(502),
  html503: html(503),
  html504: html(504),
  empty500: empty(500),
  empty502: empty(502),
  empty503: empty(503),
  empty504: empty(504),
  badGatewayAfter: processed(fail(502)),
  html200: html(200),
  empty200: empty(200),
  noContent: empty(204),
  redirect: redirect("https://elsewhere.example/v2/"),
  cut: cut(20),
  stall: stall(20),
  truncated: Fault.truncated(),
  malformed,
  duplicatePage: Fault.duplicatePage,
  shiftedPage: Fault.shiftedPage(1),
  shiftedPageBack: Fault.shiftedPage(-1)
} as const satisfies Record<string, Fault.Fault>
