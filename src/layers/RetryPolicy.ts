/**
 * When and how often a failed call is made again.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Class } from "../api/Repeatability.js"
import { InvalidConfig } from "../errors/AngoError.js"

/**
 * The settings of the retry policy.
 *
 * Two things are no settings, since they are true of every policy. A refused 429, and a failure before anything was
 * sent, may always be followed by another attempt. A call of the class `never` (creates, imports, comments) is not
 * sent again once the hub may have it: `repeat` cannot name that class.
 *
 * @since 0.1.0
 */
export interface Settings {
  /** Attempts in all, the first included: 1 to 100, default 4; 1 switches retries off. */
  readonly attempts: number
  /**
   * The wait before the second attempt; it doubles with each further one, and half to all of it is waited, by
   * chance. Default 500 ms.
   */
  readonly baseDelay: Duration.DurationInput
  /** The longest wait of our own choosing. What the hub asks for may be longer. Default 30 s. */
  readonly maxDelay: Duration.DurationInput
  /**
   * The statuses after which a call may be repeated; default 408, 500, 502, 503 and 504. Of 400 to 599, but for those
   * that say no for good (400, 401, 403, 404, 422) and 429, which is always waited out.
   */
  readonly statuses: ReadonlyArray<number>
  /** The classes of calls that may be repeated when the hub may have them. Default `safe` and `idempotent`. */
  readonly repeat: ReadonlyArray<Exclude<Class, "never">>
  /**
   * How many retries all calls of the client may make together, so that an outage is not made worse: a token bucket
   * that starts full. Default 60 per minute. Waiting out a 429 takes nothing from it.
   */
  readonly quota: { readonly limit: number; readonly window: Duration.DurationInput } | "off"
}

/** @since 0.1.0 */
export const defaults: Settings = {
  attempts: 4,
  baseDelay: "500 millis",
  maxDelay: "30 seconds",
  statuses: [408, 500, 502, 503, 504],
  repeat: ["safe", "idempotent"],
  quota: { limit: 60, window: "1 minute" }
}

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

const isCount = (count: number, most: number): boolean =>
  Number.isInteger(count) && count >= 1 && count <= most

const final = new Set([400, 401, 403, 404, 422, 429])

const problemOf = (settings: Settings): string | undefined => {
  const { attempts, baseDelay, maxDelay, quota, repeat, statuses } = settings
  if (!isCount(attempts, 100)) return "Give 1 to 100 attempts in all."
  if (!isTime(baseDelay) || !isTime(maxDelay)) return 'Give delays as durations: "500 millis".'
  if (
    !statuses.every(
      (status) => Number.isInteger(status) && status >= 400 && status <= 599 && !final.has(status)
    )
  ) {
    return "Give statuses of 400 to 599, without 400, 401, 403, 404, 422 and 429."
  }
  if (!repeat.every((name) => name === "safe" || name === "idempotent")) {
    return 'Calls of the classes "safe" and "idempotent" may be repeated, no others.'
  }
  return quota === "off" ||
    (isCount(quota.limit, 1_000_000) && isTime(quota.window) && Duration.toMillis(quota.window) > 0)
    ? undefined
    : 'Give a quota as { limit: 60, window: "1 minute" }, or "off".'
}

/**
 * Replaces the retry settings, those that are given:
 * `Ango.layer(options).pipe(Layer.provide(RetryPolicy.layer({ attempts: 6 })))`. Fails with `InvalidConfig` when one
 * of them is out of its range.
 *
 * @since 0.1.0
 */
export const layer = (settings: Partial<Settings>): Layer.Layer<RetryPolicy, InvalidConfig> => {
  const all = { ...defaults, ...settings }
  const problem = problemOf(all)
  return problem === undefined
    ? Layer.succeed(RetryPolicy, all)
    : Layer.fail(
        new InvalidConfig({ setting: "retry", message: `The retry policy is not usable. ${problem}` })
      )
}

/** Settings that the caller set for the calls of one effect. */
export class RetryOverride extends Context.Reference<RetryOverride>()("effect-ango/RetryOverride", {
  defaultValue: (): Partial<Omit<Settings, "quota">> => ({})
}) {}

/**
 * Runs an effect whose calls are retried otherwise than configured, in what is given; it also reaches services that
 * were built before. The quota is the client's and stays. A setting out of its range makes the calls fail with
 * `InvalidRequest`.
 *
 * @example
 * ```ts
 * import { Ango, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const once = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001")).pipe(
 *   Ango.withRetry({ attempts: 1 })
 * )
 * ```
 *
 * @since 0.1.0
 */
export const withRetry: {
  (
    settings: Partial<Omit<Settings, "quota">>
  ): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    settings: Partial<Omit<Settings, "quota">>
  ): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(effect: Effect.Effect<A, E, R>, settings: Partial<Omit<Settings, "quota">>) =>
  Effect.flatMap(RetryOverride, (outer) =>
    Effect.provideService(effect, RetryOverride, { ...outer, ...settings })
  )
)

/** The settings for the running fiber's calls, or what is wrong with them. */
export const current = (configured: Settings): Effect.Effect<Settings, string> =>
  Effect.flatMap(RetryOverride, (override) => {
    const settings = { ...configured, ...override }
    const problem = problemOf(settings)
    return problem === undefined ? Effect.succeed(settings) : Effect.fail(problem)
  })
