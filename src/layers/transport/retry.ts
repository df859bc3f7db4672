/**
 * Retries of attempts.
 *
 * The loop is written by hand and not as a `Schedule`. A schedule decides the delay from its input alone; here it also
 * depends on the time that the deadline leaves and on the client's quota, and when one of these forbids the retry, the
 * last error is returned with a message that says so.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { label } from "../../api/operation.js"
import { type AttemptError, deliveryStatus, isRetryable } from "../../errors/AngoError.js"
import { overrideMessage } from "../../errors/messageOverride.js"
import { maxTimerDelay } from "../../utils/maxTimerDelay.js"
import type { Settings } from "../RetryPolicy.js"
import { count, retries } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import { type Budget, formatBudget } from "./rateLimiter.js"

/** Whether the policy allows another attempt after an error. */
export const isRepeatable = (settings: Settings, call: CallState, error: AttemptError): boolean => {
  const { repeat } = call.operation
  const mayRepeat = repeat !== "never" && settings.repeat.includes(repeat)
  if (error._tag === "ServerError" || error._tag === "UnexpectedStatus") {
    return mayRepeat && settings.statuses.includes(error.status)
  }
  if (error._tag === "DeadlineExceeded" || !isRetryable(error)) return false
  return mayRepeat || error._tag === "RateLimited" || deliveryStatus(error) === "not-sent"
}

/** Takes one retry from the client's quota; false when the quota is used up. */
export type Quota = Effect.Effect<boolean>

/** Makes the quota of one client. */
export const makeQuota = (quota: Settings["quota"]): Effect.Effect<Quota> =>
  quota === "off"
    ? Effect.succeed(Effect.succeed(true))
    : Effect.map(RateLimiter.make, (limiter) =>
        limiter.consume({ ...quota, key: "retries", algorithm: "token-bucket", onExceeded: "fail" }).pipe(
          // The memory store cannot fail: the only error is that the limit is exceeded.
          Effect.match({ onSuccess: () => true, onFailure: () => false })
        )
      ).pipe(Effect.provide(RateLimiter.layerStoreMemory))

// Exponential, with half to all of the delay by chance; in milliseconds.
const backOff = (settings: Settings, attempt: number): Effect.Effect<number> => {
  const ceiling = Math.min(
    Duration.toMillis(settings.baseDelay) * 2 ** (attempt - 1),
    Duration.toMillis(settings.maxDelay)
  )
  return Effect.map(Random.next, (random) => Math.round(ceiling * (0.5 + random / 2)))
}

const retryAfterOf = (error: AttemptError): Duration.Duration | undefined =>
  error._tag === "RateLimited" || error._tag === "ServerError" ? error.retryAfter : undefined

// The wait would end after the deadline.
const noTimeLeft = (
  call: CallState,
  error: AttemptError,
  remainingMillis: number,
  budget: Budget | undefined
): AttemptError => {
  if (error._tag !== "RateLimited" || error.retryAfter === undefined || call.attempts === 0) return error
  return overrideMessage(
    error,
    `${label(call.operation)} was refused (429) and the hub asks to wait ${Duration.format(error.retryAfter)}, ` +
      `but this call has ${Duration.format(Duration.seconds(Math.floor(remainingMillis / 1000)))} left. ` +
      `Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error.${formatBudget(budget)}`
  )
}

const noQuotaLeft = (error: AttemptError, quota: Settings["quota"]): AttemptError =>
  quota === "off"
    ? error
    : overrideMessage(
        error,
        `${error.message} It was not repeated: all calls of this client together have used up their ` +
          `${quota.limit} retries per ${Duration.format(Duration.decode(quota.window))}.`
      )

/** The limits that all calls of a client share. */
export interface SharedLimits {
  readonly quota: Quota
  readonly budget: Effect.Effect<Budget | undefined>
}

/** Waits for the next attempt, after `attempts` attempts and this error; fails with the error when there may be none. */
export const waitForRetry = (
  settings: Settings,
  call: CallState,
  { budget, quota }: SharedLimits,
  error: AttemptError,
  attempts: number
): Effect.Effect<void, AttemptError> =>
  Effect.gen(function* () {
    call.lastFailure = error._tag
    if (!isRepeatable(settings, call, error) || attempts >= settings.attempts) {
      return yield* Effect.fail(error)
    }
    const hint = retryAfterOf(error)
    const delay = yield* backOff(settings, attempts)
    // Never before `Retry-After`; `Retry-After: 0` does not shorten the back-off.
    const millis = hint === undefined ? delay : Math.max(Duration.toMillis(hint), delay)
    const remaining = call.endsAt - (yield* Clock.currentTimeMillis)
    if (millis >= remaining || millis > maxTimerDelay) {
      return yield* Effect.fail(noTimeLeft(call, error, remaining, yield* budget))
    }
    if (error._tag !== "RateLimited" && !(yield* quota)) {
      return yield* Effect.fail(noQuotaLeft(error, settings.quota))
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

/**
 * Repeats an attempt under the retry policy. Retries never start before `Retry-After`; one that would start after the
 * deadline fails at once. `firstFailure` counts as the first attempt.
 */
export const retry = <A>(
  settings: Settings,
  call: CallState,
  limits: SharedLimits,
  attempt: Effect.Effect<A, AttemptError>,
  firstFailure?: AttemptError
): Effect.Effect<A, AttemptError> => {
  const again = (error: AttemptError, attempts: number): Effect.Effect<A, AttemptError> =>
    Effect.flatMap(waitForRetry(settings, call, limits, error, attempts), () => run(attempts + 1))
  const run = (attempts: number): Effect.Effect<A, AttemptError> =>
    Effect.catchAll(attempt, (error) => again(error, attempts))
  return firstFailure === undefined ? run(1) : again(firstFailure, 1)
}
