// The rows of exports, compared with those that another reader finds in the same archives.

import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Ango, type AngoError, Drift, type ExportRow, Exports, IssueExportRow } from "effect-ango"
import { AngoTest, type ArchiveOptions, Emulator } from "effect-ango/emulator"
import { archiveOf } from "../support/Archives.js"
import { download, exportLink, rowsOf } from "../support/Downloads.js"

const { projectId } = AngoTest

const all = <A, E, R>(rows: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(rows), Chunk.toReadonlyArray)

const formats = ["json", "ndjson", "split"] as const

type Format = (typeof formats)[number]

const variants: ReadonlyArray<ArchiveOptions & { readonly format: Format }> = [
  { format: "json", method: "stored", sizes: "after" },
  { format: "ndjson", method: "stored", sizes: "before" },
  { format: "split", method: "deflated", sizes: "after" },
  { format: "json", method: "deflated", sizes: "before" }
]

const stages = "all"

describe("the rows of an export", () => {
  it.effect.each(variants)("are those of the archive: %j", ({ format, ...archives }) =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const expected = yield* rowsOf()
      expect(expected).toHaveLength(15)
      expect(yield* all(exports.stream(projectId, { format, stages }))).toEqual(expected)
      expect(yield* all(exports.stream(projectId, { format, stages, decode: false }))).toEqual(expected)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 15, archives })))
  )

  it.effect("are issues with type: issue", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const expected = yield* rowsOf("&type=issue")
      expect(expected.length).toBeGreaterThan(1)
      const decode = Schema.decodeUnknownSync(IssueExportRow.IssueExportRow)
      for (const format of formats) {
        const rows: ReadonlyArray<IssueExportRow.IssueExportRow> = yield* all(
          exports.stream(projectId, { type: "issue", format })
        )
        expect(rows).toEqual(expected.map((row) => decode(row)))
      }
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30 })))
  )

  it.effect("are of the requested stages, in the format ndjson by default", () =>
    Effect.gen(function* () {
      const [exports, hub] = yield* Effect.all([Exports, Emulator])
      const rows = yield* all(exports.stream(projectId))
      expect(new Set(rows.map(({ task }) => task.stageId))).toEqual(new Set(["Complete"]))
      const [asked] = [...hub.state.exports.values()]
      expect(asked).toMatchObject({ format: "ndjson", type: "task", stage: ["Complete"] })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30 })))
  )

  it.effect("are requested again by each run; a project without tasks has no rows", () =>
    Effect.gen(function* () {
      const [exports, hub] = yield* Effect.all([Exports, Emulator])
      const stream = exports.stream(projectId, { stages })
      expect([yield* all(stream), yield* all(stream)]).toEqual([[], []])
      expect(hub.state.exports.size).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 0 })))
  )

  it.effect("are read from a local archive", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const { bytes } = yield* Effect.flatMap(exportLink("&format=split"), download)
      const file = Stream.fromIterable([bytes.subarray(0, 1000), bytes.subarray(1000)])
      expect(yield* all(exports.rows(file))).toEqual(yield* rowsOf())
      const cut = yield* Effect.flip(all(exports.rows(Stream.make(bytes.subarray(0, 5000)))))
      expect(cut).toMatchObject({ _tag: "ArchiveError", reason: "truncated" })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30 })))
  )

  it.effect("are rejected with invalid options before any request", () =>
    Effect.gen(function* () {
      const [exports, hub] = yield* Effect.all([Exports, Emulator])
      const wrong = [
        [{ onRowError: "ignore" as "skip" }, "onRowError"],
        [{ type: "labels" as "task" }, "type"],
        [{ maxRowBytes: 0 }, "maxRowBytes"],
        [{ limits: { maxRatio: -1 } }, "limits.maxRatio"]
      ] as const
      for (const [options, parameter] of wrong) {
        const error = yield* Effect.flip(Stream.runDrain(exports.stream(projectId, options)))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      }
      expect(yield* hub.requests()).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )
})

