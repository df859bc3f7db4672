/**
 * When and how often a failed call is made again.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { type CallError, InvalidConfig, RateLimited } from "../AngoError.js"
import { label } from "../api/Operations.js"
import type { CallState } from "./CallState.js"

/**
 * The settings of the retry policy.
 *
 * @since 0.1.0
 */
export interface Settings {
  /** Attempts in all, the first included. Default 4; 1 switches retries off. */
  readonly attempts: number
  /** The wait before the second attempt; it doubles with each further one. Default 500 ms. */
  readonly baseDelay: Duration.DurationInput
  /** The longest wait of our own choosing. What the hub asks for may be longer. Default 30 s. */
  readonly maxDelay: Duration.DurationInput
}

/** @since 0.1.0 */
export const defaults: Settings = { attempts: 4, baseDelay: "500 millis", maxDelay: "30 seconds" }

/**
 * The retry settings in force: {@link defaults} unless a layer replaces them.
 *
 * @since 0.1.0
 */
export class RetryPolicy extends Context.Reference<RetryPolicy>()("effect-ango/RetryPolicy", {
  defaultValue: () => defaults
}) {}

const isTime = (input: unknown): boolean => {
  const duration = Duration.decodeUnknown(input)
  return Option.isSome(duration) && Duration.isFinite(duration.value)
}

/**
 * Replaces the retry settings: `Ango.layer(options).pipe(Layer.provide(RetryPolicy.layer({ attempts: 6 })))`. Fails
 * with `InvalidConfig` when `attempts` is not a whole number of 1 to 100, or a delay is not a time.
 *
 * @since 0.1.0
 */
export const layer = ({
  attempts = defaults.attempts,
  baseDelay = defaults.baseDelay,
  maxDelay = defaults.maxDelay
}: Partial<Settings>): Layer.Layer<RetryPolicy, InvalidConfig> =>
  Number.isInteger(attempts) && attempts >= 1 && attempts <= 100 && isTime(baseDelay) && isTime(maxDelay)
    ? Layer.succeed(RetryPolicy, { attempts, baseDelay, maxDelay })
    : Layer.fail(
        new InvalidConfig({
          setting: "retry",
          message: "The retry policy is not usable. Give 1 to 100 attempts in all, and delays as durations."
        })
      )

const unavailable = new Set([408, 500, 502, 503, 504])

// A refused 429 was not processed, so any call may be repeated after it; everything else may have been, so that
// only reads are.
const isRepeatable = (call: CallState, error: CallError): boolean => {
  switch (error._tag) {
    case "RateLimited":
      return true
    case "ConnectionFailed":
    case "MalformedResponse":
      return call.operation.method === "GET"
    case "ServerError":
      return call.operation.method === "GET" && unavailable.has(error.status)
    default:
      return false
  }
}

const backOff = (settings: Settings, attempt: number): Effect.Effect<number> => {
  const ceiling = Math.min(
    Duration.toMillis(settings.baseDelay) * 2 ** (attempt - 1),
    Duration.toMillis(settings.maxDelay)
  )
  return Effect.map(Random.next, (random) => Math.round(ceiling * (0.5 + random / 2)))
}

const hintOf = (error: CallError): Duration.Duration | undefined =>
  error._tag === "RateLimited" || error._tag === "ServerError" ? error.retryAfter : undefined

// The hub's hint does not fit into the time that is left: waiting would only end in the deadline.
const outOfTime = (call: CallState, error: CallError, left: number): CallError => {
  if (error._tag !== "RateLimited" || error.retryAfter === undefined) return error
  const { message: _, ...rest } = error
  return new RateLimited({
    ...rest,
    message:
      `${label(call.operation)} was refused (429) and the hub asks to wait ${Duration.format(error.retryAfter)}, ` +
      `but this call has ${Duration.format(Duration.seconds(Math.floor(left / 1000)))} left. ` +
      "Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error."
  })
}

/**
 * Repeats an attempt as the policy says, until `endsAt` (epoch milliseconds). A hint of the hub is never
 * undercut; one that does not fit into the time left fails at once.
 */
export const retry =
  (settings: Settings, call: CallState, endsAt: number) =>
  <A>(attempt: Effect.Effect<A, CallError>): Effect.Effect<A, CallError> => {
    const from = (attempts: number): Effect.Effect<A, CallError> =>
      Effect.catchAll(attempt, (error) =>
        Effect.gen(function* () {
          call.lastFailure = error._tag
          if (!isRepeatable(call, error) || attempts >= settings.attempts) return yield* Effect.fail(error)
          const hint = hintOf(error)
          const wait = yield* backOff(settings, attempts)
          // A hint is never undercut, and a hint of no time at all is no reason to hurry.
          const millis = hint === undefined ? wait : Math.max(Duration.toMillis(hint), wait)
          const left = endsAt - (yield* Clock.currentTimeMillis)
          if (millis >= left) return yield* Effect.fail(outOfTime(call, error, left))
          yield* Effect.sleep(millis)
          return yield* from(attempts + 1)
        })
      )
    return from(1)
  }
