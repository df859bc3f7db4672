// One row that cannot be read costs no other.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const bad = "65aa0000000000000000bad1"

// The hub's list with one row whose status is no text.
const broken = Effect.map(Emulator, (hub) => {
  const tasks = hub.state.projects.get(projectId)?.tasks
  const row = tasks?.[12]
  if (tasks !== undefined && row !== undefined) tasks[12] = { ...row, _id: bad, status: 7 as never }
})

const hub = AngoTest.layer({ tasks: 30, pageSize: 10 })

const place = { path: "data.tasks[2].status", item: bad, expected: "string", found: "a number" }

describe("a row that cannot be read", () => {
  it.effect("fails the list by its id, its path and what was expected, and carries where to go on", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const error = yield* Effect.flip(Stream.runDrain(tasks.stream(projectId)))
      expect(error).toMatchObject({ _tag: "DecodeError", operation: "tasks.list", mismatches: [place] })
      expect(error.message).toContain(bad)
      const rest = tasks.stream(projectId, { checkpoint: Object(error).checkpoint, onRowError: "skip" })
      expect(yield* Stream.runCount(rest)).toBe(19)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is left out and counted", () =>
    Effect.gen(function* () {
      yield* broken
      const logs: Array<unknown> = []
      const tasks = yield* Tasks
      const pages = yield* tasks.pages(projectId, { onRowError: "skip" }).pipe(
        Stream.runCollect,
        Effect.provide(
          Logger.replace(
            Logger.defaultLogger,
            Logger.make(({ message }) => logs.push(message))
          )
        )
      )
      expect(Chunk.toReadonlyArray(pages).map((page) => page.items.length)).toEqual([10, 9, 10])
      expect(Chunk.toReadonlyArray(pages).map((page) => page.received)).toEqual([10, 20, 30])
      const [skipped] = Chunk.unsafeGet(pages, 1).skipped
      expect(skipped).toMatchObject({
        _tag: "RowDecodeError",
        reason: "mismatch",
        page: 2,
        index: 2,
        id: bad,
        mismatches: [place]
      })
      expect(logs.join("\n")).toContain(bad)
    }).pipe(Effect.provide(hub))
  )

  it.effect("comes as a result of its own, with the row to look at", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const all = Chunk.toReadonlyArray(
        yield* Stream.runCollect(tasks.stream(projectId, { onRowError: "either" }))
      )
      expect(all.map(Either.isRight).filter(Boolean)).toHaveLength(29)
      const failure = all.find(Either.isLeft)
      expect(failure?.left).toMatchObject({ _tag: "RowDecodeError", reason: "mismatch", id: bad })
      expect(failure?.left.row === undefined ? undefined : Redacted.value(failure.left.row)).toMatchObject({
        status: 7
      })
      expect(JSON.stringify(failure)).not.toContain("createdAt")
    }).pipe(Effect.provide(hub))
  )

  it.effect("is treated in a single page and in an array as in a stream", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const page = yield* tasks.page(projectId, { sort: "createdAt", page: 2, onRowError: "skip" })
      expect([page.items.length, page.skipped.length]).toEqual([9, 1])
      expect(yield* tasks.collect(projectId, { limit: 30, onRowError: "skip" })).toHaveLength(29)
      expect(yield* Effect.flip(tasks.collect(projectId, { limit: 30 }))).toMatchObject({
        _tag: "DecodeError"
      })
    }).pipe(Effect.provide(hub))
  )

  it.effect("is refused as a policy that there is not", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const wrong = tasks.stream(projectId, { onRowError: "ignore" as "skip" })
      expect(yield* Effect.flip(Stream.runDrain(wrong))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "onRowError"
      })
    }).pipe(Effect.provide(hub))
  )

  const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`

  // Rows that do not even tell where they belong: neither an id nor an instant.
  const nameless = (rows: ReadonlyArray<unknown>) =>
    Effect.flatMap(Emulator, (hub) =>
      hub.faults.on(
        "tasks.list",
        [0, 10, 20].map((from) =>
          Faults.respond(
            200,
            JSON.stringify({
              status: "success",
              data: { tasks: rows.slice(from, from + 10), total: rows.length }
            }).replace('"deep"', nested)
          )
        )
      )
    )

  // Older than the hub's time, which is virtual.
  const rowAt = (index: number) => ({
    _id: `65aa00000000000000000${100 + index}`,
    createdAt: new Date(index * 1000 - 1e9).toISOString()
  })

  it.effect.each([
    ["null", [5], null],
    ["null, behind the first page", [15], null],
    ["null, first and last on its page", [10, 19], null],
    ["null, several times in a row", [13, 14, 15], null],
    ["a text", [29], "x"],
    ["an object without an id", [0, 15], { status: "TODO" }],
    ["an object that nests deeply", [12], { _id: 7, name: "deep" }]
  ] as const)("costs no other when it is %s", ([, places, value]) =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 30 }, (_, index) =>
        places.some((place) => place === index) ? value : rowAt(index)
      )
      yield* nameless(rows)
      const tasks = yield* Tasks
      const all = Chunk.toReadonlyArray(
        yield* Stream.runCollect(tasks.stream(projectId, { onRowError: "either" }))
      )
      expect(all).toHaveLength(30)
      expect(all.flatMap((row, index) => (Either.isLeft(row) ? [index] : []))).toEqual(places)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is named by its place on the page, where rows before it had come already", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const page = (...data: ReadonlyArray<unknown>) =>
        Faults.respond(200, JSON.stringify({ status: "success", data: { tasks: data, total: 4 } }))
      yield* emulator.faults.on("tasks.list", [
        page(rowAt(0), rowAt(1)),
        page(rowAt(1), { ...rowAt(2), status: 7 })
      ])
      const tasks = yield* Tasks
      expect(yield* Effect.flip(Stream.runDrain(tasks.stream(projectId)))).toMatchObject({
        _tag: "DecodeError",
        mismatches: [{ path: "data.tasks[1].status" }]
      })
    }).pipe(Effect.provide(AngoTest.layer({ pageSize: 2 })))
  )

  it.effect("tells nothing of itself but that it has no id", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const body = { status: "success", data: { tasks: [{ name: "ann@lab.example" }], total: 50 } }
      yield* emulator.faults.on("tasks.list", Faults.repeat(Faults.respond(200, JSON.stringify(body))))
      const tasks = yield* Tasks
      const error = yield* Effect.flip(Stream.runDrain(tasks.stream(projectId, { onRowError: "skip" })))
      expect(error).toMatchObject({
        _tag: "PaginationError",
        lastIds: [expect.stringMatching(/^without an id/)]
      })
      expect(JSON.stringify(error) + Object(error).checkpoint).not.toContain("lab.example")
    }).pipe(Effect.provide(hub))
  )

  it.effect("is refused as a policy of projects that there is not, too", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      expect(yield* Effect.flip(projects.page({ onRowError: "ignore" as "skip" }))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "onRowError"
      })
    }).pipe(Effect.provide(hub))
  )
})
