// The hub's own clock, as its answers tell it.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Where the transport leaves the time of the latest answer, for whoever wants to know it. */
export class ServerTime extends Context.Reference<ServerTime>()("effect-ango/AnsweredAt", {
  defaultValue: (): { millis?: number } | undefined => undefined
}) {}

/** An effect's result, and the hub's time of the answer it was made from (epoch milliseconds), when it told one. */
export const withServerTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly answeredAt?: number }, E, R> =>
  Effect.suspend(() => {
    const cell: { millis?: number } = {}
    return effect.pipe(
      Effect.provideService(ServerTime, cell),
      Effect.map((value) => (cell.millis === undefined ? { value } : { value, answeredAt: cell.millis }))
    )
  })

/**
 * An effect's result, and when it was begun by the hub's clock, if the hub tells: not later than that, since how long it
 * took is known here.
 */
export const withServerStartTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly begunAt?: number }, E, R> =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const { answeredAt, value } = yield* withServerTime(effect)
    const after = yield* Clock.currentTimeMillis
    return answeredAt === undefined ? { value } : { value, begunAt: answeredAt - (after - before) }
  })
