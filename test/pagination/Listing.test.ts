// A list returns every item once, or fails.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Assets, type LabelTask, type ListOptions, Projects, type TaskFilter, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const ids = (stream: Stream.Stream<{ readonly id: string }, unknown>) =>
  Effect.map(Stream.runCollect(Stream.map(stream, ({ id }) => id)), Chunk.toReadonlyArray)

const taskIds = (filter?: TaskFilter & ListOptions) =>
  Effect.flatMap(Tasks, (tasks) => ids(tasks.stream(projectId, filter)))

const storedIds = Effect.map(Emulator, (hub) =>
  (hub.state.projects.get(projectId)?.tasks ?? []).map((task) => task._id)
)

/** A scripted page of tasks with these numbers as ids. */
const pageOf = (ids: ReadonlyArray<number>, total: number) =>
  Faults.respond(
    200,
    JSON.stringify({
      status: "success",
      data: { tasks: ids.map((id) => ({ _id: `65aa0000000000000000${String(id).padStart(4, "0")}` })), total }
    })
  )

const script = (faults: ReadonlyArray<Faults.Fault>) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("tasks.list", faults))

const requestedPages = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests("tasks.list"), (all) =>
    all.map(({ url }) => {
      const query = new URL(url, "https://hub.example").searchParams
      return `${query.get("page")}×${query.get("limit")}`
    })
  )
)

describe("a complete list", () => {
  it.effect.each([
    [0, 100],
    [1, 100],
    [99, 100],
    [100, 100],
    [101, 100],
    [250, 1],
    [250, 7],
    [2_500, 1000]
  ] as const)("returns each of %d tasks once, oldest first, with pages of %d", ([tasks, pageSize]) =>
    Effect.gen(function* () {
      expect(yield* taskIds()).toEqual(yield* storedIds)
      expect((yield* requestedPages).length).toBe(Math.max(1, Math.ceil(tasks / pageSize)))
    }).pipe(Effect.provide(AngoTest.layer({ tasks, pageSize })))
  )

  it.effect("is returned by a server that limits the page size", () =>
    Effect.gen(function* () {
      expect(yield* taskIds()).toEqual(yield* storedIds)
      expect((yield* requestedPages).slice(0, 3)).toEqual(["1×1000", "2×100", "3×100"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 450, pageSize: 1000, maxLimit: 100 })))
  )

  it.effect("is returned for projects and assets too", () =>
    Effect.gen(function* () {
      const [projects, assets, hub] = yield* Effect.all([Projects, Assets, Emulator])
      expect(yield* ids(projects.stream())).toEqual(hub.projectIds)
      expect(yield* ids(assets.stream(projectId))).toHaveLength(30)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 2 })))
  )

  it.effect("can be read twice with one stream value", () =>
    Effect.gen(function* () {
      const stream = (yield* Tasks).stream(projectId)
      expect(yield* ids(stream)).toEqual(yield* ids(stream))
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )

  it.effect("requests no page beyond the consumed one", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      yield* Stream.runDrain(Stream.take(tasks.stream(projectId), 10))
      expect(yield* requestedPages).toEqual(["1×10"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 100, pageSize: 10 })))
  )

  it.effect("reports total and received count with each page", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const pages = yield* Stream.runCollect(tasks.pages(projectId))
      expect(
        Chunk.toReadonlyArray(pages).map(({ page, received, total }) => [page, received, total])
      ).toEqual([
        [1, 10, 25],
        [2, 20, 25],
        [3, 25, 25]
      ])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 25, pageSize: 10 })))
  )
})

