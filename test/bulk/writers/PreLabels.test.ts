// Imports of pre-labels: which rows are sent, and the outcomes of all rows.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ango, type LabelImport, Ledger, RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { preLabel } from "../../support/PreLabels.js"
import { requests } from "../../support/Requests.js"
import { seeded } from "../../support/SeededTasks.js"

const { projectId } = AngoTest

const box = { x: 10, y: 20, width: 30, height: 40 }

const boxed = (externalId: string, fields: object = {}): LabelImport.LabelImport => ({
  externalId,
  objects: [{ title: "Vehicle", "bounding-box": box, ...fields }]
})

const incomplete = { incomplete: true }

/** Moves the tasks to Start, without pre-labels, and returns the external ids of their assets. */
const fresh = Effect.map(seeded, (stored) => {
  const start = stored.project.stages?.find(({ type }) => type === "Start")?.id ?? "Start"
  stored.tasks.forEach((task, at) => {
    stored.tasks[at] = { ...task, stage: start }
  })
  stored.assets.forEach((asset, at) => {
    const labelTasks = (asset.labelTasks ?? []).map((task) => ({ ...task, stageHistory: [] }))
    stored.assets[at] = { ...asset, isPreLabeled: false, labelTasks }
  })
  return stored.assets.map(({ externalId }) => externalId ?? "")
})

const move = (externalId: string, stage: string) =>
  Effect.map(seeded, ({ assets, tasks }) => {
    const ids = assets.find((asset) => asset.externalId === externalId)?.labelTasks?.map(({ _id }) => _id)
    tasks.forEach((task, at) => {
      if (ids?.includes(task._id)) tasks[at] = { ...task, stage }
    })
  })

const breaking = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("annotations.importLabels", script))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

const sentTimes = Effect.map(
  requests,
  (all) => all.filter((name) => name === "annotations.importLabels").length
)

const hub = AngoTest.layer({ tasks: 12 })

describe("a row that the hub would not label as intended", () => {
  it.effect("is not sent and fails with the reason; the others are sent", () =>
    Effect.gen(function* () {
      const [one = "", two = "", three = "", four = ""] = yield* fresh
      const { assets } = yield* seeded
      const third = assets.findIndex(({ externalId }) => externalId === three)
      assets.push({
        ...assets[third],
        _id: "65aa00000000000000000eee",
        externalId: three
      } as (typeof assets)[0])
      const of = assets.find(({ externalId }) => externalId === four)
      if (of !== undefined) {
        assets[assets.indexOf(of)] = {
          ...of,
          labelTasks: (of.labelTasks ?? []).map((task) => ({ ...task, stageHistory: [{ stageId: "Start" }] }))
        }
      }
      yield* move(four, "Complete")
      const { externalId: _, ...unnamed } = boxed(one)
      const said: Array<unknown> = []
      const outcomes = yield* preLabel(
        projectId,
        [
          boxed(one),
          boxed(two, { title: "Vehicel" }),
          boxed("nobody.jpg"),
          boxed(three),
          boxed(four),
          { ...unnamed, data: assets[0]?.data ?? "" },
          boxed(one, { objectId: "again" }),
          boxed(one)
        ],
        { ...incomplete, chunk: 8, onResponse: (counts) => Effect.sync(() => void said.push(counts)) }
      )
      expect(outcomes).toMatchObject([
        { _tag: "Updated", key: one, value: { assets: [expect.any(String)], tasks: [expect.any(String)] } },
        { _tag: "Failed", retryable: false, error: { _tag: "InvalidLabels", row: 1, key: two } },
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "unknown-asset", key: "nobody.jpg" }
        },
        {
          _tag: "Failed",
          retryable: false,
          error: {
            _tag: "RowRejected",
            reason: "ambiguous-asset",
            assets: [expect.any(String), "65aa00000000000000000eee"]
          }
        },
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "wrong-stage", key: four, stages: ["Complete"] }
        },
        {
          _tag: "Failed",
          retryable: false,
          key: "#5",
          error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "input" }
        },
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "input" }
        },
        { _tag: "Skipped", reason: "duplicate" }
      ])
      expect(said).toEqual([{ labeled: 1, total: 1, message: "1 / 1 tasks are labeled." }])
      expect(yield* sentTimes).toBe(1)
    }).pipe(Effect.provide(hub))
  )

  it.effect("can have the same external id as another row with other data", () =>
    Effect.gen(function* () {
      yield* fresh
      const { assets } = yield* seeded
      const [first, second] = assets
      assets.forEach((asset, at) => {
        if (asset === first || asset === second) assets[at] = { ...asset, externalId: "twin.jpg" }
      })
      const rows = [first, second].map((asset) => ({ ...boxed("twin.jpg"), data: asset?.data ?? "" }))
      expect(tags(yield* preLabel(projectId, rows, incomplete))).toEqual(["Updated", "Updated"])
    }).pipe(Effect.provide(hub))
  )

  it.effect("is skipped if it has pre-labels, with that option", () =>
    Effect.gen(function* () {
      const [one = "", two = ""] = yield* fresh
      yield* preLabel(projectId, [boxed(one)], incomplete)
      const options = { ...incomplete, existing: "skip" } as const
      expect(yield* preLabel(projectId, [boxed(one), boxed(two)], options)).toMatchObject([
        { _tag: "Skipped", reason: "exists", value: { tasks: [expect.any(String)] } },
        { _tag: "Updated" }
      ])
    }).pipe(Effect.provide(hub))
  )
})

