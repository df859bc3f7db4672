// Synchronising the assets of a project with a list of rows: the plan, and carrying it out.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Assets, type CloudAssetInput, Ledger, SyncPlan } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { importInto, outcomesOf } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"

const { projectId } = AngoTest

const file = (externalId: string) => ({ data: `https://files.example/${externalId}`, externalId })

const planned = (wanted: ReadonlyArray<SyncPlan.DesiredAsset>, options = {}) =>
  Effect.flatMap(Assets, (assets) => assets.planSync(projectId, wanted, options))

const synced = (plan: SyncPlan.SyncPlan, options = {}) =>
  Effect.flatMap(Assets, (assets) => outcomesOf(assets.sync(projectId, plan, options)))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  outcomes.map(({ _tag, reason }) => reason ?? _tag)

const names = Effect.map(Emulator, ({ state }) =>
  (state.projects.get(projectId)?.assets ?? []).map(({ externalId }) => externalId ?? "").toSorted()
)

const holding = (...externalIds: ReadonlyArray<string>) =>
  importInto(projectId, externalIds.map(file), { duplicates: "allow" })

const empty = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored !== undefined) stored.assets = []
})

const hub = Effect.provide(AngoTest.layer({ tasks: 1 }))

describe("a plan", () => {
  it.effect("lists what to create, keep and delete, and what is ambiguous, by exact external ids", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding("kept", "twice", "twice", "Old")
      const plan = yield* planned([file("kept"), file("twice"), file("old"), file("old")], { delete: true })
      expect(plan).toMatchObject({
        assets: 4,
        create: [file("old")],
        keep: [{ externalId: "kept", id: expect.any(String) }],
        ambiguous: [{ externalId: "twice", ids: [expect.any(String), expect.any(String)] }],
        delete: [{ externalId: "Old" }]
      })
      expect(SyncPlan.format(plan)).toBe(
        'create 1 ("old")\nkeep 1\nambiguous 1 ("twice")\ndelete 1 ("Old") of 4'
      )
      expect((yield* planned([file("kept")])).delete).toEqual([])
    }).pipe(hub)
  )

  it.effect("reads rows from a stream, and the list of assets once", () =>
    Effect.gen(function* () {
      const assets = yield* Assets
      const rows = Stream.range(1, 40).pipe(Stream.map((number) => file(`file ${number}`)))
      expect((yield* assets.planSync(projectId, rows)).create).toHaveLength(40)
      expect(yield* requests).toEqual(["assets.list"])
    }).pipe(hub)
  )

  it.effect("fails for a row without an external id, and for two rows with different content", () =>
    Effect.gen(function* () {
      const nameless: CloudAssetInput = { data: "https://files.example/a" }
      expect(yield* Effect.flip(planned([nameless as SyncPlan.DesiredAsset]))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "externalId"
      })
      expect(yield* Effect.flip(planned([file("a"), { ...file("a"), data: "x" }]))).toMatchObject({
        _tag: "RowRejected",
        reason: "duplicate",
        key: "a",
        duplicateOf: "input"
      })
    }).pipe(hub)
  )

  it.effect("counts assets without an external id, and deletes none of them", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding("a", "b", "c", "d")
      const { state } = yield* Emulator
      const assets = state.projects.get(projectId)?.assets ?? []
      for (const [at, externalId] of ["", null].entries()) Object.assign(assets[at] ?? {}, { externalId })
      Reflect.deleteProperty(assets[2] ?? {}, "externalId")
      expect(yield* planned([], { delete: true })).toMatchObject({
        assets: 4,
        delete: [{ externalId: "d" }]
      })
    }).pipe(hub)
  )

  it.effect("treats equal rows as one, whatever the order of their fields", () =>
    Effect.gen(function* () {
      const data = "https://files.example/a"
      expect(
        (yield* planned([
          { data, externalId: "a" },
          { externalId: "a", data }
        ])).create
      ).toHaveLength(1)
      const strange = { ...file("b"), contextData: { count: 1n } } as unknown as SyncPlan.DesiredAsset
      expect((yield* planned([strange, strange])).create).toHaveLength(1)
      for (const other of [file("b"), { ...strange }]) {
        expect(yield* Effect.flip(planned([strange, other]))).toMatchObject({
          _tag: "RowRejected",
          reason: "duplicate"
        })
      }
    }).pipe(hub)
  )

  it.effect("fails if the list was not read completely: nothing is deleted because of it", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      yield* faults.on(
        "assets.list",
        Faults.repeat(Faults.respond(200, '{"status":"success","data":{"assets":[],"total":9}}'))
      )
      const error = yield* Effect.flip(planned([file("a")], { delete: true }))
      expect(["IncompleteListing", "PaginationError"]).toContain(error._tag)
    }).pipe(hub)
  )
})

