/**
 * The order of all policies, from the caller inwards. {@link runCall} applies those of a call, `attempt.ts` those of a
 * request:
 *
 * | policy | on | what it does |
 * | --- | --- | --- |
 * | input | call | encodes path, query and body (`requestEncoding.ts`) |
 * | result | call | reports a write whose result is unknown as `AmbiguousOutcome` |
 * | settings | call | sets the deadline, the idle timeout and the retries |
 * | retry | call | waits and repeats the attempt, within the quota and the deadline |
 * | decoding | attempt | turns the bytes of the body into what the contract says |
 * | time limits | attempt | end the attempt at the deadline, or when its connection is idle |
 * | concurrency limit | attempt | waits for a permit, held until the body is read |
 * | guard | request | blocks writes of a read-only client or a dry run |
 * | rate limit | request | waits for the request's turn; learns from a 429 |
 * | credential | request | adds the current key, for the configured origin only |
 * | redirects | request | refuses them |
 * | status | request | turns error statuses into errors |
 * | activity | request | records when the connection was last active, for the time limits |
 * | client errors | request | maps the platform's errors, which hold the key |
 * | span | request | one span, if a tracer listens, and one count per request |
 *
 * Each policy is a function; one attempt is one asynchronous effect, in a fiber of its own. Decoding is part of the
 * attempt: the retry policy never repeats a `DecodeError`, and a body that breaks off can be requested again.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Redacted from "effect/Redacted"
import type { Operation } from "../../api/operation.js"
import type { AttemptError, CallError, InvalidRequest } from "../../errors/AngoError.js"
import { clockOf } from "../../utils/fiberClock.js"
import { toCallError } from "./ambiguousOutcome.js"
import { keepKnownResult } from "./attempt.js"
import { type CallSettings, type ClientSettings, readSettings } from "./callSettings.js"
import * as CallState from "./callState.js"
import type { Limiter } from "./rateLimiter.js"
import { type Quota, retry } from "./retry.js"
import { ServerTime } from "./serverTime.js"
import type { TimeLimits } from "./timeLimits.js"

/** What the policies of all calls of a client share. */
export interface CallPolicies extends ClientSettings {
  readonly quota: Quota
  readonly limiter: Limiter
  readonly timeLimits: TimeLimits
  readonly limitConcurrency: <A, E>(attempt: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Starts a call with the settings of the running fiber. */
export const startCall = <A, E>(
  operation: Operation,
  client: ClientSettings,
  secrets: ReadonlyArray<Redacted.Redacted>,
  run: (call: CallState.CallState, settings: CallSettings) => Effect.Effect<A, E>
): Effect.Effect<A, E | InvalidRequest> =>
  Effect.withFiberRuntime<A, E | InvalidRequest>((fiber) => {
    const settings = readSettings(fiber.currentContext, client, operation)
    if (Either.isLeft(settings)) return Effect.fail(settings.left)
    const call = CallState.make(operation, settings.right, clockOf(fiber).unsafeCurrentTimeMillis(), {
      secrets,
      serverTime: Context.get(fiber.currentContext, ServerTime)
    })
    return run(call, settings.right)
  })

/** One call: what it sends, and how its body is decoded. */
export interface Call<A> {
  readonly operation: Operation
  readonly secrets: ReadonlyArray<Redacted.Redacted>
  readonly send: (call: CallState.CallState) => Effect.Effect<Uint8Array, AttemptError>
  readonly decode: (call: CallState.CallState, bytes: Uint8Array) => Effect.Effect<A, AttemptError>
  /** The failure of an attempt that has ended already: the retry policy decides whether there is another. */
  readonly firstFailure?: AttemptError | undefined
}

/** Runs a call under its policies. */
export const runCall = <A>(
  { decode, firstFailure, operation, secrets, send }: Call<A>,
  policies: CallPolicies
): Effect.Effect<A, CallError> =>
  startCall(operation, policies, secrets, (call, settings) => {
    const { limitConcurrency, limiter, quota, timeLimits } = policies
    const { budget } = limiter
    const sent = timeLimits.run(call, budget, limitConcurrency(send(call)))
    const attempt = keepKnownResult(
      call,
      Effect.flatMap(sent, (bytes) => decode(call, bytes))
    )
    if (firstFailure !== undefined) call.attempts++
    return Effect.mapError(retry(settings.retry, call, { quota, budget }, attempt, firstFailure), (error) =>
      toCallError(call, error)
    )
  })
