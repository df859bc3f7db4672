// Creating a batch writes the whole list: nobody's batch may get lost on the way.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, Assets, Batches, BatchId, RateLimit, Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { locks } from "../../src/internal/exclusively.js"

const { projectId } = AngoTest

const names = Effect.flatMap(Batches, (batches) =>
  Effect.map(batches.list(projectId), (list) => list.map(({ name }) => name))
)
const writes = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests("batches.update"), (all) => all.length)
)
const sent = Effect.flatMap(Emulator, (hub) => Effect.map(hub.requests(), (all) => all.length))

/** Another client of the same hub, as another program in this process would have. */
const client = (hub: EmulatorService, fetch: typeof globalThis.fetch = hub.fetch) =>
  Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide(RateLimit.layerOff)
  )

/** A writer in another process: it knows the list as it was, and writes after each of our writes. */
const overwriting = (hub: EmulatorService, times: number): typeof globalThis.fetch => {
  const before = [...(hub.state.projects.get(projectId)?.project.batches ?? [])]
  let left = times
  return async (input, init) => {
    const request = new Request(input, init)
    const isWrite = request.method === "POST" && new URL(request.url).pathname.includes("/batches/")
    const response = await hub.fetch(request)
    if (isWrite && left-- > 0) {
      await hub.fetch(`${hub.baseUrl}/batches/${projectId}`, {
        method: "POST",
        headers: { apikey: Redacted.value(hub.apiKey), "content-type": "application/json" },
        body: JSON.stringify({ batches: [...before, { name: "Theirs" }] })
      })
    }
    return response
  }
}

