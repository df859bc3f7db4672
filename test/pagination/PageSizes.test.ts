// The page size follows what a hub accepts and how heavy and slow its pages are. A given size stays as it is.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Issues, Organizations, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { operations } from "../../src/api/operations.js"
import { makeListReader, type Source } from "../../src/pagination/listing.js"
import { rawPage } from "../support/ListModel.js"

const { projectId } = AngoTest
const operation = operations["tasks.list"]

/** A list in memory whose pages have this length and take this time per row; `asked` are the requests: page and limit. */
const listOf = (
  total: number,
  cost: (index: number) => { readonly bytes?: number; readonly millis?: number },
  key = "the list"
) => {
  const asked: Array<readonly [page: number, limit: number]> = []
  const source: Source<number> = {
    fetchPage: (page, limit) =>
      Effect.sync(() => {
        asked.push([page, limit])
        const from = (page - 1) * limit
        const rows = Array.from(
          { length: Math.max(0, Math.min(total, from + limit) - from) },
          (_, index) => ({
            _id: String(from + index),
            createdAt: new Date(Date.UTC(2025, 0, 1) + (from + index) * 1000).toISOString()
          })
        )
        const { bytes = 700, millis = 0 } = cost(from)
        return rawPage(
          { rows, total, respondedAt: Date.UTC(2030, 0, 1) },
          rows.length * bytes,
          rows.length * millis
        )
      }),
    decode: (rows) => Effect.succeed(rows.map((row) => Either.right(Number(Object(row)._id)))),
    membershipChanges: false,
    key
  }
  return { asked, source }
}

const makeReader = (pageSize: number | "adaptive" = "adaptive") =>
  makeListReader({ service: "Tasks", operation, pageSize, budget: Effect.succeed(undefined) })

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

const all = (reader: ReturnType<typeof makeReader>, source: Source<number>, prefetch = 1) =>
  Effect.map(Stream.runCollect(reader.stream(source, { prefetch })), (items) => Array.from(items))

const limits = (asked: ReadonlyArray<readonly [number, number]>) => asked.map(([, limit]) => limit)

describe("the page size of a list in memory", () => {
  it.effect("is the largest that the API allows, while pages are light and quick", () =>
    Effect.gen(function* () {
      const { asked, source } = listOf(3_500, () => ({}))
      expect(yield* all(makeReader(), source)).toEqual(numbers(3_500))
      expect(asked).toEqual([
        [1, 1000],
        [2, 1000],
        [3, 1000],
        [4, 1000]
      ])
    })
  )

  it.effect.each([
    ["bytes", { bytes: 20_000 }, { bytes: 300 }],
    ["time", { millis: 50 }, { millis: 1 }]
  ] as const)("shrinks where rows are many in %s, and grows where they are few", ([, heavy, light]) =>
    Effect.gen(function* () {
      const { asked, source } = listOf(12_000, (index) => (index < 4_000 || index >= 9_000 ? heavy : light))
      const reader = makeReader()
      expect(yield* all(reader, source)).toEqual(numbers(12_000))
      expect(asked[0]).toEqual([1, 1000])
      // The first thousand shows it: then at most 200 rows are four megabytes, or ten seconds.
      expect(new Set(limits(asked).slice(1, 31))).toEqual(new Set([100]))
      expect(limits(asked).filter((limit) => limit === 1000).length).toBeGreaterThan(2)
      expect(asked.at(-1)).toEqual([120, 100])
      // A longer page begins a little before the place that was reached: few rows were asked for twice.
      expect(limits(asked).reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(12_100)
    })
  )

  it.effect("is remembered by list", () =>
    Effect.gen(function* () {
      const reader = makeReader()
      const heavy = listOf(2_000, () => ({ bytes: 60_000 }), "heavy")
      const light = listOf(2_000, () => ({}), "light")
      yield* all(reader, heavy.source)
      expect(limits(heavy.asked).slice(0, 3)).toEqual([1000, 50, 50])
      yield* all(reader, light.source)
      expect(limits(light.asked)).toEqual([1000, 1000])
      heavy.asked.length = 0
      yield* all(reader, heavy.source)
      expect(new Set(limits(heavy.asked))).toEqual(new Set([50]))
    })
  )

  it.effect("stays as it is given", () =>
    Effect.gen(function* () {
      const { asked, source } = listOf(700, () => ({ bytes: 100_000, millis: 1000 }))
      expect(yield* all(makeReader(200), source)).toEqual(numbers(700))
      expect(limits(asked)).toEqual([200, 200, 200, 200])
    })
  )

  it.effect("limits the pages in flight by their bytes", () =>
    Effect.gen(function* () {
      const countAhead = (bytes: number) => {
        const { asked, source } = listOf(20_000, () => ({ bytes }))
        return makeReader(500)
          .pages(source, { prefetch: 8 })
          .pipe(
            Stream.runFold(0, (ahead, { page }) => Math.max(ahead, asked.length - page)),
            Effect.tap(() => expect(asked).toHaveLength(40))
          )
      }
      expect(yield* countAhead(700)).toBeGreaterThanOrEqual(7)
      // Two megabytes each: four of them.
      expect(yield* countAhead(4_000)).toBeLessThanOrEqual(4)
      // More than all that may be in flight: one at a time.
      expect(yield* countAhead(40_000)).toBeLessThanOrEqual(1)
    })
  )

  it.effect.each([
    ["adaptive", 200],
    [300, "adaptive"],
    [300, 200],
    [200, 300]
  ] as const)("may differ before and after a checkpoint: %s, %s", ([before, after]) =>
    Effect.gen(function* () {
      const { source } = listOf(7_000, (index) => ({ bytes: index < 3_000 ? 20_000 : 700 }))
      const read: Array<number> = []
      let checkpoint: string | undefined
      yield* makeReader(before)
        .pages(source, {})
        .pipe(
          Stream.takeUntil(({ received }) => received >= 2_300),
          Stream.runForEach((page) =>
            Effect.sync(() => {
              read.push(...page.items)
              checkpoint = page.checkpoint
            })
          )
        )
      expect(read.length).toBeLessThan(7_000)
      yield* makeReader(after)
        .pages(source, { checkpoint })
        .pipe(Stream.runForEach(({ items }) => Effect.sync(() => read.push(...items))))
      expect(read).toEqual(numbers(7_000))
    })
  )
})

const askedLimits = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (requests) =>
    requests.map(({ url }) => Number(new URL(url, "http://hub").searchParams.get("limit")))
  )
)

