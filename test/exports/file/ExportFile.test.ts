// Exports to files: what lies where, what is refused, and what a run makes of what an earlier one left.
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type ExportFileOptions, Exports, type FileProgress } from "effect-ango"
import { archiveOf } from "../../support/Archives.js"
import { bytesAt, folder, namesIn, textAt } from "../../support/Folder.js"
import { captureLogs } from "../../support/Logs.js"
import { makeStorage, type Turn } from "../../support/Storage.js"
import { prints } from "../../support/Watch.js"
import { canary } from "../../support/Wire.js"

const projectId = "65aa0000000000000000a001"

const row = (index: number, more: object = {}) =>
  `${JSON.stringify({ assetId: `a${index}`, task: { taskId: `t${index}` }, ...more })}\n`
const text = Array.from({ length: 40 }, (_, index) => row(index, { fresh: { kept: index } })).join("")
const archive = archiveOf([{ name: "a.ndjson", text, method: 0 }])

const withStorage = (usual: Turn = { archive }) =>
  Effect.gen(function* () {
    const storage = makeStorage(usual)
    const directory = yield* folder
    const path = `${directory}/tasks.ndjson`
    const run = (options: ExportFileOptions = {}, to = path, attempts?: number) =>
      Effect.flatMap(Exports, (exports) => exports.toFile(projectId, to, options)).pipe(
        Effect.provide(storage.client(attempts))
      )
    return { ...storage, directory, path, run, once: run({}, path, 1) }
  })

