import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/** The effect that succeeds with the right value and fails with the left one. An `Either` is never used as an effect. */
export const fromEither: <A, E>(either: Either.Either<A, E>) => Effect.Effect<A, E> = Either.match({
  onLeft: Effect.fail,
  onRight: Effect.succeed
})
