import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Batches, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"
import { names } from "../support/SeededBatches.js"

const { projectId } = AngoTest

describe("assign", () => {
  it.effect("puts assets and their tasks into batches, by name and by id, beside those they are in", () =>
    Effect.gen(function* () {
      const [batches, assets, tasks] = yield* Effect.all([Batches, Assets, Tasks])
      const [one, two] = yield* batches.createMany(projectId, ["Week 8", "Week 9"])
      const { items } = yield* assets.page(projectId, { limit: 2 })
      const assigned = yield* batches.assign(projectId, {
        assets: items.map(({ id }) => id),
        batches: ["Week 8", two?.id ?? ""]
      })
      expect(assigned).toBe(2)
      const both = [one?.id ?? "", two?.id ?? ""]
      const now = yield* assets.page(projectId, { batches: both })
      expect(now.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
      expect(now.items[0]?.batches).toEqual([...(items[0]?.batches ?? []), "Week 8", "Week 9"])
      expect((yield* tasks.page(projectId, { batches: both })).total).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("changes nothing when a batch is not there", () =>
    Effect.gen(function* () {
      const [hub, batches, assets] = yield* Effect.all([Emulator, Batches, Assets])
      const { items } = yield* assets.page(projectId, { limit: 1 })
      const [known] = yield* names
      const error = yield* Effect.flip(
        batches.assign(projectId, { assets: items.map(({ id }) => id), batches: [known ?? "", "Nope"] })
      )
      expect(error).toMatchObject({ _tag: "UnknownBatch", operation: "batches.assign", unknown: ["Nope"] })
      expect(yield* hub.requests("batches.assign")).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect(
    "no batch is refused before any request: a hub that replaces would take the assets out of all",
    () =>
      Effect.gen(function* () {
        const batches = yield* Batches
        const error = yield* Effect.flip(batches.assign(projectId, { assets: ["a1"], batches: [] }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "batches" })
        expect(error.message).toContain("at least one batch, by name or by id")
        expect(yield* requests).toEqual([])
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], "assets", "at least one asset id"],
    [["a/b"], "assets[0]", "an id of 1 to 128 letters"]
  ] as const)("%j as assets is refused before any request", ([assets, parameter, allowed]) =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const error = yield* Effect.flip(batches.assign(projectId, { assets, batches: ["Week 9"] }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "batches.assign" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      expect(yield* Effect.flip(batches.assign("x1", { assets: ["a1"], batches: ["b1"] }))).toMatchObject({
        _tag: "NotFound",
        status: 400,
        operation: "projects.get"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