const countTasks = Effect.flatMap(Tasks, (tasks) => Stream.runCount(tasks.stream(projectId)))

describe("a hub", () => {
  it.effect("that returns at most 100 rows is read in pages of 100, which the next list asks for", () =>
    Effect.gen(function* () {
      expect(yield* countTasks).toBe(450)
      expect(yield* askedLimits).toEqual([1000, 100, 100, 100, 100])
      expect(yield* countTasks).toBe(450)
      expect((yield* askedLimits).slice(5)).toEqual([100, 100, 100, 100, 100])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 450, maxLimit: 100 })))
  )

  it.effect("that refuses more than 120 rows, and says so, is asked once for more", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      expect(yield* countTasks).toBe(450)
      expect(yield* askedLimits).toEqual([1000, 120, 120, 120, 120])
      expect(yield* Stream.runCount(tasks.stream(projectId, { status: "TODO" }))).toBeGreaterThan(0)
      expect(new Set((yield* askedLimits).slice(5))).toEqual(new Set([120]))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 450, maxLimit: 120, aboveMaxLimit: "refuse" })))
  )

  it.effect("that answers long pages with 413 is asked for shorter ones", () =>
    Effect.gen(function* () {
      expect(yield* countTasks).toBe(450)
      expect(yield* askedLimits).toEqual([1000, 500, 100, 100, 100, 100, 100])
      expect(yield* countTasks).toBe(450)
      expect((yield* askedLimits).slice(7)).toEqual([100, 100, 100, 100, 100])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 450, maxResponseBytes: 100_000 })))
  )

  it.effect("that is slow by rows is asked for shorter pages", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(countTasks)
      for (let second = 0; second < 200; second++) yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toBe(1_500)
      const [first, ...others] = yield* askedLimits
      expect(first).toBe(1000)
      expect(new Set(others)).toEqual(new Set([500]))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1_500, timePerRow: "15 millis" })))
  )

  it.effect("that does not answer within the deadline is asked for 100 rows", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(countTasks)
      for (let second = 0; second < 200; second++) yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toBe(1_000)
      expect(new Set((yield* askedLimits).filter((limit) => limit !== 1000))).toEqual(new Set([100]))
    }).pipe(
      Effect.provide(AngoTest.layer({ tasks: 1_000, timePerRow: "100 millis", deadline: "20 seconds" }))
    )
  )

  it.effect("that refuses a given size fails the list", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(countTasks)).toMatchObject({ _tag: "BadRequest" })
      expect(yield* askedLimits).toEqual([500])
    }).pipe(
      Effect.provide(AngoTest.layer({ tasks: 450, pageSize: 500, maxLimit: 120, aboveMaxLimit: "refuse" }))
    )
  )

  it.effect("that refuses for another reason is not asked again", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("tasks.list", Faults.fail(400))
      expect(yield* Effect.flip(countTasks)).toMatchObject({ _tag: "BadRequest" })
      expect(yield* askedLimits).toEqual([1000])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 10 })))
  )

  it.effect("that refuses large pages of lists without a total is asked once for more", () =>
    Effect.gen(function* () {
      const issues = yield* Issues
      const organizations = yield* Organizations
      const { state } = yield* Emulator
      const members = yield* organizations.members(state.organization.id)
      expect(members.length).toBeGreaterThan(0)
      expect((yield* askedLimits).slice(0, 2)).toEqual([1000, 15])
      expect(yield* organizations.members(state.organization.id)).toHaveLength(members.length)
      expect((yield* askedLimits).filter((limit) => limit === 1000)).toHaveLength(1)
      expect(yield* Stream.runCount(issues.stream())).toBeGreaterThan(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 60, maxLimit: 15, aboveMaxLimit: "refuse" })))
  )

  it.effect("is asked for 100 rows by page, which has to be the same for each page", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      expect((yield* tasks.page(projectId)).items).toHaveLength(100)
      expect((yield* tasks.page(projectId, { page: 2, limit: 7 })).items).toHaveLength(7)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 150 })))
  )
})
