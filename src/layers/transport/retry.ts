/**
 * The retry policy at work.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { label } from "../../api/operations.js"
import {
  type AttemptError,
  deliveryStatus,
  type InvalidRequest,
  isRetryable
} from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { overrideMessage } from "../../errors/messageOverride.js"
import { maxTimerDelay } from "../../utils/maxTimerDelay.js"
import { current, type Settings } from "../RetryPolicy.js"
import { count, retries } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import { type Budget, reportBudget } from "./limiter.js"

/** Whether the policy allows another attempt after this failure. */
export const isRepeatable = (settings: Settings, call: CallState, error: AttemptError): boolean => {
  const { repeat } = call.operation
  const mayRepeat = repeat !== "never" && settings.repeat.includes(repeat)
  if (error._tag === "ServerError" || error._tag === "UnexpectedStatus") {
    return mayRepeat && settings.statuses.includes(error.status)
  }
  if (error._tag === "DeadlineExceeded" || !isRetryable(error)) return false
  return mayRepeat || error._tag === "RateLimited" || deliveryStatus(error) === "not-sent"
}

/** Takes a retry from the client's quota, or says that there is none left. */
export type Quota = Effect.Effect<boolean>

/** The quota of one client. */
export const makeQuota = (quota: Settings["quota"]): Effect.Effect<Quota> =>
  quota === "off"
    ? Effect.succeed(Effect.succeed(true))
    : Effect.map(RateLimiter.make, (limiter) =>
        limiter.consume({ ...quota, key: "retries", algorithm: "token-bucket", onExceeded: "fail" }).pipe(
          // In memory, being over the limit is the only failure.
          Effect.match({ onSuccess: () => true, onFailure: () => false })
        )
      ).pipe(Effect.provide(RateLimiter.layerStoreMemory))

const backOff = (settings: Settings, attempt: number): Effect.Effect<number> => {
  const ceiling = Math.min(
    Duration.toMillis(settings.baseDelay) * 2 ** (attempt - 1),
    Duration.toMillis(settings.maxDelay)
  )
  return Effect.map(Random.next, (random) => Math.round(ceiling * (0.5 + random / 2)))
}

const hintOf = (error: AttemptError): Duration.Duration | undefined =>
  error._tag === "RateLimited" || error._tag === "ServerError" ? error.retryAfter : undefined

// The hub's hint does not fit into the time that is left: waiting would only end in the deadline.
const outOfTime = (
  call: CallState,
  error: AttemptError,
  left: number,
  budget: Budget | undefined
): AttemptError => {
  if (error._tag !== "RateLimited" || error.retryAfter === undefined || call.attempts === 0) return error
  return overrideMessage(
    error,
    `${label(call.operation)} was refused (429) and the hub asks to wait ${Duration.format(error.retryAfter)}, ` +
      `but this call has ${Duration.format(Duration.seconds(Math.floor(left / 1000)))} left. ` +
      `Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error.${reportBudget(budget)}`
  )
}

const noQuota = (error: AttemptError, quota: Settings["quota"]): AttemptError =>
  quota === "off"
    ? error
    : overrideMessage(
        error,
        `${error.message} It was not repeated: all calls of this client together have used up their ` +
          `${quota.limit} retries per ${Duration.format(Duration.decode(quota.window))}.`
      )

/** What all calls of a client share. */
export interface Shared {
  readonly quota: Quota
  readonly budget: Effect.Effect<Budget | undefined>
}

/** Waits before another attempt after this failure of so many; or fails with it when there may be no other. */
export const pause = (
  settings: Settings,
  call: CallState,
  { budget, quota }: Shared,
  error: AttemptError,
  attempts: number
): Effect.Effect<void, AttemptError> =>
  Effect.gen(function* () {
    call.lastFailure = error._tag
    if (!isRepeatable(settings, call, error) || attempts >= settings.attempts) {
      return yield* Effect.fail(error)
    }
    const hint = hintOf(error)
    const wait = yield* backOff(settings, attempts)
    // A hint is never undercut, and a hint of no time at all is no reason to hurry.
    const millis = hint === undefined ? wait : Math.max(Duration.toMillis(hint), wait)
    const left = call.endsAt - (yield* Clock.currentTimeMillis)
    if (millis >= left || millis > maxTimerDelay)
      return yield* Effect.fail(outOfTime(call, error, left, yield* budget))
    if (error._tag !== "RateLimited" && !(yield* quota)) {
      return yield* Effect.fail(noQuota(error, settings.quota))
    }
    yield* Effect.annotateLogs(Effect.logDebug("will try again"), {
      operation: call.operation.name,
      reason: error._tag,
      attempt: attempts + 1,
      waitMillis: millis
    })
    yield* count(retries, { operation: call.operation.name, reason: error._tag })
    yield* Effect.sleep(millis)
  })

/** The settings of the running fiber, which its caller may have changed. */
export const settingsFor = (configured: Settings, call: CallState): Effect.Effect<Settings, InvalidRequest> =>
  Effect.mapError(current(configured), (problem) => invalidRequest(call.operation, "retry", problem))

/**
 * Repeats an attempt as the policy says, until the call must end. A hint of the hub is never undercut; one that does
 * not fit into the time left fails at once.
 */
export const retry =
  (configured: Settings, call: CallState, client: Shared) =>
  <A>(attempt: Effect.Effect<A, AttemptError>): Effect.Effect<A, AttemptError> => {
    const from = (settings: Settings, attempts: number): Effect.Effect<A, AttemptError> =>
      Effect.catchAll(attempt, (error) =>
        Effect.flatMap(pause(settings, call, client, error, attempts), () => from(settings, attempts + 1))
      )
    return Effect.flatMap(settingsFor(configured, call), (settings) => from(settings, 1))
  }
