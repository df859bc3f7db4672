/**
 * How many requests a client sends per span of time.
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
 * At most `limit` requests in any span of time of length `window`. They may all be sent at once.
 *
 * @category options
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
 * @category constructors
 * @since 0.1.0
 */
export const standardPlan: Settings = { limit: 100, window: "1 minute" }

/**
 * The rate limit of a client: {@link standardPlan} unless a layer replaces it. Requests over the limit wait, first come,
 * first served.
 *
 * By default each client counts for itself. Processes that use the same key share one budget when each is given the same
 * `RateLimiterStore` of `@effect/experimental`, with the same limit and window. The store names a budget by a digest of
 * the client's first key. For Redis: `npm install @effect/experimental ioredis`. When the store does not respond, nothing
 * is sent and calls fail with `StoreUnavailable`; `maxRetriesPerRequest` determines how soon (ioredis tries 20 times by
 * default, and as often again when it is closed). ioredis also prints a line to stderr for each failed connection, with
 * the address and without the password.
 *
 * The same store also holds the locks of exports: one export of a project at a time, among all its processes.
 *
 * A 429 pauses all calls of the client: for its `Retry-After`, an hour at most; without one for a sixth of the window,
 * doubled for each further 429 in a row, up to the window.
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
 * @category policies
 * @since 0.1.0
 */
export class RateLimit extends Context.Reference<RateLimit>()("effect-ango/RateLimit", {
  defaultValue: (): Settings | "off" => standardPlan
}) {}

/**
 * Replaces the rate limit:
 * `Ango.layer(options).pipe(Layer.provide(RateLimit.layer({ limit: 600, window: "1 minute" })))`. Fails with
 * `InvalidConfig` unless the limit is an integer from 1 to 100,000 and the window a duration longer than zero and at most
 * 24 days.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (settings: Settings): Layer.Layer<RateLimit, InvalidConfig> => {
  const window = Duration.decodeUnknown(settings.window)
  const isValid =
    Number.isInteger(settings.limit) &&
    settings.limit >= 1 &&
    settings.limit <= 100_000 &&
    Option.isSome(window) &&
    Duration.toMillis(window.value) <= maxTimerDelay &&
    Duration.greaterThan(window.value, Duration.zero)
  return isValid
    ? Layer.succeed(RateLimit, settings)
    : Layer.fail(
        new InvalidConfig({
          setting: "rateLimit",
          message:
            'The rate limit is invalid. Give an integer from 1 to 100,000 per window: { limit: 100, window: "1 minute" }.'
        })
      )
}

/**
 * No rate limit in the client. A 429 of the hub still pauses all calls.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOff: Layer.Layer<RateLimit> = Layer.succeed(RateLimit, "off")
