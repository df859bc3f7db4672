// The hub's own clock, as its answers tell it.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Where the transport leaves the time of the latest answer, for whoever wants to know it. */
export class AnsweredAt extends Context.Reference<AnsweredAt>()("effect-ango/AnsweredAt", {
  defaultValue: (): { millis?: number } | undefined => undefined
}) {}

/** An effect's result, and the hub's time of the answer it was made from (epoch milliseconds), when it told one. */
export const withTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly answeredAt?: number }, E, R> =>
  Effect.suspend(() => {
    const cell: { millis?: number } = {}
    return effect.pipe(
      Effect.provideService(AnsweredAt, cell),
      Effect.map((value) => (cell.millis === undefined ? { value } : { value, answeredAt: cell.millis }))
    )
  })
