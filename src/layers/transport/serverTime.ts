// The hub's clock, as the `Date` headers of its responses show it.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** A cell into which the transport writes the hub's time of the latest response (epoch milliseconds). */
export class ServerTime extends Context.Reference<ServerTime>()("effect-ango/ServerTime", {
  defaultValue: (): { millis?: number } | undefined => undefined
}) {}

const withServerTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly respondedAt?: number }, E, R> =>
  Effect.suspend(() => {
    const cell: { millis?: number } = {}
    return effect.pipe(
      Effect.provideService(ServerTime, cell),
      Effect.map((value) => (cell.millis === undefined ? { value } : { value, respondedAt: cell.millis }))
    )
  })

/**
 * Returns an effect's result, and a time on the hub's clock at or before which the effect started: the hub's time
 * of the response minus the duration measured here.
 */
export const withServerStartTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly begunAt?: number }, E, R> =>
  Effect.gen(function* () {
    const before = yield* Clock.currentTimeMillis
    const { respondedAt, value } = yield* withServerTime(effect)
    const after = yield* Clock.currentTimeMillis
    return respondedAt === undefined ? { value } : { value, begunAt: respondedAt - (after - before) }
  })
