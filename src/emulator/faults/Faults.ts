/**
 * Faults for tests: what goes wrong, and scripts that say which request it happens to.
 *
 * The same faults work on the embedded hub, in the process or behind a socket (`hub.faults.on`), and on any
 * `HttpClient` (`FaultyClient.layer`). Clients see what they would see in production:
 *
 * | Fault                                         | What the `HttpClient` sees                                | What the library reports                          |
 * | --------------------------------------------- | --------------------------------------------------------- | ------------------------------------------------- |
 * | `refuse`                                      | `RequestError`, reason `Transport`                        | `ConnectionFailed`, phase `connect`               |
 * | `reset`, `afterProcessing(reset)`             | `RequestError`, reason `Transport`                        | `ConnectionFailed`, phase `request`               |
 * | `hang`, `afterProcessing(hang)`               | no response                                               | `ConnectionFailed` (idle) or `DeadlineExceeded`   |
 * | `respond`, `fail`, `html`, `emptyBody`        | that response                                             | the error for its status and body                 |
 * | `tooManyRequests`                             | 429                                                       | `RateLimited`                                     |
 * | `restricted`                                  | 451                                                       | `Forbidden`, reason `network`                     |
 * | `redirect`                                    | 302; a client that follows redirects goes there           | `OriginMismatch`, reason `redirect`               |
 * | `cutBody`                                     | status and headers, then `ResponseError`, reason `Decode` | `ConnectionFailed`, phase `body`                  |
 * | `stallBody`                                   | some bytes, then nothing                                  | `ConnectionFailed` (idle) or `DeadlineExceeded`   |
 * | `truncateBody`, `malformedJson`               | 200 with a complete body that is not valid JSON           | `MalformedResponse`                               |
 * | `duplicatePage`, `shiftPage`                  | a valid response with the wrong rows                      | nothing: rows are duplicated or missing           |
 * | `partialWrite`                                | a valid response that counts fewer rows than were sent    | see below                                         |
 * | `latency`                                     | the response, later                                       | nothing                                           |
 * | `cutUpload`                                   | `RequestError`, reason `Transport`                        | `ConnectionFailed`, phase `request`               |
 * | `stallUpload`                                 | no response; part of its body was read                    | `ConnectionFailed` (idle) or `DeadlineExceeded`   |
 * | `slowUpload`                                  | the normal response, after a slow upload                  | nothing                                           |
 *
 * "Idle" means that the idle timeout ended the attempt. After `partialWrite`, bulk writes send absent rows again up to
 * two times; if the fault is repeated, these rows are `Failed` with `RowRejected` (`not-applied`).
 *
 * The last column is the error of a single attempt. The library then retries reads; a create whose result is unknown
 * becomes `AmbiguousOutcome`.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type { RequestName } from "../server/requestRoute.js"
import * as Fault from "./Fault.js"

export * from "./Fault.js"
export * from "./uploadFaults.js"

/**
 * The faults of the next requests.
 *
 * A single fault applies to one request. A list is played entry by entry; after its end the hub responds normally.
 * {@link repeat}, {@link mix} and {@link replay} are scripts too, alone or inside of a list.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * const once: Faults.Script = Faults.fail(503)
 * const thirdFails: Faults.Script = [Faults.ok, Faults.ok, Faults.fail(503)]
 * const downFromTheThird: Faults.Script = [Faults.ok, Faults.ok, Faults.repeat(Faults.fail(503))]
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export type Script = Fault.Fault | Repeat | Mix | Replay | ReadonlyArray<Script>

/**
 * A script that is played several times. Made by {@link repeat}.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Repeat {
  readonly _tag: "Repeat"
  readonly script: Script
  readonly times: number
}

/**
 * Random faults with fixed shares. Made by {@link mix}.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Mix {
  readonly _tag: "Mix"
  readonly seed: number
  readonly faults: ReadonlyArray<readonly [share: number, fault: Fault.Fault]>
}

/**
 * The faults of an earlier run. Made by {@link replay}.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Replay {
  readonly _tag: "Replay"
  readonly log: FaultLog
}

/**
 * Which requests a script applies to.
 *
 * - an operation, such as `tasks.list`;
 * - `files`: the hub's file storage, with uploads and export archives;
 * - `unknown`: requests to a path without an endpoint;
 * - `*`: operations without a script. Once an operation's own script ends, `*` applies to it. `files` and `unknown` are
 *   not included.
 *
 * @category testing
 * @since 0.1.0
 */
export type Target = RequestName | "*"

/**
 * Scripts by {@link Target}.
 *
 * @category testing
 * @since 0.1.0
 */
export type Plan = { readonly [Name in Target]?: Script | undefined }