describe("a list that changes while it is read", () => {
  const reading = (change: (hub: Emulator["Type"], page: number) => Effect.Effect<unknown>) =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      const seen: Array<LabelTask.LabelTask> = []
      const exit = yield* tasks.pages(projectId).pipe(
        Stream.tap((page) =>
          Effect.zipRight(
            Effect.sync(() => seen.push(...page.items)),
            change(hub, page.page)
          )
        ),
        Stream.runDrain,
        Effect.either
      )
      return { exit, seen: seen.map(({ id }) => id) }
    })

  it.effect("returns each task once, new ones too", () =>
    Effect.gen(function* () {
      const { exit, seen } = yield* reading((hub, page) =>
        Effect.sync(() => {
          const tasks = hub.state.projects.get(projectId)?.tasks
          const last = tasks?.at(-1)
          if (page < 3 && last !== undefined) tasks?.push({ ...last, _id: `65aa0000000000000000000${page}` })
        })
      )
      expect(exit._tag).toBe("Right")
      expect(seen).toEqual(yield* storedIds)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )

  it.effect.each([
    [30, 10],
    [45, 10],
    [301, 100],
    [1_000, 100],
    [1_500, 1000]
  ] as const)("is complete when one of %d tasks is deleted before it was read", ([count, pageSize]) =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      for (const victim of [
        (yield* storedIds).at(-1),
        (yield* storedIds).at(-20),
        (yield* storedIds)[pageSize + 5]
      ]) {
        const totals: Array<number> = []
        yield* tasks.pages(projectId, { prefetch: 1 }).pipe(
          Stream.runForEach(({ page, total }) => {
            totals.push(total)
            return page === 1 && victim !== undefined ? hub.deleteTask(victim) : Effect.void
          })
        )
        // Each page reports the current total.
        expect(totals).toEqual(totals.map((_, page) => (totals[0] ?? 0) - (page === 0 ? 0 : 1)))
      }
    }).pipe(Effect.provide(AngoTest.layer({ tasks: count, pageSize })))
  )

  it.effect("finds the task that moved to an earlier page when a task before it is deleted", () =>
    Effect.gen(function* () {
      const before = yield* storedIds
      const { exit, seen } = yield* reading((hub, page) =>
        page === 1 ? hub.deleteTask(before[0] ?? "") : Effect.void
      )
      expect(exit._tag).toBe("Right")
      expect(seen.toSorted()).toEqual(before.toSorted())
      // Three pages, and one request that covers both gaps between them.
      expect(yield* requestedPages).toEqual(["1×10", "2×10", "3×10", "1×20"])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )

  it.effect("is complete when a deletion and a new task leave the total unchanged", () =>
    Effect.gen(function* () {
      const before = yield* storedIds
      const { exit, seen } = yield* reading((hub, page) =>
        Effect.gen(function* () {
          if (page !== 1) return
          yield* hub.deleteTask(before[0] ?? "")
          const tasks = hub.state.projects.get(projectId)?.tasks
          const last = tasks?.at(-1)
          if (last !== undefined) {
            const createdAt = "2040-01-01T00:00:00.000Z"
            tasks?.push({ ...last, _id: "65aa00000000000000000001", createdAt })
          }
        })
      )
      expect(exit._tag).toBe("Right")
      expect(before.filter((id) => !seen.some((one) => one === id))).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )
})

describe("an inconsistent list", () => {
  it.effect("does not end at a short page", () =>
    Effect.gen(function* () {
      yield* script([pageOf([1, 2], 5), pageOf([3], 5), pageOf([4, 5], 5)])
      expect(yield* taskIds()).toHaveLength(5)
    }).pipe(Effect.provide(AngoTest.layer({ pageSize: 2 })))
  )

  it.effect("returns an item of two pages once", () =>
    Effect.gen(function* () {
      yield* script([pageOf([1, 2], 3), pageOf([2, 3], 3)])
      expect(yield* taskIds()).toHaveLength(3)
    }).pipe(Effect.provide(AngoTest.layer({ pageSize: 2 })))
  )

  it.effect("fails when the same page is returned until the total", () =>
    Effect.gen(function* () {
      yield* script(Array.from({ length: 50 }, () => pageOf([1, 2], 5)))
      expect(yield* Effect.flip(taskIds())).toMatchObject({ _tag: "PaginationError", received: 2 })
    }).pipe(Effect.provide(AngoTest.layer({ pageSize: 2 })))
  )

  it.effect("retries a page that fails at first", () =>
    Effect.gen(function* () {
      yield* script([Faults.ok, Faults.fail(503), Faults.cutBody(500)])
      const fiber = yield* Effect.fork(taskIds())
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(fiber)).toEqual(yield* storedIds)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )
})

describe("collect", () => {
  it.effect("returns all items of a list within the limit", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      expect(yield* tasks.collect(projectId, { limit: 30 })).toHaveLength(30)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )

  it.effect("fails after the first page of a longer list, instead of truncating it", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const error = yield* Effect.flip(tasks.collect(projectId, { limit: 29 }))
      expect(error).toMatchObject({ _tag: "ListTooLong", limit: 29, total: 30 })
      expect(yield* requestedPages).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30, pageSize: 10 })))
  )
})

describe("collect with an invalid limit", () => {
  it.effect.each([0, -1, 1.5, Number.NaN])("refuses %d", (limit) =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      expect(yield* Effect.flip(tasks.collect(projectId, { limit }))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "limit"
      })
      expect(yield* requestedPages).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails when there are more items than the total says", () =>
    Effect.gen(function* () {
      yield* script([pageOf([1, 2], 1)])
      const tasks = yield* Tasks
      expect(yield* Effect.flip(tasks.collect(projectId, { limit: 1 }))).toMatchObject({
        _tag: "ListTooLong"
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})

describe("a page", () => {
  it.effect.each([
    [{ page: 0 }, "page"],
    [{ page: 1.5 }, "page"],
    [{ limit: 0 }, "limit"],
    [{ limit: 1001 }, "limit"]
  ] as const)("refuses %j before any request", ([options, parameter]) =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const error = yield* Effect.flip(tasks.page(projectId, options))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toMatch(/a page number|a page size of 1 to 1000|a whole number/)
      expect(yield* requestedPages).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
