// Batches.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Batches } from "effect-ango"
import { assetsOf, type Cases, listAt, newProject, project } from "./case.js"

const names = (id: string) => Effect.map(project(id), ({ batches }) => batches?.map(({ name }) => name))

const batchesOf = (id: string) =>
  Effect.map(assetsOf(id), (assets) =>
    Object.fromEntries(Array.from(assets, ([externalId, { batches }]) => [externalId, batches]))
  )

export const batches: Cases = {
  create_batch: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* call([id, "Week 1"])
    yield* call([id, "Nacht, Regen & Öl"])
    expect(yield* names(id)).toEqual(["Week 1", "Nacht, Regen & Öl"])
  }),

  create_batches: Effect.fn(function* (call) {
    const id = yield* newProject()
    const first = yield* (yield* Batches).create(id, "Week 1")
    yield* call([id, ["Week 1", "Week 2", "Week 3"]])
    const all = (yield* project(id)).batches
    expect(all?.map(({ name }) => name)).toEqual(["Week 1", "Week 2", "Week 3"])
    expect(all?.[0]?.id).toBe(first.id)
    yield* call([id, ["Week 2"]])
    expect(yield* names(id)).toEqual(["Week 1", "Week 2", "Week 3"])
  }),

  get_batches: Effect.fn(function* (call) {
    const id = yield* newProject()
    yield* (yield* Batches).createMany(id, ["Week 1", "Week 2"])
    const expected = (yield* project(id)).batches?.map((batch) => ({ _id: batch.id, name: batch.name }))
    expect(expected).toHaveLength(2)
    expect(listAt({ batches: yield* call([id]) }, "batches")).toEqual(expected)
  }),

  assign_batches: Effect.fn(function* (call) {
    const id = yield* newProject(3)
    const [week1] = yield* (yield* Batches).createMany(id, ["Week 1", "Week 2"])
    const assets = yield* assetsOf(id)
    const idOf = (externalId: string) => String(assets.get(externalId)?.id)
    yield* call([id, [idOf("1.jpg"), idOf("2.jpg")], [String(week1?.id)]])
    yield* call([id, [idOf("2.jpg")], ["Week 2"]])
    expect(yield* batchesOf(id)).toEqual({
      "1.jpg": ["Week 1"],
      "2.jpg": ["Week 1", "Week 2"],
      "3.jpg": []
    })
  })
}