describe("create", () => {
  it.effect("gives the new batch, which is listed after those that were there", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      const created = yield* batches.create(projectId, "Week 9")
      expect(created).toMatchObject({ name: "Week 9", id: expect.stringMatching(/^[0-9a-f]{24}$/) })
      expect(yield* names).toEqual([...before, "Week 9"])
      expect((yield* batches.list(projectId)).at(-1)?.id).toBe(created.id)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("gives a batch that is there as it is, and writes nothing", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [first] = yield* batches.list(projectId)
      expect(yield* batches.create(projectId, first?.name ?? "")).toEqual(first)
      expect(yield* writes).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("keeps a description and a colour, of the new one and of the others", () =>
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

  it.effect("fails with NotFound for an unknown project, and holds no lock afterwards", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      expect(yield* Effect.flip(batches.create("x1", "Week 9"))).toMatchObject({ _tag: "NotFound" })
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with Forbidden for a user who may not, once", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      yield* hub.faults.on("batches.update", [Faults.fail(403)])
      expect(yield* Effect.flip(batches.create(projectId, "Week 9"))).toMatchObject({ _tag: "Forbidden" })
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("does not write a list that the hub did not tell", () =>
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

describe("createMany", () => {
  it.effect("gives them in the order of the names, present and new ones, by one write", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      const wanted = ["Week 9", before[1] ?? "", "Week 8"]
      const created = yield* batches.createMany(projectId, wanted)
      expect(created.map(({ name }) => name)).toEqual(wanted)
      expect(yield* names).toEqual([...before, "Week 9", "Week 8"])
      expect(yield* writes).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [[], "batches", "at least one batch"],
    [["Week 9", " "], "batches[1].name", "a batch name that is not blank"],
    [["Week 9", "Week 8", "Week 9"], "batches", "batches with different names"]
  ] as const)("%j is refused before any request", ([wanted, parameter, allowed]) =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const error = yield* Effect.flip(batches.createMany(projectId, wanted))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* sent).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("two creators at once", () => {
  const wanted = Array.from({ length: 12 }, (_, index) => `Shift ${index}`)

  it.effect("both win, with one client: they wait for each other and need not repeat", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      yield* Effect.forEach(wanted, (name) => batches.create(projectId, name), { concurrency: "unbounded" })
      expect((yield* names).toSorted()).toEqual([...before, ...wanted].toSorted())
      expect(yield* writes).toBe(wanted.length)
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("both win, with two clients over one hub", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const before = yield* names
      const create = (name: string) => Effect.flatMap(Batches, (batches) => batches.create(projectId, name))
      const [ours, theirs] = yield* Effect.all(
        [Effect.provide(create("Ours"), client(hub)), Effect.provide(create("Theirs"), client(hub))],
        { concurrency: "unbounded" }
      )
      expect(ours.id).not.toBe(theirs.id)
      expect((yield* names).toSorted()).toEqual([...before, "Ours", "Theirs"].toSorted())
      expect(yield* writes).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("of one name get the same batch", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [a, b] = yield* Effect.all(
        [batches.create(projectId, "Same"), batches.create(projectId, "Same")],
        {
          concurrency: "unbounded"
        }
      )
      expect(a.id).toBe(b.id)
      expect((yield* names).filter((name) => name === "Same")).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("of different projects do not wait for each other", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const [first, second = first] = hub.projectIds
      yield* hub.faults.on("batches.update", [Faults.hang])
      const stuck = yield* Effect.fork(batches.create(first, "Week 9"))
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))
      expect(locks.size).toBe(1)
      expect((yield* batches.create(second, "Week 9")).name).toBe("Week 9")
      yield* Fiber.interrupt(stuck)
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("both win although the other one, of another process, overwrote our list", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const before = yield* names
      const created = yield* Effect.gen(function* () {
        const batches = yield* Batches
        const fiber = yield* Effect.fork(batches.create(projectId, "Ours"))
        yield* TestClock.adjust("1 second")
        return yield* Fiber.join(fiber)
      }).pipe(Effect.provide(client(hub, overwriting(hub, 1))))
      expect(created.name).toBe("Ours")
      expect((yield* names).toSorted()).toEqual([...before, "Ours", "Theirs"].toSorted())
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("and when it does so each time, the error says what is missing, after five writes", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const error = yield* Effect.gen(function* () {
        const batches = yield* Batches
        const fiber = yield* Effect.fork(batches.createMany(projectId, ["Ours", "Theirs"]))
        yield* Effect.forEach(Array.from({ length: 20 }), () => TestClock.adjust("1 second"))
        return yield* Effect.flip(Fiber.join(fiber))
      }).pipe(Effect.provide(client(hub, overwriting(hub, Number.POSITIVE_INFINITY))))
      expect(error).toMatchObject({ _tag: "LostUpdate", missing: ["Ours"], writes: 5 })
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("replace", () => {
  it.effect("renames a batch for its assets too, and takes away what is left out", () =>
    Effect.gen(function* () {
      const [batches, assets, tasks] = yield* Effect.all([Batches, Assets, Tasks])
      const [first, second] = yield* batches.list(projectId)
      const id = BatchId.make(first?.id ?? "")
      const held = yield* assets.page(projectId, { batches: [id], limit: 1 })
      yield* batches.replace(projectId, [{ id, name: "Renamed" }])
      expect(yield* names).toEqual(["Renamed"])
      const all = yield* Stream.runCollect(assets.stream(projectId))
      const seen = new Set(Chunk.toReadonlyArray(all).flatMap((asset) => asset.batches ?? []))
      expect([...seen]).toEqual(["Renamed"])
      expect((yield* assets.page(projectId, { batches: [id], limit: 1 })).total).toBe(held.total)
      const filter = { batches: [second?.id ?? id] }
      expect((yield* tasks.page(projectId, { filter })).total).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("resolve", () => {
  it.effect("takes names and ids, mixed, each once, by one request", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [first, second] = yield* batches.list(projectId)
      const before = yield* sent
      const wanted = [second?.name ?? "", first?.id ?? "", second?.id ?? ""]
      expect(yield* batches.resolve(projectId, wanted)).toEqual([second?.id, first?.id])
      expect((yield* sent) - before).toBe(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails for unknown ones with all of them, and the names there are", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const known = yield* names
      const error = yield* Effect.flip(batches.resolve(projectId, ["Nope", known[0] ?? "", "Neither"]))
      expect(error).toMatchObject({ _tag: "UnknownBatch", unknown: ["Nope", "Neither"], known })
      for (const name of ["Nope", "Neither", ...known]) expect(error.message).toContain(`"${name}"`)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("refuses a name that several batches have", () =>
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

  it.effect.each([
    [[], "assets", "at least one asset id"],
    [["a/b"], "assets[0]", "an id of 1 to 128 letters"]
  ] as const)("%j as assets is refused before any request", ([assets, parameter, allowed]) =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const error = yield* Effect.flip(batches.assign(projectId, { assets, batches: ["Week 9"] }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "batches.assign" })
      expect(error.message).toContain(allowed)
      expect(yield* sent).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      expect(yield* Effect.flip(batches.assign("x1", { assets: ["a1"], batches: [] }))).toMatchObject({
        _tag: "NotFound",
        status: 400,
        operation: "batches.assign"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
