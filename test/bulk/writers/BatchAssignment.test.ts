// Putting assets into batches, with one outcome per asset.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Assets, type BatchAssignment, Batches, Ledger, RowOutcome, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { outcomesOf } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"
import { names } from "../../support/SeededBatches.js"
import { picky } from "../../support/StrictHub.js"
import { withoutWaiting } from "../../support/VirtualTime.js"

const { projectId } = AngoTest

const assign = (assets: Iterable<string>, options: BatchAssignment, project: string = projectId) =>
  Effect.flatMap(Batches, (batches) => outcomesOf(batches.assign(project, { ...options, assets })))

/** The ids of some assets, and two batches without them. */
const start = (count: number) =>
  Effect.gen(function* () {
    const [batches, assets] = yield* Effect.all([Batches, Assets])
    yield* batches.createMany(projectId, ["Week 8", "Week 9"])
    const { items } = yield* assets.page(projectId, { limit: count })
    return items.map(({ id }) => id)
  })

const members = (...batches: ReadonlyArray<string>) =>
  Effect.flatMap(Assets, (assets) =>
    Effect.map(assets.collect(projectId, { batches, limit: 1000 }), (all) =>
      all.map(({ id }) => id).toSorted()
    )
  )

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  outcomes.map(({ _tag, reason }) => reason ?? _tag)

const sent = Effect.flatMap(Emulator, (hub) => hub.requests("batches.assign"))

const breaking = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("batches.assign", script))

const nobody = "65aa000000000000000effff"

