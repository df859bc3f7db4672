// Imports of many assets: the requests, the outcomes, and the assets of the hub afterwards.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Ango, Assets, type CloudAssetInput, Guard, Ledger, RateLimit, RowOutcome } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { importInto, outcomesOf } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"

const { projectId } = AngoTest

const file = (externalId: string): CloudAssetInput => ({
  data: `https://files.example/${externalId}`,
  externalId
})

const files = (count: number, from = 0) => Array.from({ length: count }, (_, at) => file(`file ${from + at}`))

/** How often the hub has each external id with this prefix. */
const held = (prefix: string) =>
  Effect.map(Emulator, ({ state }) => {
    const counts: Record<string, number> = {}
    for (const { externalId } of state.projects.get(projectId)?.assets ?? []) {
      if (externalId?.startsWith(prefix)) counts[externalId] = (counts[externalId] ?? 0) + 1
    }
    return counts
  })

const onceEach = (count: number) => Object.fromEntries(files(count).map(({ externalId }) => [externalId, 1]))

const breaking = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("assets.importFromCloud", script))

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

describe("rows that the project already has", () => {
  it.effect("and new rows have their own ids in their outcomes", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 9 }, (_, at) => `file ${at}`)
      const outcomes = yield* importInto(projectId, names.map(file), { chunk: 4 })
      const hub = yield* Emulator
      const idOf = (name: string) =>
        hub.state.projects.get(projectId)?.assets.find(({ externalId }) => externalId === name)?._id
      expect(outcomes.map((one) => Object(one).value)).toEqual(
        names.map((name) => ({ id: idOf(name), externalId: name }))
      )
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("are skipped with the id of the existing asset, by exact external id", () =>
    Effect.gen(function* () {
      const names = ["a&b=1#+ %.jpg", "猫.jpg", "A.jpg"]
      const first = yield* importInto(projectId, names.map(file))
      const again = yield* importInto(projectId, [...names, "a.jpg"].map(file))
      expect(tags(again)).toEqual(["Skipped", "Skipped", "Skipped", "Created"])
      const there = Object(first[1]).value
      expect(there).toEqual({ id: expect.any(String), externalId: "猫.jpg" })
      expect(again[1]).toMatchObject({ reason: "exists", key: "猫.jpg", value: there })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("are refused, or created again, with that option", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(1))
      expect(yield* importInto(projectId, files(2), { duplicates: "refuse" })).toMatchObject([
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "duplicate", duplicateOf: "project", key: "file 0" }
        },
        { _tag: "Created" }
      ])
      const twice = yield* importInto(projectId, [file("file 0"), file("file 0")], { duplicates: "allow" })
      expect(tags(twice)).toEqual(["Created", "Created"])
      expect(yield* held("file")).toEqual({ "file 0": 3, "file 1": 1 })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})