describe("an inconclusive response", () => {
  it.effect("is read back if it is lost: labelled rows are Updated, and none is sent twice", () =>
    Effect.gen(function* () {
      const names = yield* fresh
      yield* breaking([Faults.afterProcessing(Faults.reset)])
      const outcomes = yield* preLabel(
        projectId,
        names.slice(0, 5).map((name) => boxed(name)),
        incomplete
      )
      expect(tags(outcomes)).toEqual(Array(5).fill("Updated"))
      expect(yield* sentTimes).toBe(1)
    }).pipe(Effect.provide(hub))
  )

  it.effect("leaves absent rows to the next run, and rows with earlier pre-labels unknown", () =>
    Effect.gen(function* () {
      const [one = "", two = "", three = ""] = yield* fresh
      const other = { "bounding-box": { ...box, x: 1 } }
      const before = [boxed(two, other), boxed(three, other)]
      expect(tags(yield* preLabel(projectId, before, incomplete))).toEqual(["Updated", "Updated"])
      yield* breaking([Faults.reset])
      const rows = [boxed(one), boxed(two), boxed(three, { objectId: "v1" })]
      expect(yield* preLabel(projectId, rows, incomplete)).toMatchObject([
        { _tag: "Failed", retryable: true, error: { _tag: "ConnectionFailed" } },
        { _tag: "Unknown", message: expect.stringContaining("differs from the one that was sent") },
        { _tag: "Failed", retryable: true, error: { _tag: "ConnectionFailed" } }
      ])
    }).pipe(Effect.provide(hub))
  )

  it.effect("is read back if its message has no numbers, or too few labels", () =>
    Effect.gen(function* () {
      const [one = "", two = "", three = ""] = yield* fresh
      const { tasks } = yield* seeded
      const { apiKey, baseUrl, fetch } = yield* Emulator
      let says = "import goes on in the background"
      // An annotator takes the second task during the import.
      const busy: typeof globalThis.fetch = async (input, init) => {
        const request = new Request(input, init)
        if (!request.url.endsWith("/import/labels")) return fetch(request)
        Effect.runSync(Effect.provideService(move(two, "Complete"), Emulator, emulator))
        const answer = await fetch(request)
        return says === "" ? answer : Response.json({ status: "success", data: { project: says } })
      }
      const emulator = yield* Emulator
      const client = Ango.layer({ apiKey, baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, busy)),
        Layer.provide(RateLimit.layerOff),
        Layer.provide(RetryPolicy.layer({ attempts: 1 }))
      )
      const rows = [boxed(one), boxed(two)]
      const wanted = [
        { _tag: "Updated", value: { tasks: [expect.any(String)] } },
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "wrong-stage", stages: ["Complete"] }
        }
      ]
      expect(yield* Effect.provide(preLabel(projectId, rows, incomplete), client)).toMatchObject(wanted)
      says = ""
      const again = [boxed(three), boxed(two)]
      expect(yield* Effect.provide(preLabel(projectId, again, incomplete), client)).toMatchObject(wanted)
      expect(tasks).toHaveLength(12)
    }).pipe(Effect.provide(Emulator.layer({ tasks: 12 })))
  )
})

describe("a ledger", () => {
  it.effect("lets the next run import only new and changed rows", () =>
    Effect.gen(function* () {
      const names = yield* fresh
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "labels")
      const options = { ...incomplete, ledger }
      const rows = names.slice(0, 3).map((name) => boxed(name))
      expect(tags(yield* preLabel(projectId, rows, options))).toEqual(Array(3).fill("Updated"))
      const changed = [...rows.slice(0, 2), boxed(names[2] ?? "", { objectId: "v1" }), boxed(names[3] ?? "")]
      const again = yield* preLabel(projectId, changed, options)
      expect(tags(again)).toEqual(["Skipped", "Skipped", "Updated", "Updated"])
      expect(again[0]).toMatchObject({ reason: "done-before", value: { tasks: [expect.any(String)] } })
      const { assets } = yield* seeded
      const byData = { objects: rows[0]?.objects ?? [], data: assets[0]?.data ?? "" }
      expect(yield* preLabel(projectId, [...changed, byData], options)).toMatchObject([
        ...Array(4).fill({ _tag: "Skipped", reason: "done-before" }),
        { _tag: "Failed", error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "input" } }
      ])
    }).pipe(Effect.provide(hub), Effect.provide(KeyValueStore.layerMemory))
  )
})
