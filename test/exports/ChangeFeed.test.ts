// Changes of a project: files that are updated, and rows that are passed to a function.
import { chmodSync, copyFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import {
  Ango,
  type ChangeFeedOptions,
  Checkpoints,
  type ExportRow,
  Exports,
  type UpdateOptions
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { askHub } from "../support/AskHub.js"
import { folder, namesIn, textAt } from "../support/Folder.js"

const { projectId } = AngoTest

const hub = Layer.merge(AngoTest.layer({ tasks: 40 }), NodeFileSystem.layer)

const tasks = Effect.map(Emulator, ({ state }) => state.projects.get(projectId)?.tasks ?? [])

/** Annotates these tasks one hour later, which updates them. */
const annotate = (...indices: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const all = yield* tasks
    for (const index of indices) {
      yield* askHub(`POST /annotate/${all[index]?._id}`, { answer: { objects: [{ schemaId: `s${index}` }] } })
    }
  })

const at = (directory: string, options: UpdateOptions = {}, path = `${directory}/tasks.ndjson`) =>
  Effect.flatMap(Exports, (exports) => exports.update(projectId, path, { includeHistory: false, ...options }))

/** The rows of a new export of all tasks. */
const expected = (directory: string) =>
  Effect.gen(function* () {
    const exports = yield* Exports
    yield* exports.toFile(projectId, `${directory}/whole`, { stages: "all", includeHistory: false })
    const text = textAt(directory, "whole")
    rmSync(`${directory}/whole`)
    return text
  })

const sorted = (text: string) => text.split("\n").toSorted().join("\n")

// The time range of the latest export.
const latestRange = Effect.map(Emulator, ({ state }) => [...state.exports.values()].at(-1)?.updatedAt)

describe("an update of a file", () => {
  it.scoped("exports all tasks at first, then replaces the rows that changed", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const first = yield* at(directory)
      expect(first).toMatchObject({ rows: 40, added: 40, replaced: 0, resumed: false })
      const before = textAt(directory, "tasks.ndjson")
      expect(sorted(before)).toBe(sorted(yield* expected(directory)))
      expect(namesIn(directory)).toEqual(["tasks.ndjson", "tasks.ndjson.watermark"])

      yield* annotate(3, 17)
      expect(yield* at(directory)).toMatchObject({ rows: 40, added: 0, replaced: 2 })
      const after = textAt(directory, "tasks.ndjson")
      expect(after).toBe(yield* expected(directory))
      const different = after.split("\n").filter((line, index) => line !== before.split("\n")[index])
      expect(different).toHaveLength(2)
      expect(namesIn(directory)).toEqual(["tasks.ndjson", "tasks.ndjson.watermark"])

      expect(yield* at(directory)).toMatchObject({ rows: 40, added: 0, replaced: 0 })
      expect(textAt(directory, "tasks.ndjson")).toBe(after)
    }).pipe(Effect.provide(hub))
  )

  it.scoped("exports changes after the latest row in the file, minus an overlap", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* at(directory)
      const latest = JSON.parse(textAt(directory, "tasks.ndjson.watermark")).updatedAt
      const times = textAt(directory, "tasks.ndjson")
        .trimEnd()
        .split("\n")
        .map((line): string => JSON.parse(line).task.updatedAt)
      expect(latest).toBe(times.toSorted().at(-1))
      for (const [overlap, millis] of [
        [undefined, 60_000],
        ["1 millis", 1],
        ["1 day", 86_400_000]
      ] as const) {
        yield* at(directory, { overlap })
        expect(yield* latestRange).toEqual({ $gt: new Date(Date.parse(latest) - millis).toISOString() })
      }
      yield* annotate(5)
      yield* at(directory)
      expect(JSON.parse(textAt(directory, "tasks.ndjson.watermark")).updatedAt > latest).toBe(true)
    }).pipe(Effect.provide(hub))
  )

  it.scoped("appends rows of new tasks, and keeps one row per task", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* at(directory)
      const path = `${directory}/tasks.ndjson`
      const lines = textAt(path).trimEnd().split("\n")
      yield* annotate(0, 39)
      // One task is missing, one occurs twice, and the last line has no line feed.
      writeFileSync(path, [...lines.slice(1, 39), lines[39], lines[39]].join("\n"))
      expect(yield* at(directory)).toMatchObject({ rows: 40, added: 1, replaced: 1 })
      const ids = textAt(path)
        .trimEnd()
        .split("\n")
        .map((line): string => JSON.parse(line).task.taskId)
      expect(new Set(ids).size).toBe(40)
      expect(ids.at(-1)).toBe(JSON.parse(lines[0] ?? "").task.taskId)
    }).pipe(Effect.provide(hub))
  )

  it.scoped("writes the same file when the program dies between any two steps", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const path = `${directory}/tasks.ndjson`
      const mark = `${path}.watermark`
      yield* at(directory)
      copyFileSync(path, `${directory}/old`)
      copyFileSync(mark, `${directory}/old mark`)
      yield* annotate(7, 8)
      yield* at(directory)
      const after = textAt(path)
      const expectRecovery = (change: () => void) =>
        Effect.gen(function* () {
          change()
          yield* at(directory)
          expect(textAt(path)).toBe(after)
          expect(namesIn(directory).filter((name) => name.includes("tasks"))).toEqual([
            "tasks.ndjson",
            "tasks.ndjson.watermark"
          ])
        })
      // The file was replaced, and the watermark was not.
      yield* expectRecovery(() => copyFileSync(`${directory}/old mark`, mark))
      // Neither was replaced, and the changes were partly merged.
      yield* expectRecovery(() => {
        copyFileSync(`${directory}/old mark`, mark)
        copyFileSync(`${directory}/old`, path)
        writeFileSync(`${path}.changes`, "{")
        writeFileSync(`${path}.merged.part`, after.slice(0, 3000))
      })
      // Both were replaced, and the changes were not deleted.
      yield* expectRecovery(() => writeFileSync(`${path}.changes`, after))
    }).pipe(Effect.provide(hub))
  )

  it.scoped("continues after any run that broke off", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const { faults } = yield* Emulator
      const broken = (options: UpdateOptions) =>
        Effect.gen(function* () {
          yield* faults.on("files", [Faults.cutBody(50)])
          const run = at(directory, options).pipe(Ango.withRetry({ attempts: 1 }))
          expect(yield* Effect.flip(run)).toMatchObject({ _tag: "ConnectionFailed" })
        })
      yield* at(directory)
      yield* annotate(3)
      chmodSync(`${directory}/tasks.ndjson`, 0o600)
      // The next run needs changes since another instant.
      yield* broken({ overlap: "1 day" })
      expect(statSync(`${directory}/tasks.ndjson.changes.archive.part`).mode & 0o777).toBe(0o600)
      expect(yield* at(directory)).toMatchObject({ added: 0, replaced: 1, resumed: false })
      yield* broken({ overlap: "1 day" })
      yield* at(directory, { restart: true })
      expect(yield* at(directory)).toMatchObject({ rows: 40, added: 0, replaced: 0 })
      // All tasks again.
      yield* broken({ restart: true })
      expect(yield* at(directory)).toMatchObject({ rows: 40, added: 40, resumed: true })
      expect(statSync(`${directory}/tasks.ndjson`).mode & 0o777).toBe(0o600)
      expect(namesIn(directory)).toEqual(["tasks.ndjson", "tasks.ndjson.watermark"])
    }).pipe(Effect.provide(hub))
  )

  it.scoped("exports all tasks again without the watermark, without the file, and with restart: true", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* at(directory)
      const path = `${directory}/tasks.ndjson`
      for (const change of [() => rmSync(`${path}.watermark`), () => rmSync(path)]) {
        change()
        expect(yield* at(directory)).toMatchObject({ rows: 40, added: 40 })
      }
      expect(yield* at(directory, { restart: true })).toMatchObject({ added: 40 })
      expect(namesIn(directory)).toEqual(["tasks.ndjson", "tasks.ndjson.watermark"])
    }).pipe(Effect.provide(hub))
  )

  it.scoped("does not overwrite files of other exports or other programs", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const path = `${directory}/tasks.ndjson`
      yield* at(directory)
      expect(yield* Effect.flip(at(directory, { stages: ["Complete"] }))).toMatchObject({
        _tag: "FileError",
        reason: "other-export",
        path: `${path}.watermark`
      })
      const mark = textAt(`${path}.watermark`)
      writeFileSync(`${path}.watermark`, "yesterday")
      expect(yield* Effect.flip(at(directory))).toMatchObject({
        _tag: "FileError",
        reason: "unknown-content"
      })
      writeFileSync(`${path}.watermark`, mark)
      for (const line of ["my notes", '{"assetId":"a"}', "{"]) {
        writeFileSync(path, `${line}\n`)
        const error = yield* Effect.flip(at(directory))
        expect(error).toMatchObject({ _tag: "FileError", path, reason: "unknown-content" })
        expect(error.message).toContain("Line 1 of")
        expect(error.message).not.toContain(line)
        expect(textAt(path)).toBe(`${line}\n`)
      }
      for (const overlap of ["0 millis", "long", "Infinity"]) {
        expect(yield* Effect.flip(at(directory, { overlap: overlap as "1 day" }))).toMatchObject({
          _tag: "InvalidRequest",
          parameter: "overlap"
        })
      }
    }).pipe(Effect.provide(hub))
  )
})

