/**
 * The share of a write of many rows that the hub applies.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The share of the current request's rows that the hub applies, 0 to 1. */
export class PartialWrite extends Context.Reference<PartialWrite>()("effect-ango/emulator/PartialWrite", {
  defaultValue: () => 1
}) {}

/** The rows to apply: all of them, unless {@link PartialWrite} asks for less; then spread evenly. */
export const rowsToApply = <A>(rows: ReadonlyArray<A>): Effect.Effect<ReadonlyArray<A>> =>
  Effect.map(PartialWrite, (share) =>
    rows.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share))
  )
