// Query values arrive byte for byte: duplicate slashes are folded in the path alone.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"
import { answers, askQueries, spellings } from "../support/Queries.js"

describe("a query value with slashes", () => {
  for (const [name, spell] of spellings) {
    for (const slash of ["/", "//"] as const) {
      it.effect(`${name}, below a path with ${slash}, arrives unchanged`, () =>
        withHub(
          Effect.gen(function* () {
            const hub = yield* Emulator
            const send = (path: string) =>
              Effect.runPromise(
                askHub(`GET ${path.slice("/v2".length)}`).pipe(
                  Effect.map(({ data }) => data),
                  Effect.provideService(Emulator, hub)
                )
              )
            expect(yield* Effect.promise(() => askQueries(hub, send, spell, slash))).toEqual(answers)
          })
        )
      )
    }
  }
})