describe("changes", () => {
  const take = (options: ChangeFeedOptions = {}) =>
    Effect.gen(function* () {
      const rows: Array<ExportRow.ExportRow> = []
      const exports = yield* Exports
      const handle = (some: ReadonlyArray<ExportRow.ExportRow>) => Effect.sync(() => void rows.push(...some))
      const result = yield* exports.changes(projectId, handle, { overlap: "1 millis", ...options })
      expect(result.rows).toBe(rows.length)
      return { ...result, ids: rows.map(({ task }) => task.taskId) }
    })

  it.effect("are all tasks at first, then the tasks updated since the checkpoint", () =>
    Effect.gen(function* () {
      const { checkpoint, ids } = yield* take()
      expect(new Set(ids).size).toBe(40)
      yield* annotate(4, 9)
      const all = yield* tasks
      const later = yield* take({ checkpoint: checkpoint })
      expect(later.ids).toEqual(expect.arrayContaining([all[4]?._id, all[9]?._id]))
      expect(later.ids.length).toBeLessThan(5)
      expect((yield* take({ checkpoint: later.checkpoint })).ids.length).toBeLessThan(3)
    }).pipe(Effect.provide(hub))
  )

  it.effect("are saved in a bookmark only after all rows were handled", () =>
    Effect.gen(function* () {
      const resume = yield* Checkpoints.bookmark("warehouse")
      const exports = yield* Exports
      yield* take({ resume })
      yield* annotate(1)
      const failing = exports.changes(projectId, () => Effect.fail("full" as const), {
        overlap: "1 millis",
        resume
      })
      expect(yield* Effect.flip(failing)).toBe("full")
      const again = yield* take({ resume })
      expect(again.ids).toContain((yield* tasks)[1]?._id)
      yield* annotate(2)
      const { faults } = yield* Emulator
      yield* faults.on("files", Faults.repeat(Faults.fail(403)))
      expect(yield* Effect.flip(take({ resume }))).toMatchObject({
        _tag: "TransferError",
        reason: "link-expired"
      })
      yield* faults.on("files", [])
      const last = yield* take({ resume })
      expect(last.ids).toContain((yield* tasks)[2]?._id)
      expect(last.ids).not.toContain((yield* tasks)[30]?._id)
    }).pipe(Effect.provide(Layer.merge(hub, KeyValueStore.layerMemory)))
  )

  it.effect("are rejected before any request with the checkpoint of other options or an invalid one", () =>
    Effect.gen(function* () {
      const { checkpoint } = yield* take()
      const hub = yield* Emulator
      const before = (yield* hub.requests()).length
      const resume = yield* Checkpoints.bookmark("b")
      for (const [options, words] of [
        [{ checkpoint, stages: ["Complete"] }, "another project"],
        [{ checkpoint: "yesterday" }, "not a checkpoint of changes"],
        [{ checkpoint, resume }, "leave out one of the two"]
      ] as const) {
        const error = yield* Effect.flip(take(options))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "checkpoint" })
        expect(error.message).toContain(words)
      }
      expect((yield* hub.requests()).length).toBe(before)
    }).pipe(Effect.provide(Layer.merge(hub, KeyValueStore.layerMemory)))
  )
})