describe("assign", () => {
  it.effect("puts assets and their tasks into batches, by name and by id, in addition to theirs", () =>
    Effect.gen(function* () {
      const [batches, assets, tasks] = yield* Effect.all([Batches, Assets, Tasks])
      const [one, two] = yield* batches.createMany(projectId, ["Week 8", "Week 9"])
      const { items } = yield* assets.page(projectId, { limit: 2 })
      const both = [one?.id ?? "", two?.id ?? ""]
      const ids = items.map(({ id }) => id)
      const outcomes = yield* assign(ids, { batches: ["Week 8", two?.id ?? ""] })
      expect(outcomes).toEqual(
        ids.map((asset, index) => ({ _tag: "Updated", index, key: asset, value: { asset, batches: both } }))
      )
      const now = yield* assets.page(projectId, { batches: both })
      expect(now.items.map(({ id }) => id)).toEqual(ids)
      expect(now.items[0]?.batches).toEqual([...(items[0]?.batches ?? []), "Week 8", "Week 9"])
      expect((yield* tasks.page(projectId, { batches: both })).total).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("reads assets from a stream and sends them in chunks; batches are looked up once", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const ids = yield* start(7)
      const before = (yield* requests).length
      const assets = Stream.fromIterable([...ids, ids[0] ?? ""])
      const summary = yield* batches
        .assign(projectId, { assets, batches: ["Week 8"], chunk: 3, concurrency: 1 })
        .pipe(Stream.run(RowOutcome.summarize))
      expect(summary).toEqual({ rows: 8, created: 0, updated: 7, skipped: 1, failed: 0, unknown: 0 })
      expect((yield* requests).slice(before)).toEqual([
        "projects.get",
        ...Array<string>(3).fill("batches.assign")
      ])
      expect(yield* members("Week 8")).toEqual(ids.toSorted())
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("distinguishes the asset that the hub ignored from the others", () =>
    Effect.gen(function* () {
      const [a = "", b = ""] = yield* start(2)
      const outcomes = yield* assign([a, nobody, b], { batches: ["Week 8", "Week 9"] })
      expect(tags(outcomes)).toEqual(["Updated", "Failed", "Updated"])
      expect(outcomes[1]).toMatchObject({
        key: nobody,
        error: { _tag: "RowRejected", reason: "not-applied", sent: 3, accepted: 2 }
      })
      expect(yield* sent).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("does not treat an asset in one of the batches as being in all", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const [a = "", b = ""] = yield* start(2)
      yield* assign([a], { batches: ["Week 8"] })
      const list = yield* Effect.flatMap(Assets, (assets) => assets.page(projectId, { id: a }))
      // This hub lists the assets of any of the batches.
      const asset = { _id: a, batches: list.items[0]?.batches }
      const body = JSON.stringify({ status: "success", data: { assets: [asset], total: 1 } })
      yield* hub.faults.on("assets.list", Faults.repeat(Faults.respond(200, body)))
      yield* breaking([Faults.respond(200, '{"status":"success","data":{"assets":1}}')])
      expect(tags(yield* assign([a, b], { batches: ["Week 8", "Week 9"] }))).toEqual(["Failed", "Failed"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect.each([
    ["no batches", null, "Unknown"],
    ["nothing", undefined, "Unknown"],
    ["other batches", [], "Failed"],
    ["batches by id", "ids", "Updated"]
  ] as const)("believes what an asset shows, whatever the hub lists: %s", ([, shown, tag]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const [a = "", b = ""] = yield* start(2)
      const [week] = yield* Effect.flatMap(Batches, (batches) => batches.resolve(projectId, ["Week 8"]))
      const batches = shown === "ids" ? [week] : shown
      const body = JSON.stringify({
        status: "success",
        data: { assets: [a, b].map((_id) => ({ _id, batches })), total: 2 }
      })
      yield* hub.faults.on("assets.list", Faults.repeat(Faults.respond(200, body)))
      yield* breaking([Faults.respond(200, '{"status":"success","data":{"assets":1}}')])
      const outcomes = yield* assign([a, b], { batches: ["Week 8"] })
      expect(outcomes.map(({ _tag }) => _tag)).toEqual([tag, tag])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.live("isolates the asset that the hub rejects, and assigns the others once", () =>
    Effect.gen(function* () {
      const { client, seen } = yield* picky(nobody)
      const [outcomes, ids] = yield* Effect.gen(function* () {
        const ids = yield* start(20)
        return [
          yield* assign([...ids.slice(0, 9), nobody, ...ids.slice(9)], { batches: ["Week 8"] }),
          ids
        ] as const
      }).pipe(Effect.provide(client))
      expect(outcomes.filter(({ _tag }) => _tag !== "Updated")).toMatchObject([
        { _tag: "Failed", index: 9, key: nobody, retryable: false, error: { _tag: "BadRequest" } }
      ])
      expect(outcomes).toHaveLength(21)
      expect(seen.refused).toBeLessThanOrEqual(6)
      const stored = (yield* Emulator).state.projects.get(projectId)?.assets ?? []
      expect(
        stored
          .filter(({ batches }) => batches?.includes("Week 8"))
          .map(({ _id }) => _id)
          .toSorted()
      ).toEqual(ids.toSorted())
      expect((yield* sent).length).toBeLessThanOrEqual(5)
    }).pipe(Effect.provide(Emulator.layer({ tasks: 20 })))
  )

  it.effect(
    "reads the batches after a lost response: assigned assets are Updated, the rest is left to the next run",
    () =>
      Effect.gen(function* () {
        const ids = yield* start(4)
        const shape = Faults.respond(200, '{"status":"success"}')
        yield* breaking([Faults.afterProcessing(shape), shape])
        const options = { batches: ["Week 8"], chunk: 2, concurrency: 1 }
        const outcomes = yield* assign(ids, options)
        expect(tags(outcomes)).toEqual(["Updated", "Updated", "Failed", "Failed"])
        expect(outcomes[2]).toMatchObject({ retryable: true, error: { _tag: "DecodeError" } })
        expect(yield* members("Week 8")).toEqual(ids.slice(0, 2).toSorted())
        expect(tags(yield* assign(ids, options))).toEqual(Array(4).fill("Updated"))
      }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("is Unknown if the response is inconclusive and the batches cannot be read", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const ids = yield* start(1)
      yield* breaking([Faults.respond(200, '{"status":"success"}')])
      yield* hub.faults.on("assets.list", Faults.repeat(Faults.fail(500)))
      expect(yield* withoutWaiting(assign(ids, { batches: ["Week 8"] }))).toMatchObject([
        { _tag: "Unknown", key: ids[0], reconcile: { read: "assets.list" } }
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("assigns only the rest with a ledger, which belongs to these batches in any order", () =>
    Effect.gen(function* () {
      const ids = yield* start(4)
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "batches")
      const options = { ledger, batches: ["Week 8", "Week 9"], chunk: 2, concurrency: 1 }
      yield* breaking([Faults.ok, Faults.fail(400), Faults.fail(400), Faults.fail(400)])
      expect(tags(yield* assign(ids, options))).toEqual(["Updated", "Updated", "Failed", "Failed"])
      const again = yield* assign(ids, { ...options, batches: ["Week 9", "Week 8"] })
      expect(tags(again)).toEqual(["done-before", "done-before", "Updated", "Updated"])
      expect(yield* members("Week 8", "Week 9")).toEqual(ids.toSorted())
      const error = yield* Effect.flip(assign(ids, { ledger, batches: ["Week 8"] }))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: "batches" })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })), Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("changes nothing if a batch does not exist", () =>
    Effect.gen(function* () {
      const [known] = yield* names
      const error = yield* Effect.flip(assign(["a1"], { batches: [known ?? "", "Nope"] }))
      expect(error).toMatchObject({ _tag: "UnknownBatch", operation: "batches.assign", unknown: ["Nope"] })
      expect(yield* sent).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect(
    "rejects an empty list of batches before any request: the hub might take the assets out of all batches",
    () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(assign(["a1"], { batches: [] }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "batches" })
        expect(error.message).toContain("at least one batch, by name or by id")
        expect(yield* requests).toEqual([])
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails an invalid id alone, and sends the others", () =>
    Effect.gen(function* () {
      const [a = ""] = yield* start(1)
      const outcomes = yield* assign(["a/b", a], { batches: ["Week 9"] })
      expect(tags(outcomes)).toEqual(["Failed", "Updated"])
      expect(outcomes[0]).toMatchObject({
        key: "a/b",
        retryable: false,
        error: { _tag: "InvalidRequest", parameter: "asset", operation: "batches.assign" }
      })
      expect(Object(outcomes[0]).error.message).toContain("an id of 1 to 128 letters")
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("fails with NotFound for an unknown project", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(assign(["a1"], { batches: ["b1"] }, "x1"))).toMatchObject({
        _tag: "NotFound",
        status: 400,
        operation: "projects.get"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