describe("an export to a file", () => {
  it.scopedLive("is one line per row, as the export has it, and nothing lies beside it at the end", () =>
    Effect.gen(function* () {
      const { asked, directory, path, run } = yield* withStorage()
      const file = yield* run()
      expect(file).toMatchObject({ path, rows: 40, bytes: text.length, resumed: false })
      expect(textAt(path)).toBe(text)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
      expect(asked.map(({ hasKey, range }) => [hasKey, range])).toEqual([[false, null]])
    })
  )

  it.scopedLive("has the rows of any format on one line each, and every digit of them", () =>
    Effect.gen(function* () {
      const one =
        '{"assetId":"a","contextData":{"id":12345678901234567890,"x":1.50,"y":1e400},"task":{"taskId":"t"}}'
      const spread = one.replaceAll(/([{,])/g, "$1\r\n\t ")
      const { path, run } = yield* withStorage({
        archive: archiveOf([
          { name: "a.ndjson", text: `${one}\n${one}` },
          { name: "b.json", text: `[\n${spread},\n${one}]` },
          { name: "c.json", text: spread }
        ])
      })
      for (const decode of [true, false]) {
        expect(yield* run({ decode })).toMatchObject({ rows: 5 })
        expect(textAt(path)).toBe(`${one}\n`.repeat(5))
      }
    })
  )

  it.scopedLive("is the archive as it came, held to its checksums", () =>
    Effect.gen(function* () {
      const { directory, path, run, turns } = yield* withStorage()
      const file = yield* run({ output: "archive" })
      expect(file).toMatchObject({ bytes: archive.length, resumed: false })
      expect(file).not.toHaveProperty("rows")
      expect(bytesAt(path).equals(archive)).toBe(true)
      const corrupt = Buffer.from(archive)
      corrupt[60] = 0
      turns.push({ archive: corrupt })
      const logs = captureLogs()
      const failed = Effect.provide(
        Effect.flip(run({ output: "archive" }, `${directory}/other.zip`)),
        logs.layer
      )
      expect(yield* failed).toMatchObject({ _tag: "ArchiveError", reason: "content" })
      expect(logs.lines).toMatchObject([{ level: "INFO", annotations: { operation: "exports.download" } }])
      expect(existsSync(`${directory}/other.zip`)).toBe(false)
    })
  )

  it.scopedLive("takes the place of an older one only when it is whole", () =>
    Effect.gen(function* () {
      const { once, path, run, turns } = yield* withStorage()
      writeFileSync(path, "old")
      turns.push({ cut: 900 })
      expect(yield* Effect.flip(once)).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
      expect(textAt(path)).toBe("old")
      yield* run()
      expect(textAt(path)).toBe(text)
    })
  )

  it.scopedLive("tells how far it is", () =>
    Effect.gen(function* () {
      const { run } = yield* withStorage()
      const seen: Array<FileProgress> = []
      const onProgress = (progress: FileProgress) => Effect.sync(() => void seen.push(progress))
      yield* run({ onProgress })
      expect(seen.at(-1)).toEqual({
        rows: 40,
        bytes: text.length,
        received: archive.length,
        length: archive.length
      })
      const rows = seen.map((one) => one.rows)
      expect(rows).toEqual(rows.toSorted((a, b) => a - b))
      seen.length = 0
      yield* run({ output: "archive", onProgress })
      expect(seen.at(-1)).toMatchObject({ bytes: archive.length, received: archive.length })
    })
  )

  it.scopedLive("holds issues when these are exported", () =>
    Effect.gen(function* () {
      const issue = '{"_id":"i1","status":"Open","content":"no box"}\n'
      const { path, run } = yield* withStorage({
        archive: archiveOf([{ name: "a.json", text: `[${issue.trim()}]` }])
      })
      expect(yield* run({ type: "issue" })).toMatchObject({ rows: 1 })
      expect(textAt(path)).toBe(issue)
    })
  )

  it.scopedLive.each([
    [{ syncEvery: 0 }, "syncEvery"],
    [{ output: "csv" }, "output"],
    [{ onRowError: "either" }, "onRowError"],
    [{ taskTypes: [] }, "taskTypes"],
    [{ onProgress: 1 }, "onProgress"]
  ])("is refused before anything is asked or written: %j", ([options, parameter]) =>
    Effect.gen(function* () {
      const { directory, exports, run } = yield* withStorage()
      const error = yield* Effect.flip(run(options as ExportFileOptions))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect([exports(), namesIn(directory)]).toEqual([0, []])
    })
  )
})

describe("the journal", () => {
  it.scopedLive("is for its owner alone, and the only place that holds the link; nothing holds the key", () =>
    Effect.gen(function* () {
      const { directory, once, turns } = yield* withStorage()
      turns.push({ cut: 900 })
      const error = yield* Effect.flip(once)
      expect(namesIn(directory)).toEqual(
        ["archive.part", "journal", "part"].map((end) => `tasks.ndjson.${end}`)
      )
      expect(statSync(`${directory}/tasks.ndjson.journal`).mode & 0o777).toBe(0o600)
      const journal = textAt(directory, "tasks.ndjson.journal")
      expect(journal).toContain("s1gn4ture-1")
      const others = [
        ...prints(error),
        textAt(directory, "tasks.ndjson.part"),
        `${bytesAt(directory, "tasks.ndjson.archive.part")}`
      ]
      expect(others.some((print) => print.includes("s1gn4ture"))).toBe(false)
      expect([journal, ...others].some((print) => print.includes(canary))).toBe(false)
      expect(JSON.parse(journal)).toMatchObject({ v: 1, archive: { bytes: 900 }, length: archive.length })
    })
  )

  const journals = [
    ["is garbage", "{", "unknown-content", "is none"],
    ["is of a newer version", '{"v":2,"ranges":[]}', "newer-version", "newer version"],
    ["is a file of somebody else's", "my notes", "unknown-content", "is none"]
  ] as const

  it.scopedLive.each(journals)("that %s is not touched", ([, content, reason, words]) =>
    Effect.gen(function* () {
      const { directory, exports, run } = yield* withStorage()
      const journal = `${directory}/tasks.ndjson.journal`
      writeFileSync(journal, content)
      const error = yield* Effect.flip(run())
      expect(error).toMatchObject({ _tag: "FileError", path: journal, reason })
      expect(error.message).toContain(words)
      expect(error.message).toContain("restart: true")
      expect([textAt(journal), exports()]).toEqual([content, 0])
      yield* run({ restart: true })
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
    })
  )

  it.scopedLive("of another export is not touched", () =>
    Effect.gen(function* () {
      const { once, path, run, turns } = yield* withStorage()
      turns.push({ cut: 900 })
      yield* Effect.flip(once)
      const before = textAt(`${path}.journal`)
      for (const options of [{ stages: "all" }, { includeHistory: false }, { type: "issue" }] as const) {
        expect(yield* Effect.flip(run(options))).toMatchObject({
          _tag: "FileError",
          reason: "other-export"
        })
      }
      expect(textAt(`${path}.journal`)).toBe(before)
      expect(yield* run({ sendEmail: true })).toMatchObject({ resumed: true })
      expect(textAt(path)).toBe(text)
    })
  )
})

describe("a file that cannot be written", () => {
  it.scopedLive("since its directory is not there: before anything is asked", () =>
    Effect.gen(function* () {
      const { directory, exports, run } = yield* withStorage()
      const error = yield* Effect.flip(run({}, `${directory}/none/tasks.ndjson`))
      expect(error).toMatchObject({ _tag: "FileError", reason: "not-found" })
      expect(error.message).toContain("Make its directory first.")
      expect(exports()).toBe(0)
    })
  )

  it.scopedLive("since a directory lies there: the export is kept, and goes there when it can", () =>
    Effect.gen(function* () {
      const { asked, path, run } = yield* withStorage()
      mkdirSync(path)
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "FileError", path, reason: "other" })
      rmSync(path, { recursive: true })
      expect(yield* run()).toMatchObject({ resumed: true, rows: 40 })
      expect(textAt(path)).toBe(text)
      expect(asked).toHaveLength(1)
    })
  )

  // Root may write everywhere.
  it.scopedLive.skipIf(process.getuid?.() === 0)("since that is not allowed", () =>
    Effect.gen(function* () {
      const { directory, exports, run } = yield* withStorage()
      chmodSync(directory, 0o500)
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "FileError", reason: "not-allowed" })
      expect(exports()).toBe(0)
    })
  )

  it.scopedLive("while another run is at it, in whatever spelling", () =>
    Effect.gen(function* () {
      const { directory, path, run } = yield* withStorage()
      const [begun, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const onProgress = () => Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(go))
      const first = yield* Effect.fork(run({ onProgress }))
      yield* Deferred.await(begun)
      for (const spelling of [path, `${directory}/../${directory.split("/").at(-1)}/tasks.ndjson`]) {
        const error = yield* Effect.flip(run({}, spelling))
        expect(error).toMatchObject({ _tag: "FileError", reason: "in-use" })
      }
      yield* Deferred.succeed(go, undefined)
      expect(yield* Fiber.join(first)).toMatchObject({ rows: 40 })
      expect(yield* run()).toMatchObject({ rows: 40 })
    })
  )

  it.scopedLive("while another process is at it; one that has died is not waited for", () =>
    Effect.gen(function* () {
      const { directory, path, run } = yield* withStorage()
      writeFileSync(`${path}.lock`, `${process.ppid}`)
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "FileError", reason: "in-use" })
      for (const dead of ["4194304", "", "no number"]) {
        writeFileSync(`${path}.lock`, dead)
        expect(yield* run()).toMatchObject({ rows: 40 })
      }
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
    })
  )
})