const id = (nth: number) => `65aa0000000000000000b00${nth}`
const good = (nth: number) => ({ assetId: `65aa0000000000000000a00${nth}`, task: { taskId: id(nth) } })
const misfit = { ...good(2), task: { taskId: id(2), stage: 7 } }
const lines = [good(0), good(1), misfit, good(3)].map((row) => JSON.stringify(row))
const bad = Stream.make(
  archiveOf([{ name: "rows.ndjson", text: [...lines, '{"task": oops}', lines[0]].join("\n") }])
)
const offset = lines.slice(0, 2).join("\n").length + 1

describe("a row that does not match its schema", () => {
  const place = {
    _tag: "RowDecodeError",
    reason: "mismatch",
    entry: "rows.ndjson",
    index: 2,
    offset,
    bytes: lines[2]?.length,
    id: id(2),
    mismatches: [{ path: "task.stage", found: "a number" }]
  }

  it.effect("fails the stream after the rows before it, and names its position", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const seen: Array<ExportRow.ExportRow> = []
      const error = yield* Effect.flip(
        Stream.runForEach(exports.rows(bad), (row) => Effect.sync(() => void seen.push(row)))
      )
      expect(seen).toEqual([good(0), good(1)])
      expect(error).toMatchObject(place)
      expect(error.message).toContain(`Row 2 of "rows.ndjson"`)
      expect(Redacted.value((error as AngoError.RowDecodeError).row ?? Redacted.make(undefined))).toEqual(
        misfit
      )
      expect(JSON.stringify(error)).not.toContain("a002")
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("is skipped under the policy skip, as is a row that is not JSON; the log counts both", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const logs: Array<unknown> = []
      const logger = Logger.make(({ message }) => logs.push(message))
      const skipped: Array<unknown> = []
      const onSkip = ({ index, reason }: AngoError.RowDecodeError) =>
        Effect.sync(() => void skipped.push(reason, index))
      const rows = yield* all(exports.rows(bad, { onRowError: "skip", onSkip })).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      expect(rows).toEqual([good(0), good(1), good(3), good(0)])
      expect(skipped).toEqual(["mismatch", 2, "not-json", 4])
      expect(logs).toHaveLength(2)
      expect(logs.join("\n")).toContain(id(2))
      expect(logs.join("\n")).toContain("Skipped 2 unreadable rows.")
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("is emitted as a Left in its position under the policy either", () =>
    Effect.gen(function* () {
      const exports = yield* Exports
      const rows = yield* all(exports.rows(bad, { onRowError: "either" }))
      expect(rows.map(Either.isRight)).toEqual([true, true, false, true, false, true])
      const [first, second] = rows.filter(Either.isLeft).map(({ left }) => left)
      expect(first).toMatchObject(place)
      expect(second).toMatchObject({ _tag: "RowDecodeError", index: 4, reason: "not-json" })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})

describe("an unknown field in rows", () => {
  const newer = { ...good(0), shape: "round" }
  const file = Stream.make(archiveOf([{ name: "rows.json", text: JSON.stringify([newer, newer, newer]) }]))

  it.effect("is kept and reported once", () =>
    Effect.gen(function* () {
      const findings: Array<unknown> = []
      const report = Drift.layer((finding) => Effect.sync(() => void findings.push(finding)))
      const rows = yield* Effect.flatMap(Exports, (exports) => all(exports.rows(file))).pipe(
        Effect.provide(Ango.layer({ apiKey: Redacted.make("key") })),
        Effect.provide(Layer.merge(FetchHttpClient.layer, report))
      )
      expect(rows).toEqual([newer, newer, newer])
      expect(findings).toEqual([
        { kind: "field", schema: "ExportRow", path: "", name: "shape", operation: "exports.download" }
      ])
    })
  )
})
