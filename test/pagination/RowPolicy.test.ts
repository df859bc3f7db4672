// Rows that cannot be decoded, under each policy.
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

// One row of the list has a number as its status.
const broken = Effect.map(Emulator, (hub) => {
  const tasks = hub.state.projects.get(projectId)?.tasks
  const row = tasks?.[12]
  if (tasks !== undefined && row !== undefined) tasks[12] = { ...row, _id: bad, status: 7 as never }
})

const hub = AngoTest.layer({ tasks: 30, pageSize: 10 })

const mismatch = { path: "data.tasks[2].status", item: bad, expected: "string", found: "a number" }

describe("a row that cannot be decoded", () => {
  it.effect("fails the list with its id, path and expected type, and a checkpoint", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const error = yield* Effect.flip(Stream.runDrain(tasks.stream(projectId)))
      expect(error).toMatchObject({ _tag: "DecodeError", operation: "tasks.list", mismatches: [mismatch] })
      expect(error.message).toContain(bad)
      const rest = tasks.stream(projectId, { checkpoint: Object(error).checkpoint, onRowError: "skip" })
      expect(yield* Stream.runCount(rest)).toBe(19)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is skipped, counted and logged", () =>
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
        mismatches: [mismatch]
      })
      expect(logs.join("\n")).toContain(bad)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is returned as a Left that contains the row", () =>
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

  it.effect("is treated the same by page and collect as by stream", () =>
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

  it.effect("fails with InvalidRequest under an unknown policy", () =>
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

  // Rows without an id or a creation time.
  const anonymous = (rows: ReadonlyArray<unknown>) =>
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

  // Earlier than the virtual time of the hub.
  const rowAt = (index: number) => ({
    _id: `65aa00000000000000000${100 + index}`,
    createdAt: new Date(index * 1000 - 1e9).toISOString()
  })

  it.effect.each([
    ["null", [5], null],
    ["null after the first page", [15], null],
    ["null as first and last of a page", [10, 19], null],
    ["null several times in a row", [13, 14, 15], null],
    ["a text", [29], "x"],
    ["an object without an id", [0, 15], { status: "TODO" }],
    ["an object that nests deeply", [12], { _id: 7, name: "deep" }]
  ] as const)("affects no other row: %s", ([, places, value]) =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 30 }, (_, index) =>
        places.some((place) => place === index) ? value : rowAt(index)
      )
      yield* anonymous(rows)
      const tasks = yield* Tasks
      const all = Chunk.toReadonlyArray(
        yield* Stream.runCollect(tasks.stream(projectId, { onRowError: "either" }))
      )
      expect(all).toHaveLength(30)
      expect(all.flatMap((row, index) => (Either.isLeft(row) ? [index] : []))).toEqual(places)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is reported by its index on the page, even if earlier rows of the page are repeated", () =>
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

  it.effect("is not quoted in errors and checkpoints when it has no id", () =>
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

  it.effect("fails with InvalidRequest under an unknown policy of projects", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      expect(yield* Effect.flip(projects.page({ onRowError: "ignore" as "skip" }))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "onRowError"
      })
    }).pipe(Effect.provide(hub))
  )
})
