// Lists without an end, failures in the middle of a list, and checkpoints.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const idOf = (index: number) => `65aa0000000000000000${String(index).padStart(4, "0")}`

const at = (index: number) => new Date(Date.UTC(2020, 0, 1) + index * 1000).toISOString()

/** A scripted page: rows by their numbers, and a total. */
const pageOf = (rows: ReadonlyArray<number>, total: number) =>
  Faults.respond(
    200,
    JSON.stringify({
      status: "success",
      data: { tasks: rows.map((row) => ({ _id: idOf(row), createdAt: at(row) })), total }
    })
  )

const script = (faults: ReadonlyArray<Faults.Fault>) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("tasks.list", faults))

const read = (options: { readonly prefetch?: number; readonly checkpoint?: string } = {}) =>
  Effect.flatMap(Tasks, (tasks) => Stream.runCollect(tasks.stream(projectId, options)))

const requestCount = Effect.flatMap(Emulator, (hub) => Effect.map(hub.faults.log, (log) => log.length))

const two = AngoTest.layer({ pageSize: 2 })

describe("a list without an end", () => {
  it.effect("fails when the hub returns the same page repeatedly", () =>
    Effect.gen(function* () {
      yield* script(Array.from({ length: 50 }, () => pageOf([1, 2], 500)))
      expect(yield* Effect.flip(read())).toMatchObject({
        _tag: "PaginationError",
        reason: "same-page",
        page: 4,
        lastIds: [idOf(1), idOf(2)],
        expected: 500,
        received: 2
      })
      expect(yield* requestCount).toBeLessThanOrEqual(4 + 16)
    }).pipe(Effect.provide(two))
  )

  it.effect("fails when the list grows as fast as it is read", () =>
    Effect.gen(function* () {
      yield* script(Array.from({ length: 500 }, (_, page) => pageOf([2 * page, 2 * page + 1], 2 * page + 4)))
      const error = yield* Effect.flip(read({ prefetch: 1 }))
      expect(error).toMatchObject({ _tag: "PaginationError", reason: "endless" })
      expect(yield* requestCount).toBeLessThan(150)
      expect(error.message).toContain("grows as fast as it is read")
    }).pipe(Effect.provide(two))
  )

  it.effect("fails on a page without rows before the total is reached", () =>
    Effect.gen(function* () {
      yield* script([pageOf([1, 2], 5), pageOf([], 5)])
      expect(yield* Effect.flip(read({ prefetch: 1 }))).toMatchObject({
        _tag: "PaginationError",
        reason: "empty-page",
        page: 2,
        expected: 5,
        received: 2
      })
    }).pipe(Effect.provide(two))
  )
})

describe("a failure in the middle", () => {
  const thirty = AngoTest.layer({ tasks: 30, pageSize: 10 })

  it.effect.each([
    [404, "NotFound"],
    [400, "BadRequest"]
  ] as const)("%d fails the list with a checkpoint, instead of ending it", ([status, tag]) =>
    Effect.gen(function* () {
      const [tasks, hub] = yield* Effect.all([Tasks, Emulator])
      yield* script([Faults.ok, Faults.fail(status)])
      const returned: Array<string> = []
      const keep = Stream.runForEach(({ id }: { readonly id: string }) =>
        Effect.sync(() => returned.push(id))
      )
      const error = yield* Effect.flip(keep(tasks.stream(projectId, { prefetch: 1 })))
      expect(error).toMatchObject({ _tag: tag, operation: "tasks.list" })
      expect(returned).toHaveLength(10)
      yield* keep(tasks.stream(projectId, { checkpoint: Object(error).checkpoint }))
      expect(returned).toEqual(hub.state.projects.get(projectId)?.tasks.map((task) => task._id))
    }).pipe(Effect.provide(thirty))
  )

  it.effect("has no checkpoint before the first page", () =>
    Effect.gen(function* () {
      yield* script([Faults.fail(404)])
      expect(yield* Effect.flip(read())).not.toHaveProperty("checkpoint")
    }).pipe(Effect.provide(thirty))
  )
})

describe("a checkpoint", () => {
  const hub = AngoTest.layer({ tasks: 4_000, pageSize: 100 })

  it.effect("of any page resumes after it, and is small", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const pages = Chunk.toReadonlyArray(yield* Stream.runCollect(tasks.pages(projectId)))
      expect(pages).toHaveLength(40)
      for (const page of pages.filter((_, index) => index % 7 === 4)) {
        expect(page.checkpoint.length).toBeLessThan(10_000)
        const rest = yield* read({ checkpoint: page.checkpoint })
        expect(Chunk.toReadonlyArray(rest)).toEqual(pages.slice(page.page).flatMap(({ items }) => items))
      }
      expect(yield* read({ checkpoint: pages[39]?.checkpoint ?? "" })).toHaveLength(0)
    }).pipe(Effect.provide(hub))
  )

  it.effect("of another filter, or invalid text, is refused before any request", () =>
    Effect.gen(function* () {
      const [tasks, emulator] = yield* Effect.all([Tasks, Emulator])
      const [page] = Chunk.toReadonlyArray(
        yield* Stream.runCollect(Stream.take(tasks.pages(projectId, { status: "TODO" }), 1))
      )
      const before = (yield* emulator.requests()).length
      for (const checkpoint of [page?.checkpoint ?? "", "", "{}", "nonsense", '{"v":1}']) {
        expect(yield* Effect.flip(read({ checkpoint }))).toMatchObject({
          _tag: "InvalidRequest",
          parameter: "checkpoint"
        })
      }
      expect((yield* emulator.requests()).length).toBe(before)
    }).pipe(Effect.provide(hub))
  )

  it.effect("with invalid sizes is refused", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const page = yield* Stream.runHead(tasks.pages(projectId))
      const content = JSON.parse(page._tag === "Some" ? page.value.checkpoint : "")
      for (const change of [{ widest: 9e15 }, { limit: 0 }, { limit: 1001 }, { page: -1 }]) {
        const checkpoint = JSON.stringify({ ...content, ...change })
        expect(yield* Effect.flip(read({ checkpoint }))).toMatchObject({ parameter: "checkpoint" })
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("of an incomplete list resumes the scan of gaps", () =>
    Effect.gen(function* () {
      const [tasks, emulator] = yield* Effect.all([Tasks, Emulator])
      const before = emulator.state.projects.get(projectId)?.tasks.map((task) => task._id) ?? []
      const returned: Array<string> = []
      const keep = (options: { readonly checkpoint?: string }) =>
        tasks.pages(projectId, { prefetch: 1, ...options }).pipe(
          Stream.runForEach((page) =>
            Effect.zipRight(
              Effect.sync(() => returned.push(...page.items.map(({ id }) => id))),
              page.page === 1 ? emulator.deleteTask(before[0] ?? "") : Effect.void
            )
          )
        )
      // The requests for gaps fail, so that the task that moved to an earlier page is still missing.
      yield* script([...Array.from({ length: 40 }, () => Faults.ok), Faults.fail(404)])
      const error = yield* Effect.flip(keep({}))
      expect(error).toMatchObject({ _tag: "NotFound" })
      expect(returned).toHaveLength(3_999)
      yield* keep({ checkpoint: Object(error).checkpoint })
      expect(returned.toSorted()).toEqual(before.toSorted())
    }).pipe(Effect.provide(hub))
  )
})
