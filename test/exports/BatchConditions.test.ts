// The rows of an export with batches are compared with them, by name and by id: a hub may ignore the condition.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Batches, Exports, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import * as IgnoringHub from "../support/IgnoringHub.js"

const { projectId } = AngoTest

const name = "June, morning"

const idOf = Effect.flatMap(Batches, (batches) =>
  Effect.map(batches.resolve(projectId, [name]), ([id]) => id ?? "")
)

const count = (batches: ReadonlyArray<string>) =>
  Effect.flatMap(Exports, (exports) => Stream.runCount(exports.stream(projectId, { batches, stages: "all" })))

describe.each([
  ["name", Effect.succeed(name)],
  ["id", idOf]
])("an export of a batch by %s", (_, batch) => {
  it.effect("has the rows of the batch", () =>
    Effect.gen(function* () {
      const { total } = yield* Effect.flatMap(Tasks, (tasks) =>
        tasks.page(projectId, { batches: [name], limit: 1 })
      )
      expect(yield* count([yield* batch])).toBe(total)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 40 })))
  )

  it.effect("fails on a hub that ignores the batches", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(count([yield* batch]))
      expect(error).toMatchObject({ _tag: "FilterNotApplied", parameter: "batches" })
      expect(yield* (yield* Emulator).requests("exports.request")).toHaveLength(1)
    }).pipe(Effect.provide(IgnoringHub.layer("batches", { tasks: 40 })))
  )
})
