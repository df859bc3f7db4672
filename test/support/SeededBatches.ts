// The batches of the first project of the seed, and how often they were written.
import * as Effect from "effect/Effect"
import { Batches } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

/** Their names, in order. */
export const names = Effect.flatMap(Batches, (batches) =>
  Effect.map(batches.list(projectId), (list) => list.map(({ name }) => name))
)

/** How many writes the hub was asked for. */
export const writes = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests("batches.update"), (all) => all.length)
)