describe("sync", () => {
  it.effect("carries out a plan with one outcome each, and changes nothing when repeated", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding("kept", "old 1", "old 2", "old 3")
      const plan = yield* planned([file("kept"), file("new 1"), file("new 2")], { delete: true })
      const outcomes = yield* synced(plan, { maxDeletes: 3, chunk: 2 })
      expect(tags(outcomes)).toEqual(["Created", "Created", "Updated", "Updated", "Updated"])
      expect(outcomes.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
      expect(outcomes[0]).toMatchObject({
        value: { action: "create", externalId: "new 1", id: expect.any(String) }
      })
      expect(outcomes[4]).toMatchObject({ value: { action: "delete", ...plan.delete[2] } })
      expect(yield* names).toEqual(["kept", "new 1", "new 2"])
      expect(tags(yield* synced(plan, { maxDeletes: 3 }))).toEqual([
        "exists",
        "exists",
        "gone",
        "gone",
        "gone"
      ])
      expect(yield* names).toEqual(["kept", "new 1", "new 2"])
    }).pipe(hub)
  )

  it.effect("looks assets up again before it creates those that others have created since the plan", () =>
    Effect.gen(function* () {
      yield* empty
      const plan = yield* planned([file("a"), file("b")])
      yield* holding("a")
      expect(tags(yield* synced(plan))).toEqual(["exists", "Created"])
      expect(yield* names).toEqual(["a", "b"])
    }).pipe(hub)
  )

  it.effect("reads back a deletion whose response is lost", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding("a", "b")
      const { faults } = yield* Emulator
      const plan = yield* planned([], { delete: true })
      const shape = Faults.respond(200, "[]")
      yield* faults.on("assets.delete", [Faults.afterProcessing(shape), shape])
      expect(tags(yield* synced(plan, { maxDeletes: 2, chunk: 1, concurrency: 1 }))).toEqual([
        "Updated",
        "Failed"
      ])
      expect(yield* names).toEqual(["b"])
    }).pipe(hub)
  )

  it.effect("refuses to delete more than a tenth of the assets by default, and deletes nothing then", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding(...Array.from({ length: 20 }, (_, number) => `${number}`))
      const all = yield* planned([], { delete: true })
      const before = (yield* requests).length
      const error = yield* Effect.flip(synced(all))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "plan.delete" })
      expect(error.message).toContain("It would delete 20 of 20 assets, and 2 are allowed.")
      expect(yield* Effect.flip(synced(all, { maxDeletes: 19 }))).toMatchObject({ parameter: "plan.delete" })
      expect((yield* requests).length).toBe(before)
      expect(tags(yield* synced({ ...all, delete: all.delete.slice(0, 2) }))).toEqual(["Updated", "Updated"])
    }).pipe(hub)
  )

  it.effect(
    "makes what is to be made as an import would: in its batches, by its priority, chunk and ledger",
    () =>
      Effect.gen(function* () {
        const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "sync")
        const plan = yield* planned([file("a"), file("b"), file("c")])
        const { state } = yield* Emulator
        const { assets = [], project, tasks = [] } = state.projects.get(projectId) ?? {}
        const batch = project?.batches?.[0]?.name ?? ""
        const options = { batches: [batch], priority: 7, chunk: 2, ledger }
        expect(tags(yield* synced(plan, options))).toEqual(["Created", "Created", "Created"])
        expect((yield* requests).filter((name) => name === "assets.importFromCloud")).toHaveLength(2)
        expect(assets.filter(({ batches }) => batches?.includes(batch) === true).slice(-3)).toMatchObject(
          plan.create
        )
        expect(tasks.filter(({ priority }) => priority === 7)).toHaveLength(3)
        expect(tags(yield* synced(plan, options))).toEqual(["done-before", "done-before", "done-before"])
      }).pipe(hub, Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect(
    "deletes by id: assets with the same external id, a repeated id once, and no asset created since the plan",
    () =>
      Effect.gen(function* () {
        yield* empty
        yield* holding("twin", "twin", "other")
        const plan = yield* planned([], { delete: true })
        const [first, second, third] = plan.delete
        if (first === undefined || second === undefined || third === undefined) return expect.fail()
        const twins = { ...plan, delete: [first, first, second] }
        const outcomes = yield* synced(twins, { maxDeletes: 3 })
        expect(tags(outcomes)).toEqual(["Updated", "duplicate", "Updated"])
        expect(outcomes.map(({ key }) => key)).toEqual([first.id, first.id, second.id])
        expect(yield* names).toEqual(["other"])
        yield* empty
        yield* holding("other")
        expect(tags(yield* synced({ ...plan, delete: [third] }, { maxDeletes: 1 }))).toEqual(["gone"])
        expect(yield* names).toEqual(["other"])
      }).pipe(hub)
  )

  it.effect("rejects invalid ids in an edited plan, and an invalid limit", () =>
    Effect.gen(function* () {
      yield* empty
      yield* holding("a")
      const plan = yield* planned([], { delete: true })
      const before = (yield* requests).length
      for (const maxDeletes of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(yield* Effect.flip(synced(plan, { maxDeletes }))).toMatchObject({
          _tag: "InvalidRequest",
          parameter: "maxDeletes"
        })
      }
      expect((yield* requests).length).toBe(before)
      const edited = {
        ...plan,
        delete: [{ id: "../a", externalId: "a" } as SyncPlan.ExistingAsset, ...plan.delete]
      }
      expect(yield* synced(edited, { maxDeletes: 2 })).toMatchObject([
        { _tag: "Failed", retryable: false, error: { _tag: "InvalidRequest", parameter: "id" } },
        { _tag: "Updated" }
      ])
    }).pipe(hub)
  )

  it.effect("rejects a plan of another project", () =>
    Effect.gen(function* () {
      const plan = yield* planned([file("a")])
      const other = (yield* Emulator).projectIds[1] ?? ""
      const assets = yield* Assets
      expect(yield* Effect.flip(outcomesOf(assets.sync(other, plan)))).toMatchObject({ parameter: "plan" })
    }).pipe(hub)
  )
})
