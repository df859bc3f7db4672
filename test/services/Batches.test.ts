// Batches: create, replace and resolve.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Assets, Batches, BatchId, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { locks } from "../../src/utils/keyLock.js"
import { requests } from "../support/Requests.js"
import { names, writes } from "../support/SeededBatches.js"

const { projectId } = AngoTest

describe("create", () => {
  it.effect("returns the new batch, which is last in the list", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      const created = yield* batches.create(projectId, "Week 9")
      expect(created).toMatchObject({ name: "Week 9", id: expect.stringMatching(/^[0-9a-f]{24}$/) })
      expect(yield* names).toEqual([...before, "Week 9"])
      expect((yield* batches.list(projectId)).at(-1)?.id).toBe(created.id)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("returns an existing batch unchanged, without a write", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [first] = yield* batches.list(projectId)
      expect(yield* batches.create(projectId, first?.name ?? "")).toEqual(first)
      expect(yield* writes).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("keeps descriptions and colors of the new batch and of the others", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      yield* batches.create(projectId, { name: "Night", description: "After ten", color: "#00aa88" })
      yield* batches.create(projectId, "Day")
      expect((yield* batches.list(projectId)).find(({ name }) => name === "Night")).toMatchObject({
        description: "After ten",
        color: "#00aa88"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("sends the name alone, once, after it has read the project", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const created = yield* batches.create(projectId, "Week 9")
      const sent = yield* hub.requests()
      expect(sent.map(({ method, operation }) => `${method} ${operation}`)).toEqual([
        "GET projects.get",
        "POST batches.update"
      ])
      expect(Object.keys(created).toSorted()).toEqual(["id", "name"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [
      "the project with its list",
      { _id: projectId, name: "Cats", batches: [{ _id: "b9", name: "Week 9" }] },
      "b9"
    ],
    ["a batch of that name", { _id: "b9", name: "Week 9", color: "#00aa88" }, "b9"],
    [
      "the project with a batch without an id",
      { _id: projectId, batches: [{ name: "Week 9" }] },
      "read back"
    ],
    ["the project without a list", { _id: projectId, name: "Cats" }, "read back"],
    ["something else", undefined, "read back"]
  ] as const)("finds the batch in the response or in the project: %s", ([, project, id]) =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const body = JSON.stringify({ status: "success", data: { project } })
      yield* hub.faults.on("batches.update", [Faults.afterProcessing(Faults.respond(200, body))])
      const created = yield* batches.create(projectId, "Week 9")
      const stored = (yield* batches.list(projectId)).find(({ name }) => name === "Week 9")
      expect(created).toMatchObject({ name: "Week 9", id: id === "read back" ? stored?.id : id })
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails when the hub accepts the name and the project has no such batch", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const body = JSON.stringify({ status: "success", data: { project: { _id: projectId, name: "Cats" } } })
      yield* hub.faults.on("batches.update", [Faults.respond(200, body)])
      const error = yield* Effect.flip(batches.create(projectId, "Week 9"))
      expect(error).toMatchObject({ _tag: "LostUpdate", missing: ["Week 9"], writes: 1 })
      expect(error.message).toContain("has no batch of that name")
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("writes the list when the hub refuses the name with a 400", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const before = yield* names
      yield* hub.faults.on("batches.update", [Faults.fail(400), Faults.ok])
      expect(yield* batches.create(projectId, "Week 9")).toMatchObject({ name: "Week 9" })
      expect(yield* names).toEqual([...before, "Week 9"])
      expect(yield* writes).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project, and releases its lock", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      expect(yield* Effect.flip(batches.create("x1", "Week 9"))).toMatchObject({ _tag: "NotFound" })
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with Forbidden without permission, after one request", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      yield* hub.faults.on("batches.update", [Faults.fail(403)])
      expect(yield* Effect.flip(batches.create(projectId, "Week 9"))).toMatchObject({ _tag: "Forbidden" })
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("does not write when the current list is unknown", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const before = yield* names
      const silent = JSON.stringify({ status: "success", data: { project: { _id: projectId, name: "x" } } })
      yield* hub.faults.on("projects.get", [Faults.respond(200, silent)])
      yield* batches.create(projectId, "Week 9")
      expect(yield* names).toEqual([...before, "Week 9"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("list", () => {
  it.effect("reads the project, and the list of batches only if the project has none", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const list = yield* batches.list(projectId)
      expect((yield* hub.requests()).map(({ operation }) => operation)).toEqual(["projects.get"])
      const silent = JSON.stringify({ status: "success", data: { project: { _id: projectId, name: "x" } } })
      yield* hub.faults.on("projects.get", [Faults.respond(200, silent)])
      expect(yield* batches.list(projectId)).toEqual(list)
      expect(yield* hub.requests("batches.list")).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      expect(yield* Effect.flip(batches.list("x1"))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("createMany", () => {
  it.effect("returns existing and new batches in the order of the names, with one write", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      const requested = ["Week 9", before[1] ?? "", "Week 8"]
      const created = yield* batches.createMany(projectId, requested)
      expect(created.map(({ name }) => name)).toEqual(requested)
      expect(yield* names).toEqual([...before, "Week 9", "Week 8"])
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], "batches", "at least one batch"],
    [["Week 9", " "], "batches[1].name", "a batch name that is not blank"],
    [[{ name: "Week 9", color: "red" }], "batches[0].color", "a color, #RRGGBB"],
    [["Week 9", "Week 8", "Week 9"], "batches", "batches with different names"]
  ] as const)("%j is refused before any request", ([requested, parameter, allowed]) =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const error = yield* Effect.flip(batches.createMany(projectId, requested))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("replace", () => {
  it.effect("renames a batch for its assets too, and deletes batches that are not in the list", () =>
    Effect.gen(function* () {
      const [batches, assets, tasks] = yield* Effect.all([Batches, Assets, Tasks])
      const [first, second] = yield* batches.list(projectId)
      const id = BatchId.make(first?.id ?? "")
      const before = yield* assets.page(projectId, { batches: [id], limit: 1 })
      yield* batches.replace(projectId, [{ id, name: "Renamed" }])
      expect(yield* names).toEqual(["Renamed"])
      const all = yield* Stream.runCollect(assets.stream(projectId))
      const assetBatches = new Set(Chunk.toReadonlyArray(all).flatMap((asset) => asset.batches ?? []))
      expect([...assetBatches]).toEqual(["Renamed"])
      expect((yield* assets.page(projectId, { batches: [id], limit: 1 })).total).toBe(before.total)
      const filter = { batches: [second?.id ?? id] }
      expect((yield* tasks.page(projectId, { filter })).total).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("replace with an invalid list", () => {
  it.effect.each([
    [[{ name: "Week 9" }, { name: "Week 9" }], "batches", "batches with different names"],
    [[{ name: "Week 9" }, { name: " " }], "batches[1].name", "a batch name that is not blank"],
    [[{ id: BatchId.make("b1"), name: "Week 9" }, { name: "Week 9" }], "batches", "different names"],
    [[{ id: "a b" as BatchId, name: "Week 9" }], "batches[0].id", "an id of 1 to 128 letters"]
  ] as const)("%j is refused before any request", ([requested, parameter, allowed]) =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const error = yield* Effect.flip(batches.replace(projectId, requested))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("resolve", () => {
  it.effect("resolves names and ids to distinct ids, with one request", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [first, second] = yield* batches.list(projectId)
      const before = (yield* requests).length
      const requested = [second?.name ?? "", first?.id ?? "", second?.id ?? ""]
      expect(yield* batches.resolve(projectId, requested)).toEqual([second?.id, first?.id])
      expect((yield* requests).length - before).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with all unknown names and the known ones", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const known = yield* names
      const error = yield* Effect.flip(batches.resolve(projectId, ["Nope", known[0] ?? "", "Neither"]))
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope", "Neither"], known })
      for (const name of ["Nope", "Neither", ...known]) expect(error.message).toContain(`"${name}"`)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("refuses a name of several batches", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const stored = hub.state.projects.get(projectId)
      if (stored !== undefined) {
        stored.project = {
          ...stored.project,
          batches: ["1", "2"].map((id) => ({ _id: `b${id}`, name: "Twin" }))
        }
      }
      const error = yield* Effect.flip(batches.resolve(projectId, ["Twin"]))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "batches" })
      expect(yield* batches.resolve(projectId, ["b2"])).toEqual(["b2"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
