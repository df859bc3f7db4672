// Runs that resume from files of an earlier run that are complete, partial or modified; and full disks.
import {
  appendFileSync,
  copyFileSync,
  lstatSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Exports } from "effect-ango"
import { archive, half, length, noSpace, projectId, text, withStorage } from "../../support/ExportFiles.js"
import { bytesAt, folder, namesIn, textAt } from "../../support/Folder.js"

describe("a run after an interrupted one writes the same file", () => {
  const changes: ReadonlyArray<readonly [string, (path: string) => void, bytes: number]> = [
    [
      "the archive is longer than the journal says",
      (path) => appendFileSync(`${path}.archive.part`, "x".repeat(99)),
      length
    ],
    [
      "the rows are longer than the journal says",
      (path) => appendFileSync(`${path}.part`, '{"assetId":'),
      length
    ],
    ["the archive is shorter", (path) => truncateSync(`${path}.archive.part`, 100), half + length],
    ["the archive is missing", (path) => rmSync(`${path}.archive.part`), half + length],
    ["the archive was modified", (path) => modify(`${path}.archive.part`), half + length],
    ["the rows are shorter", (path) => truncateSync(`${path}.part`, 100), length],
    ["the rows are missing", (path) => rmSync(`${path}.part`), length],
    ["the rows were modified", (path) => modify(`${path}.part`), length],
    ["a new journal was not renamed", (path) => writeFileSync(`${path}.journal.new`, '{"v":1'), length]
  ]
  const modify = (path: string) => {
    const bytes = bytesAt(path)
    bytes[50] = (bytes[50] ?? 0) ^ 1
    writeFileSync(path, bytes)
  }

  it.scopedLive.each(changes)("when %s", ([name, change, bytes]) =>
    Effect.gen(function* () {
      const { runInterrupted, directory, exports, logged, path, run, served } = yield* withStorage()
      yield* runInterrupted()
      change(path)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(textAt(path) === text).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
      expect([name, exports(), served()]).toEqual([name, 1, bytes])
      expect(logged()).toBe(/shorter|missing|modified/.test(name) ? 1 : 0)
    })
  )

  it.scopedLive("and overwrites partial files without a journal", () =>
    Effect.gen(function* () {
      const { path, run, expectComplete } = yield* withStorage()
      writeFileSync(`${path}.part`, "x".repeat(50_000))
      writeFileSync(`${path}.archive.part`, "y".repeat(50_000))
      yield* run()
      expectComplete()
    })
  )

  it.scopedLive("and writes the rows again, from the same archive, under another row policy", () =>
    Effect.gen(function* () {
      const { asked, runInterrupted, run, expectComplete } = yield* withStorage()
      yield* runInterrupted()
      yield* run({ onRowError: "skip" })
      expectComplete()
      expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${half}-`])
    })
  )

  it.scopedLive("from the same archive when the output changes from rows to the archive", () =>
    Effect.gen(function* () {
      const { runInterrupted, directory, path, run, served } = yield* withStorage()
      yield* runInterrupted()
      yield* run({ output: "archive" })
      expect(bytesAt(path).equals(archive)).toBe(true)
      expect([namesIn(directory), served()]).toEqual([["tasks.ndjson"], length])
    })
  )
})

describe("a link that is rejected with another status than an expired one", () => {
  it.scopedLive("leads to a new export if it is of an earlier run or has worked before", () =>
    Effect.gen(function* () {
      const { runInterrupted, exports, logged, run, turns, expectComplete } = yield* withStorage()
      yield* runInterrupted()
      turns.push({ status: 400 }, { cut: half }, { status: 401 })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete()
      expect([exports(), logged()]).toEqual([3, 2])
    })
  )

  it.scopedLive("fails the run if it is new, and is not used by the next run", () =>
    Effect.gen(function* () {
      const { directory, exports, run, turns, expectComplete } = yield* withStorage()
      turns.push({ status: 400 })
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "TransferError", reason: "status" })
      expect([exports(), namesIn(directory)]).toEqual([1, []])
      expect(yield* run()).toMatchObject({ rows: 400, resumed: false })
      expectComplete()
      expect(exports()).toBe(2)
    })
  )
})

describe("existing files at the paths of an export", () => {
  it.scopedLive("are not written to when they are symbolic links", () =>
    Effect.gen(function* () {
      const { runInterrupted, directory, path, run } = yield* withStorage()
      const victim = `${yield* folder}/victim`
      writeFileSync(victim, "precious")
      const ends = ["part", "archive.part", "journal.new"]
      for (const end of ends) symlinkSync(victim, `${path}.${end}`)
      yield* run()
      expect([textAt(victim), namesIn(directory), lstatSync(path).isFile()]).toEqual([
        "precious",
        ["tasks.ndjson"],
        true
      ])
      writeFileSync(`${path}.journal.new`, "", { mode: 0o666 })
      yield* runInterrupted()
      expect(statSync(`${path}.journal`).mode & 0o777).toBe(0o600)
    })
  )

  it.scopedLive("pass their mode on to the new file and to its partial files", () =>
    Effect.gen(function* () {
      const { runInterrupted, path, run } = yield* withStorage()
      writeFileSync(path, "old", { mode: 0o600 })
      yield* runInterrupted()
      const modeOf = (end: string) => statSync(`${path}${end}`).mode & 0o777
      expect([modeOf(".part"), modeOf(".archive.part")]).toEqual([0o600, 0o600])
      yield* run()
      expect(modeOf("")).toBe(0o600)
    })
  )
})

describe("a run that was killed before it deleted its journal", () => {
  /** The files as they are before the journal is deleted. */
  const ended = Effect.gen(function* () {
    const test = yield* withStorage()
    const { path, run } = test
    const copy = `${yield* folder}/journal`
    const copying = Effect.map(FileSystem.FileSystem, (fs) => ({
      ...fs,
      rename: (from: string, to: string) =>
        Effect.zipRight(
          to === path ? Effect.sync(() => copyFileSync(`${path}.journal`, copy)) : Effect.void,
          fs.rename(from, to)
        )
    }))
    yield* Effect.flatMap(Exports, (exports) => exports.toFile(projectId, path)).pipe(
      Effect.provideServiceEffect(FileSystem.FileSystem, copying),
      Effect.provide(test.client())
    )
    copyFileSync(copy, `${path}.journal`)
    return { ...test, run }
  })

  it.scopedLive("is finished without any request when the file has its name", () =>
    Effect.gen(function* () {
      const { asked, exports, run, expectComplete } = yield* ended
      expect(yield* run()).toMatchObject({ rows: 400, bytes: text.length, resumed: true })
      expectComplete()
      expect([exports(), asked.length]).toEqual([1, 1])
    })
  )

  it.scopedLive("is finished without any request when the file does not have its name yet", () =>
    Effect.gen(function* () {
      const { asked, path, run, expectComplete } = yield* ended
      renameSync(path, `${path}.part`)
      writeFileSync(path, "old")
      writeFileSync(`${path}.archive.part`, archive)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete()
      expect(asked).toHaveLength(1)
    })
  )

  it.scopedLive("is repeated with the same link when the file was modified since", () =>
    Effect.gen(function* () {
      const { exports, logged, path, run, expectComplete } = yield* ended
      appendFileSync(path, "more")
      expect(yield* run()).toMatchObject({ rows: 400 })
      expectComplete()
      expect([exports(), logged()]).toEqual([1, 2])
    })
  )
})

describe("a full disk", () => {
  it.scopedLive.each([["archive.part"], ["part"], ["journal.new"]])(
    "while writing %s is a typed error, and the next run resumes",
    ([end]) =>
      Effect.gen(function* () {
        const { client, path, run, served, expectComplete } = yield* withStorage()
        let free = 12_000
        const full = Effect.map(FileSystem.FileSystem, (fs) => ({
          ...fs,
          open: (name: string, options?: FileSystem.OpenFileOptions) =>
            Effect.map(fs.open(name, options), (file) =>
              name === `${path}.${end}`
                ? Object.create(file, {
                    writeAll: {
                      value: (bytes: Uint8Array) => {
                        free -= bytes.length
                        return free < 0 ? Effect.fail(noSpace(name)) : file.writeAll(bytes)
                      }
                    }
                  })
                : file
            )
        }))
        if (end === "journal.new") free = 1000
        const error = yield* Effect.flatMap(Exports, (exports) =>
          exports.toFile(projectId, path, { syncEvery: 1000 })
        ).pipe(
          Effect.provideServiceEffect(FileSystem.FileSystem, full),
          Effect.provide(client()),
          Effect.flip
        )
        expect(error).toMatchObject({
          _tag: "FileError",
          path: `${path}.${end}`.replace(".new", ""),
          reason: "no-space"
        })
        expect(error.message).toContain("Free some disk space")
        expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
        expectComplete()
        expect(served()).toBeLessThan(length + 10_000)
      })
  )
})
