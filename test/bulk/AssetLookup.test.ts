// Looking assets up by several external ids at once, on hubs that may not support that.
import { FetchHttpClient } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, RowOutcome } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { importInto } from "../support/Outcomes.js"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

const files = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    data: `https://files.example/file ${at}`,
    externalId: `file ${at}`
  }))

type Filters = { readonly externalId?: { readonly in?: ReadonlyArray<string> } | string }

/** A client of a hub that interprets the conditions of lists, or limits pages, in its own way. */
const reading = (change: (filters: Filters) => Filters, longest = 1000) =>
  Layer.unwrapEffect(
    Effect.map(Emulator, (hub) => {
      const fetch: typeof globalThis.fetch = (input, init) => {
        const request = new Request(input, init)
        const url = new URL(request.url)
        const filters = url.searchParams.get("filters")
        if (filters === null) return hub.fetch(request)
        url.searchParams.set("filters", JSON.stringify(change(JSON.parse(filters))))
        const limit = Math.min(longest, Number(url.searchParams.get("limit")))
        url.searchParams.set("limit", String(limit))
        return hub.fetch(new Request(url, { headers: request.headers }))
      }
      return Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, pageSize: 100 }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
        Layer.provide(RateLimit.layerOff)
      )
    })
  )

const several = ({ externalId }: Filters) => (typeof externalId === "object" ? externalId.in : undefined)

const hubs: ReadonlyArray<readonly [string, (filters: Filters) => Filters]> = [
  ["finds nothing", (filters) => (several(filters) === undefined ? filters : { externalId: "no such id" })],
  ["finds the first", (filters) => ({ ...filters, ...one(several(filters)?.[0]) })],
  ["finds everything", (filters) => (several(filters) === undefined ? filters : {})],
  ["takes a list for its text", (filters) => ({ ...filters, ...one(several(filters)?.join(",")) })],
  ["understands it", (filters) => filters]
]

const one = (externalId: string | undefined): Filters => (externalId === undefined ? {} : { externalId })

// A list of rows that were created at this instant cannot be proven complete.
const again = (count: number) =>
  TestClock.adjust("1 hour").pipe(
    Effect.zipRight(importInto(projectId, files(count), { readBackIds: false })),
    Effect.map((outcomes) => outcomes.map((one) => (RowOutcome.isSkipped(one) ? one.reason : one._tag)))
  )

describe("a hub that is asked for several external ids and", () => {
  it.effect.each(hubs)("%s: no existing asset is missed", ([, change]) =>
    Effect.gen(function* () {
      yield* again(60)
      expect(new Set(yield* again(60))).toEqual(new Set(["exists"]))
      const { state } = yield* Emulator
      const held = state.projects
        .get(projectId)
        ?.assets.filter(({ externalId }) => externalId?.startsWith("file"))
      expect(held).toHaveLength(60)
    }).pipe(Effect.provide(Layer.provideMerge(reading(change, 50), Emulator.layer({ tasks: 110 }))))
  )

  it.effect("finds nothing: the list is read, or one id per request if that is fewer requests", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const lists = Effect.map(hub.requests("assets.list"), (all) => all.length)
      yield* again(60)
      yield* TestClock.adjust("1 hour")
      let before = yield* lists
      yield* again(60)
      const forMany = (yield* lists) - before
      before = yield* lists
      yield* again(4)
      // One request per id: the list was five pages long.
      expect((yield* lists) - before).toBe(4)
      expect(forMany).toBe(5)
    }).pipe(
      Effect.provide(
        Layer.provideMerge(reading(hubs[0]?.[1] ?? ((same) => same), 100), Emulator.layer({ tasks: 430 }))
      )
    )
  )
})

describe("a hub that supports several external ids", () => {
  it.effect("is tested once, then asked for a hundred ids per request", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(250), { readBackIds: false, chunk: 125, concurrency: 1 })
      expect((yield* requests).filter((name) => name === "assets.list")).toHaveLength(2 + 2 + 2)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 150, maxLimit: 40 })))
  )

  it.effect("is asked for a few ids with one request each", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(3), { readBackIds: false })
      expect(yield* requests).toEqual([...Array<string>(3).fill("assets.list"), "assets.importFromCloud"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 150 })))
  )

  it.effect("is not asked if one page is the whole list", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(250), { readBackIds: false })
      expect(yield* requests).toEqual(["assets.list", "assets.importFromCloud"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("is read to the end even if its pages are short", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(60), { readBackIds: false })
      expect(new Set(yield* again(60))).toEqual(new Set(["exists"]))
    }).pipe(Effect.provide(reading((filters) => filters, 7)), Effect.provide(Emulator.layer({ tasks: 150 })))
  )

  it.effect("is not read to its end while the write itself makes it grow", () =>
    Effect.gen(function* () {
      yield* importInto(projectId, files(2500), { chunk: 500 })
      // About a hundred external ids per request: to find them before, and for their ids after.
      expect((yield* requests).filter((name) => name === "assets.list").length).toBeLessThan(60)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})
