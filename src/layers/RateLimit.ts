/**
 * How many requests a client sends per time.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

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
 * `Ango.layer(options).pipe(Layer.provide(RateLimit.layer({ limit: 600, window: "1 minute" })))`.
 *
 * @since 0.1.0
 */
export const layer = (settings: Settings): Layer.Layer<RateLimit> => Layer.succeed(RateLimit, settings)

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
    : RateLimiter.makeSleep.pipe(
        Effect.map((sleep) =>
          // The store is in memory: it cannot fail.
          Effect.orDie(sleep({ ...settings, key: "requests", algorithm: "token-bucket" }))
        ),
        Effect.provide(RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory)))
      )
