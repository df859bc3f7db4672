// The batches of the first project of the seed, and the number of writes.
import * as Effect from "effect/Effect"
import { Batches } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

/** The names, in order. */
export const names = Effect.flatMap(Batches, (batches) =>
  Effect.map(batches.list(projectId), (list) => list.map(({ name }) => name))
)

/** The number of write requests. */
export const writes = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests("batches.update"), (all) => all.length)
)
