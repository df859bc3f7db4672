// What an effect succeeded with, remembered. `Effect.cached` remembers how the first run ended, be it interrupted: one
// call that is given up in time would be the end of all later ones.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** Runs an effect until it succeeds once, and gives that value ever after; those who come meanwhile run it too. */
export const cacheSuccess = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  let known: Option.Option<A> = Option.none()
  const find = Effect.tap(effect, (value) =>
    Effect.sync(() => {
      known = Option.some(value)
    })
  )
  return Effect.suspend(() => (Option.isSome(known) ? Effect.succeed(known.value) : find))
}
