// `Effect.cached` caches how the first run ended, an interruption included: one call that ends early would fail all later
// ones.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** Caches the first success. Until then each caller runs the effect, concurrent callers too. */
export const cacheSuccess = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  let cached: Option.Option<A> = Option.none()
  const run = Effect.tap(effect, (value) =>
    Effect.sync(() => {
      cached = Option.some(value)
    })
  )
  return Effect.suspend(() => (Option.isSome(cached) ? Effect.succeed(cached.value) : run))
}
