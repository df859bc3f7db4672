// The requests of an import of many pre-labels: one pass over the list of assets, and few writes.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, Annotations, type LabelImportOptions, Ledger, RateLimit, RowOutcome } from "effect-ango"

const project = { _id: "65aa0000000000000000a001", name: "p", categorySchema: {}, stages: [] }

const id = (prefix: string, index: number) => prefix + String(index).padStart(24 - prefix.length, "0")

const assetsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    _id: id("65aa0000e", index),
    externalId: `image ${index}.jpg`,
    data: `https://files.example/image ${index}.jpg`,
    labelTasks: [{ _id: id("65aa0000b", index), stageHistory: [] }],
    isPreLabeled: false,
    createdAt: new Date(1_700_000_000_000 + index * 1000).toISOString()
  }))

/** A hub with some assets, and the requests that it got: pages of the list, look-ups and imports. */
const makeHub = (count: number) => {
  const assets = assetsOf(count)
  const byExternalId = new Map(assets.map((asset) => [asset.externalId, asset]))
  const got = { pages: 0, lookups: 0, imports: 0, others: 0 }
  const labelled: Array<string> = []

  const list = (query: URLSearchParams) => {
    const { externalId } = JSON.parse(query.get("filters") ?? "{}")
    const [page, limit] = [Number(query.get("page")), Number(query.get("limit"))]
    if (externalId === undefined) got.pages++
    else got.lookups++
    const names: ReadonlyArray<string> = externalId?.in ?? [externalId]
    const all = externalId === undefined ? assets : names.flatMap((name) => byExternalId.get(name) ?? [])
    return { assets: all.slice((page - 1) * limit, page * limit), total: all.length }
  }

  const answer = async (request: Request): Promise<object> => {
    const url = new URL(request.url)
    if (url.pathname.endsWith("/assets")) return list(url.searchParams)
    if (request.method === "GET") {
      got.others++
      return { project }
    }
    got.imports++
    const { jsonContent } = (await request.json()) as {
      readonly jsonContent: ReadonlyArray<{ externalId: string }>
    }
    for (const { externalId } of jsonContent) labelled.push(externalId)
    return { project: `${jsonContent.length} / ${jsonContent.length} tasks are labeled.` }
  }

  const fetch: typeof globalThis.fetch = async (input, init) =>
    Response.json(
      { status: "success", data: await answer(new Request(input, init)) },
      { headers: { date: "Tue, 01 Jul 2025 12:00:00 GMT" } }
    )

  const layer = Ango.layer({ apiKey: Redacted.make("key") }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide(RateLimit.layerOff)
  )
  return { assets, got, labelled, layer }
}

const rowsOf = (count: number, start = 0) =>
  Array.from({ length: count }, (_, index) => ({ externalId: `image ${start + index}.jpg` }))

const summaryOf = (
  rows: Iterable<{ readonly externalId?: string; readonly data?: string }>,
  options: LabelImportOptions
) =>
  Effect.flatMap(Annotations, ({ importLabels }) =>
    Stream.run(importLabels(project._id, rows, options), RowOutcome.summarize)
  )

describe("an import of 10,000 pre-labels into a project of 10,000 assets", () => {
  it.effect("takes at most 25 requests, and every row has its outcome", () => {
    const { got, labelled, layer } = makeHub(10_000)
    return Effect.gen(function* () {
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "labels")
      const rows = rowsOf(10_000)
      expect(yield* summaryOf(rows, { ledger })).toMatchObject({ rows: 10_000, updated: 10_000 })
      expect(got).toMatchObject({ pages: 10, lookups: 0, others: 1 })
      expect(got.pages + got.lookups + got.imports + got.others).toBeLessThanOrEqual(25)
      expect(labelled.toSorted()).toEqual(rows.map(({ externalId }) => externalId).toSorted())

      const before = got.imports
      expect(yield* summaryOf(rows, { ledger })).toMatchObject({ rows: 10_000, skipped: 10_000 })
      expect(got.imports).toBe(before)
    }).pipe(Effect.provide(layer), Effect.provide(KeyValueStore.layerMemory))
  })

  it.effect("by data takes one pass too", () => {
    const { assets, got, layer } = makeHub(10_000)
    return Effect.gen(function* () {
      const rows = assets.map(({ data }) => ({ data }))
      expect(yield* summaryOf(rows, {})).toMatchObject({ rows: 10_000, updated: 10_000 })
      expect(got).toMatchObject({ pages: 10, lookups: 0 })
    }).pipe(Effect.provide(layer))
  })
})

describe("the assets of an import", () => {
  it.effect("are looked up by external id where that is fewer requests", () => {
    const { got, layer } = makeHub(10_000)
    return Effect.gen(function* () {
      expect(yield* summaryOf(rowsOf(300), {})).toMatchObject({ updated: 300 })
      // The first page shows how long the list is; one look-up tests the filter.
      expect(got).toMatchObject({ pages: 1, lookups: 1 + 3 })
    }).pipe(Effect.provide(layer))
  })

  it.effect("that the pass has not shown are looked up by external id", () => {
    const { assets, got, layer } = makeHub(2000)
    return Effect.gen(function* () {
      const rows = Stream.concat(
        Stream.fromIterable(rowsOf(1000)),
        Stream.fromIterableEffect(
          Effect.sync(() => {
            // Named by a row that is read after the pass.
            const renamed = assets[1500]
            if (renamed !== undefined) assets[1500] = { ...renamed, externalId: "new.jpg" }
            return [...rowsOf(999, 1000), { externalId: "unknown.jpg" }]
          })
        )
      )
      const { importLabels } = yield* Annotations
      const outcomes = yield* Stream.run(
        importLabels(project._id, rows, { chunk: 1000, concurrency: 1 }),
        RowOutcome.summarize
      )
      expect(outcomes).toMatchObject({ rows: 2000, updated: 1999, failed: 1 })
      expect(got).toMatchObject({ pages: 2, lookups: 1 })
    }).pipe(Effect.provide(layer))
  })

  it.effect("are read again after five minutes", () => {
    const { got, layer } = makeHub(2000)
    return Effect.gen(function* () {
      const rows = Stream.concat(
        Stream.fromIterable(rowsOf(1000)),
        Stream.fromIterableEffect(Effect.as(TestClock.adjust("6 minutes"), rowsOf(1000, 1000)))
      )
      const { importLabels } = yield* Annotations
      const outcomes = importLabels(project._id, rows, { chunk: 1000, concurrency: 1 })
      expect((yield* Stream.run(outcomes, RowOutcome.summarize)).updated).toBe(2000)
      expect(got.pages).toBe(4)
    }).pipe(Effect.provide(layer))
  })
})
