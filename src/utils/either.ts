import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

/** Succeeds with the right value or fails with the left one. An `Either` itself is never used as an effect. */
export const fromEither: <A, E>(either: Either.Either<A, E>) => Effect.Effect<A, E> = Either.match({
  onLeft: Effect.fail,
  onRight: Effect.succeed
})
