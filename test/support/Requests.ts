// What the hub was asked.
import * as Effect from "effect/Effect"
import { Emulator } from "effect-ango/emulator"

/** The operations so far, in order. */
export const requests = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (all) => all.map(({ operation }) => operation))
)
