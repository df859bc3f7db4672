/**
 * How many requests a client sends per time.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { InvalidConfig } from "../AngoError.js"

/**
 * `limit` requests per `window`, as a token bucket that starts full.
 *
 * @since 0.1.0
 */
export interface Settings {
  readonly limit: number
  readonly window: Duration.DurationInput
}

/**
 * The vendor's standard plan: 100 requests per minute (dossier A.5).
 *
 * @since 0.1.0
 */
export const standardPlan: Settings = { limit: 100, window: "1 minute" }

/**
 * The rate limit in force: {@link standardPlan} unless a layer replaces it. A request over the limit waits.
 *
 * @since 0.1.0
 */
export class RateLimit extends Context.Reference<RateLimit>()("effect-ango/RateLimit", {
  defaultValue: (): Settings | "off" => standardPlan
}) {}

/**
 * Replaces the rate limit:
 * `Ango.layer(options).pipe(Layer.provide(RateLimit.layer({ limit: 600, window: "1 minute" })))`. Fails with
 * `InvalidConfig` when the limit is not a whole number of 1 or more, or the window is not a time.
 *
 * @since 0.1.0
 */
export const layer = (settings: Settings): Layer.Layer<RateLimit, InvalidConfig> => {
  const window = Duration.decodeUnknown(settings.window)
  const usable =
    Number.isInteger(settings.limit) &&
    settings.limit >= 1 &&
    Option.isSome(window) &&
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

/** An effect that ends when the next request may leave. */
export const make = (settings: Settings | "off"): Effect.Effect<Effect.Effect<void>> =>
  settings === "off"
    ? Effect.succeed(Effect.void)
    : Effect.gen(function* () {
        const sleep = yield* RateLimiter.makeSleep
        // One after the other: a request takes its token when its turn comes, so that one that is given up while it
        // waits leaves nothing behind.
        const turn = yield* Effect.makeSemaphore(1)
        // The store is in memory: it cannot fail.
        return turn.withPermits(1)(
          Effect.orDie(sleep({ ...settings, key: "requests", algorithm: "token-bucket" }))
        )
      }).pipe(Effect.provide(RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory))))
