/**
 * How much of a write of many rows the hub does.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The share of the rows of the request at hand that is done, 0 to 1. */
export class PartialWrite extends Context.Reference<PartialWrite>()("effect-ango/emulator/Share", {
  defaultValue: () => 1
}) {}

/** The rows that are done: all of them, unless a fault says otherwise. */
export const partOf = <A>(rows: ReadonlyArray<A>): Effect.Effect<ReadonlyArray<A>> =>
  Effect.map(PartialWrite, (share) =>
    rows.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share))
  )