/**
 * What happened to one request: a fault, or `Ok`. A random latency is logged with the time that was drawn.
 *
 * @category testing
 * @since 0.1.0
 */
export interface PlayedFault {
  readonly operation: RequestName
  readonly fault: Fault.Fault
}

/**
 * What happened to every request, oldest first. It is plain data: print it when a random run fails, and {@link replay}
 * it.
 *
 * @category testing
 * @since 0.1.0
 */
export type FaultLog = ReadonlyArray<PlayedFault>

/**
 * Controls the faults of a hub or of a `FaultyClient`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface FaultsService {
  /** Sets the script for the next requests to a target, replacing its previous script. An empty list removes the script. */
  readonly on: (target: Target, script: Script) => Effect.Effect<void>
  /** What happened to every request so far, including those that never reached the hub. */
  readonly log: Effect.Effect<FaultLog>
}

const isEmpty = (script: Script): boolean => "length" in script && script.every(isEmpty)

/**
 * Plays a script `times` times; without `times`, forever.
 *
 * @category testing
 * @since 0.1.0
 */
export const repeat = (script: Script, times: number = Number.POSITIVE_INFINITY): Repeat => {
  if (isEmpty(script)) throw new RangeError("There is nothing to repeat. Use at least one fault.")
  return { _tag: "Repeat", script, times }
}

/**
 * Picks a random fault for every request. Each fault has its share of all requests (0 to 1); the remaining requests
 * get a normal response. The same seed gives the same faults in the same order.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * const badNetwork = Faults.mix({
 *   seed: 7,
 *   faults: [
 *     [0.1, Faults.fail(503)],
 *     [0.05, Faults.afterProcessing(Faults.reset)],
 *     [0.3, Faults.latency(Faults.exponential("200 millis"))]
 *   ]
 * })
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const mix = (options: {
  readonly seed: number
  readonly faults: ReadonlyArray<readonly [share: number, fault: Fault.Fault]>
}): Mix => {
  const shares = options.faults.map(([share]) => share)
  const sum = shares.reduce((all, share) => all + share, 0)
  // Floating-point tenths do not add up to exactly 1.
  if (!shares.every((share) => share >= 0) || !(sum <= 1 + 1e-9)) {
    throw new RangeError(
      `The shares ${shares.join(", ")} are invalid. Use numbers of 0 or more that add up to at most 1.`
    )
  }
  return { _tag: "Mix", ...options }
}

/**
 * Repeats the faults of a log: every operation gets the faults that it got, in the same order.
 *
 * Use it with the target `*` and, if the log has faults of the file storage, with `files`. The program must send the same
 * requests.
 *
 * @example
 * ```ts
 * import { Emulator, Faults } from "effect-ango/emulator"
 * import { Effect } from "effect"
 *
 * const replayOnNextRun = (log: Faults.FaultLog) =>
 *   Effect.flatMap(Emulator, (hub) => hub.faults.on("*", Faults.replay(log)))
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const replay = (log: FaultLog): Replay => ({ _tag: "Replay", log })

const { afterProcessing, emptyBody, fail, hang, html, redirect, refuse, reset } = Fault

/**
 * One fault of every kind, by name, for a test that tries them all.
 *
 * It leaves out `partialWrite` and the upload faults, which apply to some operations only, and refusals such as
 * `fail(404)` and `restricted`, which no retry changes. `resetAfter`, `hangAfter` and `badGatewayAfter` happen after
 * processing; {@link isProcessed} says whether the hub processes a request under a fault.
 *
 * @example
 * ```ts
 * import { Faults } from "effect-ango/emulator"
 *
 * for (const [name, fault] of Object.entries(Faults.all)) {
 *   console.log(name, Faults.isProcessed(fault))
 * }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const all = {
  latency: Fault.latency(Fault.uniform("50 millis", "2 seconds")),
  refuse,
  reset,
  resetAfter: afterProcessing(reset),
  hang,
  hangAfter: afterProcessing(hang),
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
  empty500: emptyBody(500),
  empty502: emptyBody(502),
  empty503: emptyBody(503),
  empty504: emptyBody(504),
  badGatewayAfter: afterProcessing(fail(502)),
  html200: html(200),
  empty200: emptyBody(200),
  noContent: emptyBody(204),
  redirect: redirect("https://elsewhere.example/v2/"),
  cut: Fault.cutBody(20),
  stall: Fault.stallBody(20),
  truncated: Fault.truncateBody(),
  malformed: Fault.malformedJson,
  duplicatePage: Fault.duplicatePage,
  shiftedPage: Fault.shiftPage(1),
  shiftedPageBack: Fault.shiftPage(-1)
} as const satisfies Record<string, Fault.Fault>
