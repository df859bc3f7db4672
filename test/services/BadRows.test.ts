// One row that cannot be read costs no other.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

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
      const rest = tasks.stream(projectId, { from: Object(error).checkpoint, rows: "skip" })
      expect(yield* Stream.runCount(rest)).toBe(19)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is left out and counted", () =>
    Effect.gen(function* () {
      yield* broken
      const logs: Array<unknown> = []
      const tasks = yield* Tasks
      const pages = yield* tasks.pages(projectId, { rows: "skip" }).pipe(
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
      expect(skipped).toMatchObject({ _tag: "BadRow", page: 2, index: 2, id: bad, mismatches: [place] })
      expect(logs.join("\n")).toContain(bad)
    }).pipe(Effect.provide(hub))
  )

  it.effect("comes as a result of its own, with the row to look at", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const all = Chunk.toReadonlyArray(yield* Stream.runCollect(tasks.stream(projectId, { rows: "either" })))
      expect(all.map(Either.isRight).filter(Boolean)).toHaveLength(29)
      const failure = all.find(Either.isLeft)
      expect(failure?.left).toMatchObject({ _tag: "BadRow", id: bad })
      expect(failure === undefined ? undefined : Redacted.value(failure.left.row)).toMatchObject({
        status: 7
      })
      expect(JSON.stringify(failure)).not.toContain("createdAt")
    }).pipe(Effect.provide(hub))
  )

  it.effect("is treated in a single page and in an array as in a stream", () =>
    Effect.gen(function* () {
      yield* broken
      const tasks = yield* Tasks
      const page = yield* tasks.page(projectId, { sort: "createdAt", page: 2, rows: "skip" })
      expect([page.items.length, page.skipped.length]).toEqual([9, 1])
      expect(yield* tasks.collect(projectId, { limit: 30, rows: "skip" })).toHaveLength(29)
      expect(yield* Effect.flip(tasks.collect(projectId, { limit: 30 }))).toMatchObject({
        _tag: "DecodeError"
      })
    }).pipe(Effect.provide(hub))
  )

  it.effect("is refused as a policy that there is not", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const wrong = tasks.stream(projectId, { rows: "ignore" as "skip" })
      expect(yield* Effect.flip(Stream.runDrain(wrong))).toMatchObject({
        _tag: "InvalidRequest",
        parameter: "rows"
      })
    }).pipe(Effect.provide(hub))
  )
})