describe("a lost response", () => {
  it.effect("is read back: existing rows are Created, and none is sent twice", () =>
    Effect.gen(function* () {
      yield* breaking([Faults.afterProcessing(Faults.reset)])
      const outcomes = yield* importInto(projectId, files(5))
      expect(outcomes.every((one) => RowOutcome.isCreated(one) && one.value.id !== undefined)).toBe(true)
      expect(yield* held("file")).toEqual(onceEach(5))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("of a request that was not processed leaves the rows to the next run", () =>
    Effect.gen(function* () {
      yield* breaking([Faults.fail(503)])
      const outcomes = yield* importInto(projectId, files(2))
      expect(outcomes).toMatchObject([
        { _tag: "Failed", retryable: true, error: { _tag: "ServerError" } },
        { _tag: "Failed", retryable: true }
      ])
      expect(tags(yield* importInto(projectId, files(2)))).toEqual(["Created", "Created"])
      expect(yield* held("file")).toEqual(onceEach(2))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("cannot be read back for rows without an external id, in this run or the next", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "import")
      const rows = [{ data: "https://files.example/nameless.jpg" }]
      yield* breaking([Faults.afterProcessing(Faults.fail(502))])
      for (const _ of ["this run", "the next"]) {
        const [outcome] = yield* importInto(projectId, rows, { ledger })
        expect(outcome).toMatchObject({ _tag: "Unknown", key: "#0", reconcile: { read: "assets.list" } })
        expect(outcome?._tag === "Unknown" && outcome.message).toBe(
          "POST /project/{projectId}/cloud was sent with row 0; its result is unknown: it has no external id, so that it " +
            "cannot be found automatically. Look for an asset with its data (Assets.stream) before you send it again."
        )
      }
      expect(yield* held("nameless")).toEqual({ "nameless.jpg": 1 })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("a chunk", () => {
  it.effect("that is written in part is read back, and the rest is sent again", () =>
    Effect.gen(function* () {
      yield* breaking([Faults.partialWrite(0.6)])
      const outcomes = yield* importInto(projectId, files(10))
      expect(new Set(tags(outcomes))).toEqual(new Set(["Created"]))
      expect(yield* held("file")).toEqual(onceEach(10))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("fails the rows that the hub ignores repeatedly", () =>
    Effect.gen(function* () {
      yield* breaking(Faults.repeat(Faults.partialWrite(0.5)))
      const outcomes = yield* importInto(projectId, files(16))
      const failed = outcomes.filter(RowOutcome.isFailed)
      expect(failed).toHaveLength(2)
      expect(failed[0]).toMatchObject({
        retryable: true,
        error: { _tag: "RowRejected", reason: "not-applied", sent: 4, accepted: 2 }
      })
      expect(Object.keys(yield* held("file"))).toHaveLength(14)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.live(
    "with one invalid row of 1,000 takes at most 20 more requests, and no valid row is written twice",
    () =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        // This hub rejects a row that the embedded one would accept.
        let refused = 0
        const picky: typeof globalThis.fetch = (input, init) => {
          const request = new Request(input, init)
          return request
            .clone()
            .text()
            .then((body) => {
              if (!body.includes('"file 617"')) return hub.fetch(request)
              refused++
              return Response.json({ status: "fail", message: "No such file." }, { status: 400 })
            })
        }
        const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(Layer.succeed(FetchHttpClient.Fetch, picky)),
          Layer.provide(RateLimit.layerOff)
        )
        const outcomes = yield* Effect.provide(
          importInto(projectId, files(1000), { readBackIds: false }),
          client
        )
        expect(outcomes.filter((one) => one._tag !== "Created")).toMatchObject([
          { _tag: "Failed", key: "file 617", error: { _tag: "BadRequest", vendorMessage: "No such file." } }
        ])
        const taken = yield* hub.requests("assets.importFromCloud")
        expect(taken.length + refused - 1).toBeLessThanOrEqual(20)
        const { "file 617": _, ...good } = onceEach(1000)
        expect(yield* held("file")).toEqual(good)
      }).pipe(Effect.provide(Emulator.layer({ tasks: 1 })))
  )
})

describe("a ledger", () => {
  it.effect("lets the next run send only the rest, without requests for rows that were written", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "import")
      yield* breaking([Faults.ok, Faults.fail(400), Faults.fail(400), Faults.fail(400)])
      const options = { ledger, chunk: 2, concurrency: 1 }
      const first = yield* importInto(projectId, files(4), options)
      expect(tags(first)).toEqual(["Created", "Created", "Failed", "Failed"])
      const before = (yield* requests).length
      const again = yield* importInto(projectId, files(4), options)
      expect(tags(again)).toEqual(["Skipped", "Skipped", "Created", "Created"])
      expect(again[0]).toMatchObject({ reason: "done-before", value: Object(first[0]).value })
      const lookup = Array<string>(2).fill("assets.list")
      expect((yield* requests).slice(before)).toEqual([...lookup, "assets.importFromCloud", ...lookup])
      expect(tags(yield* importInto(projectId, files(4), options))).toEqual(Array(4).fill("Skipped"))
      expect((yield* requests).length).toBe(before + 5)
      expect(yield* held("file")).toEqual(onceEach(4))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })), Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("of one project is not used for another", () =>
    Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "import")
      yield* importInto(projectId, files(1), { ledger })
      const { projectIds } = yield* Emulator
      const error = yield* Effect.flip(importInto(projectIds[1] ?? "", files(1), { ledger }))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "ledger", key: "import" })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("an import", () => {
  it.effect("reads rows from a stream, and reports a summary", () =>
    Effect.gen(function* () {
      const assets = yield* Assets
      const rows = Stream.range(1, 30).pipe(Stream.map((number) => file(`file ${number}`)))
      expect(
        yield* assets.importFromCloud(projectId, rows, { chunk: 7 }).pipe(Stream.run(RowOutcome.summarize))
      ).toEqual({ rows: 30, created: 30, updated: 0, skipped: 0, failed: 0, unknown: 0 })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("reports the counts of each request, including those of imported answers", () =>
    Effect.gen(function* () {
      const counts: Array<unknown> = []
      const labelled = files(5).map((row, at) =>
        at < 3
          ? {
              ...row,
              classifications: [{ title: at === 0 ? "no such question" : "Weather", answer: "Sunny" }]
            }
          : row
      )
      const { state } = yield* Emulator
      const title = state.projects.get(projectId)?.project.categorySchema?.classifications?.[0]?.title
      const known = JSON.parse(JSON.stringify(labelled).replaceAll("Weather", title ?? ""))
      yield* importInto(projectId, known, {
        chunk: 3,
        concurrency: 1,
        onResponse: (one) => Effect.sync(() => void counts.push(one))
      })
      expect(counts).toEqual([
        { assetsCreated: 3, tasksCreated: 3, preLabelsCount: 3, validPreLabelsCount: 2 },
        { assetsCreated: 2, tasksCreated: 2, preLabelsCount: 0, validPreLabelsCount: 0 }
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("stops at once if the key is rejected, whatever remains to be read", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("*", Faults.repeat(Faults.fail(401)))
      const assets = yield* Assets
      const endless = Stream.iterate(0, (number) => number + 1).pipe(
        Stream.map((number) => file(`${number}`))
      )
      const error = yield* Effect.flip(Stream.runDrain(assets.importFromCloud(projectId, endless)))
      expect(error).toMatchObject({ _tag: "Unauthorized" })
      expect((yield* requests).length).toBeLessThan(30)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("in a dry run reports every chunk, and sends none", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layerOff),
        Layer.provideMerge(Guard.layerDryRun)
      )
      yield* Effect.gen(function* () {
        const assets = yield* Assets
        const outcomes = yield* outcomesOf(assets.importFromCloud(projectId, files(80), { chunk: 10 }))
        expect(new Set(outcomes.map((one) => RowOutcome.isFailed(one) && one.error._tag))).toEqual(
          new Set(["WriteBlocked"])
        )
        expect(yield* Effect.flatMap(Guard.DryRun, (dryRun) => dryRun.requests)).toHaveLength(8)
      }).pipe(Effect.provide(client))
      expect(yield* held("file")).toEqual({})
    }).pipe(Effect.provide(Emulator.layer({ tasks: 1 })))
  )
})
