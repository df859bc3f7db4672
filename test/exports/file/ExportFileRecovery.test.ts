// What a run makes of what an earlier one left: whole, in part, or spoilt; and of a disk that is full.
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

describe("what an earlier run left", () => {
  const changes: ReadonlyArray<readonly [string, (path: string) => void, bytes: number]> = [
    [
      "an archive that is longer than the journal says",
      (path) => appendFileSync(`${path}.archive.part`, "x".repeat(99)),
      length
    ],
    [
      "rows that are longer than the journal says",
      (path) => appendFileSync(`${path}.part`, '{"assetId":'),
      length
    ],
    ["an archive that is shorter", (path) => truncateSync(`${path}.archive.part`, 100), half + length],
    ["an archive that is gone", (path) => rmSync(`${path}.archive.part`), half + length],
    ["an archive that was tampered with", (path) => tamper(`${path}.archive.part`), half + length],
    ["rows that are shorter", (path) => truncateSync(`${path}.part`, 100), length],
    ["rows that are gone", (path) => rmSync(`${path}.part`), length],
    ["rows that were tampered with", (path) => tamper(`${path}.part`), length],
    [
      "a journal that was not put into its place",
      (path) => writeFileSync(`${path}.journal.new`, '{"v":1'),
      length
    ]
  ]
  const tamper = (path: string) => {
    const bytes = bytesAt(path)
    bytes[50] = (bytes[50] ?? 0) ^ 1
    writeFileSync(path, bytes)
  }

  it.scopedLive.each(changes)("%s: the file is the same", ([name, change, bytes]) =>
    Effect.gen(function* () {
      const { broken, directory, exports, logged, path, run, served } = yield* withStorage()
      yield* broken()
      change(path)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(textAt(path) === text).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
      expect([name, exports(), served()]).toEqual([name, 1, bytes])
      expect(logged()).toBe(/shorter|gone|tampered/.test(name) ? 1 : 0)
    })
  )

  it.scopedLive("files without a journal: they are nobody's, and written over", () =>
    Effect.gen(function* () {
      const { path, run, whole } = yield* withStorage()
      writeFileSync(`${path}.part`, "x".repeat(50_000))
      writeFileSync(`${path}.archive.part`, "y".repeat(50_000))
      yield* run()
      whole()
    })
  )

  it.scopedLive("the rows of another row policy: they are written anew, of the same archive", () =>
    Effect.gen(function* () {
      const { asked, broken, run, whole } = yield* withStorage()
      yield* broken()
      yield* run({ onRowError: "skip" })
      whole()
      expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${half}-`])
    })
  )

  it.scopedLive("an archive of rows that is now wanted itself", () =>
    Effect.gen(function* () {
      const { broken, directory, path, run, served } = yield* withStorage()
      yield* broken()
      yield* run({ output: "archive" })
      expect(bytesAt(path).equals(archive)).toBe(true)
      expect([namesIn(directory), served()]).toEqual([["tasks.ndjson"], length])
    })
  )
})

describe("a link that is refused in another way than one that has expired", () => {
  it.scopedLive("and is of an earlier run, or was good for a part: a new export is asked for", () =>
    Effect.gen(function* () {
      const { broken, exports, logged, run, turns, whole } = yield* withStorage()
      yield* broken()
      turns.push({ status: 400 }, { cut: half }, { status: 401 })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect([exports(), logged()]).toEqual([3, 2])
    })
  )

  it.scopedLive("and is fresh fails, and is not asked again by the next run", () =>
    Effect.gen(function* () {
      const { directory, exports, run, turns, whole } = yield* withStorage()
      turns.push({ status: 400 })
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "TransferError", reason: "status" })
      expect([exports(), namesIn(directory)]).toEqual([1, []])
      expect(yield* run()).toMatchObject({ rows: 400, resumed: false })
      whole()
      expect(exports()).toBe(2)
    })
  )
})

describe("what others have put where our files go", () => {
  it.scopedLive("is not written into, though it be a link", () =>
    Effect.gen(function* () {
      const { broken, directory, path, run } = yield* withStorage()
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
      yield* broken()
      expect(statSync(`${path}.journal`).mode & 0o777).toBe(0o600)
    })
  )

  it.scopedLive("may be read by those who might read it before, while it is made too", () =>
    Effect.gen(function* () {
      const { broken, path, run } = yield* withStorage()
      writeFileSync(path, "old", { mode: 0o600 })
      yield* broken()
      const modeOf = (end: string) => statSync(`${path}${end}`).mode & 0o777
      expect([modeOf(".part"), modeOf(".archive.part")]).toEqual([0o600, 0o600])
      yield* run()
      expect(modeOf("")).toBe(0o600)
    })
  )
})

describe("a run that was killed at its very end", () => {
  /** The files as they are before the journal goes. */
  const ended = Effect.gen(function* () {
    const test = yield* withStorage()
    const { path, run } = test
    const kept = `${yield* folder}/journal`
    const keeping = Effect.map(FileSystem.FileSystem, (fs) => ({
      ...fs,
      rename: (from: string, to: string) =>
        Effect.zipRight(
          to === path ? Effect.sync(() => copyFileSync(`${path}.journal`, kept)) : Effect.void,
          fs.rename(from, to)
        )
    }))
    yield* Effect.flatMap(Exports, (exports) => exports.toFile(projectId, path)).pipe(
      Effect.provideServiceEffect(FileSystem.FileSystem, keeping),
      Effect.provide(test.client())
    )
    copyFileSync(kept, `${path}.journal`)
    return { ...test, run }
  })

  it.scopedLive("after the file had its name: the file is shown to be whole, and nothing is asked", () =>
    Effect.gen(function* () {
      const { asked, exports, run, whole } = yield* ended
      expect(yield* run()).toMatchObject({ rows: 400, bytes: text.length, resumed: true })
      whole()
      expect([exports(), asked.length]).toEqual([1, 1])
    })
  )

  it.scopedLive("before the file had its name", () =>
    Effect.gen(function* () {
      const { asked, path, run, whole } = yield* ended
      renameSync(path, `${path}.part`)
      writeFileSync(path, "old")
      writeFileSync(`${path}.archive.part`, archive)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect(asked).toHaveLength(1)
    })
  )

  it.scopedLive("and whose file was changed since: it is exported by the same link", () =>
    Effect.gen(function* () {
      const { exports, logged, path, run, whole } = yield* ended
      appendFileSync(path, "more")
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
      expect([exports(), logged()]).toEqual([1, 2])
    })
  )
})

describe("a disk that is full", () => {
  it.scopedLive.each([["archive.part"], ["part"], ["journal.new"]])(
    "%s: a typed error, and nothing is lost",
    ([end]) =>
      Effect.gen(function* () {
        const { client, path, run, served, whole } = yield* withStorage()
        let left = 12_000
        const full = Effect.map(FileSystem.FileSystem, (fs) => ({
          ...fs,
          open: (name: string, options?: FileSystem.OpenFileOptions) =>
            Effect.map(fs.open(name, options), (file) =>
              name === `${path}.${end}`
                ? Object.create(file, {
                    writeAll: {
                      value: (bytes: Uint8Array) => {
                        left -= bytes.length
                        return left < 0 ? Effect.fail(noSpace(name)) : file.writeAll(bytes)
                      }
                    }
                  })
                : file
            )
        }))
        if (end === "journal.new") left = 1000
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
        expect(error.message).toContain("Make room for it")
        expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
        whole()
        expect(served()).toBeLessThan(length + 10_000)
      })
  )
})
