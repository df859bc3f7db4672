/**
 * How many requests a client sends per time.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { InvalidConfig } from "../errors/AngoError.js"
import { maxTimerDelay } from "../utils/maxTimerDelay.js"

/**
 * At most `limit` requests in any span of time as long as `window`. All of them may leave at once.
 *
 * @since 0.1.0
 */
export interface Settings {
  /** 1 to 100,000. */
  readonly limit: number
  readonly window: Duration.DurationInput
}

/**
 * The vendor's standard plan: 100 requests per minute (docs/api-notes.md#rate-limits).
 *
 * @since 0.1.0
 */
export const standardPlan: Settings = { limit: 100, window: "1 minute" }

/**
 * The rate limit in force: {@link standardPlan} unless a layer replaces it. A request over the limit waits for its
 * turn, first come, first served.
 *
 * A client counts for itself. Processes that use the same key share one budget when each is given a
 * `RateLimiterStore` of `@effect/experimental` that they share; budgets in it are told apart by a digest of the key
 * that the client begins with, and all who share one must be given the same limit and window. For Redis:
 * `npm install @effect/experimental ioredis`. When the store does not answer, nothing is sent and calls fail with
 * `RateLimitUnavailable`; `maxRetriesPerRequest` says how soon (ioredis tries 20 times by default, and once it is told
 * to end as often again). ioredis also prints a line to stderr for each connection that fails, with the address and
 * without the password.
 *
 * A 429 teaches: all calls of the client stand still as long as the hub asks, an hour at most; without a hint for a
 * sixth of the window, and twice as long for each further 429 in a row, up to the window.
 *
 * @example
 * ```ts
 * import { layerStoreConfig } from "@effect/experimental/RateLimiter/Redis"
 * import { Ango, RateLimit } from "effect-ango"
 * import { Config, Layer } from "effect"
 *
 * const shared = Ango.layerConfig().pipe(
 *   Layer.provide(RateLimit.layer({ limit: 600, window: "1 minute" })),
 *   Layer.provide(
 *     layerStoreConfig({
 *       host: Config.string("REDIS_HOST"),
 *       password: Config.string("REDIS_PASSWORD"),
 *       maxRetriesPerRequest: Config.succeed(1)
 *     })
 *   )
 * )
 * ```
 *
 * @since 0.1.0
 */
export class RateLimit extends Context.Reference<RateLimit>()("effect-ango/RateLimit", {
  defaultValue: (): Settings | "off" => standardPlan
}) {}

/**
 * Replaces the rate limit:
 * `Ango.layer(options).pipe(Layer.provide(RateLimit.layer({ limit: 600, window: "1 minute" })))`. Fails with
 * `InvalidConfig` when the limit is not a whole number of 1 to 100,000, or the window is not a time.
 *
 * @since 0.1.0
 */
export const layer = (settings: Settings): Layer.Layer<RateLimit, InvalidConfig> => {
  const window = Duration.decodeUnknown(settings.window)
  const usable =
    Number.isInteger(settings.limit) &&
    settings.limit >= 1 &&
    settings.limit <= 100_000 &&
    Option.isSome(window) &&
    Duration.toMillis(window.value) <= maxTimerDelay &&
    Duration.greaterThan(window.value, Duration.zero)
  return usable
    ? Layer.succeed(RateLimit, settings)
    : Layer.fail(
        new InvalidConfig({
          setting: "rateLimit",
          message:
            'The rate limit is not usable. Give a whole number of 1 or more per window: { limit: 100, window: "1 minute" }.'
        })
      )
}

/**
 * No rate limit of our own; the hub's 429 is still obeyed.
 *
 * @since 0.1.0
 */
export const layerOff: Layer.Layer<RateLimit> = Layer.succeed(RateLimit, "off")
