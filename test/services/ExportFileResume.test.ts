// What becomes of an export to a file when the storage, the disk, or what an earlier run left is not as it should be.
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type ExportFileOptions, Exports } from "effect-ango"
import { archiveOf } from "../support/Archives.js"
import { bytesAt, folder, namesIn, textAt } from "../support/Folder.js"
import { makeStorage, type Turn } from "../support/Storage.js"

const projectId = "65aa0000000000000000a001"

const textOf = (note: string) =>
  Array.from(
    { length: 400 },
    (_, index) => `{"assetId":"a${index}","externalId":"${note}","task":{"taskId":"t${index}"}}\n`
  ).join("")
const archiveWith = (note: string) => archiveOf([{ name: "a.ndjson", text: textOf(note), method: 0 }])
const [text, archive] = [textOf("one"), archiveWith("one")]
const [otherText, other] = [textOf("two"), archiveWith("two")]
const { length } = archive
const half = Math.floor(length / 2)

const withStorage = (usual: Turn = { archive }) =>
  Effect.gen(function* () {
    const storage = makeStorage(usual)
    const directory = yield* folder
    const path = `${directory}/tasks.ndjson`
    const run = (options: ExportFileOptions = {}, attempts?: number) =>
      Effect.flatMap(Exports, (exports) => exports.toFile(projectId, path, options)).pipe(
        Effect.provide(storage.client(attempts))
      )
    /** Runs once, and breaks off after so many bytes; what was written until then is safe. */
    const broken = (cut = half) =>
      Effect.suspend(() => {
        storage.turns.push({ cut })
        return Effect.flip(run({ syncEvery: 1000 }, 1))
      })
    const journal = () => JSON.parse(textAt(`${path}.journal`))
    const whole = (expected = text) => {
      expect(textAt(path) === expected).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
    }
    return { ...storage, directory, path, run, broken, journal, whole }
  })

describe("a download that breaks off", () => {
  it.scopedLive("is gone on with in the same run, from the next byte on, of the same archive", () =>
    Effect.gen(function* () {
      const { asked, run, served, turns, whole } = yield* withStorage()
      turns.push({ cut: 5000 }, { cut: 7000 }, { end: 100 })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: false })
      whole()
      expect(asked.map(({ range }) => range)).toEqual([
        null,
        ...[5000, 12_000, 12_100].map((from) => `bytes=${from}-`)
      ])
      expect(new Set(asked.slice(1).map(({ ifRange }) => ifRange))).toEqual(
        new Set([
          `"${archive.toString().length === 0 ? "" : Buffer.from(archive).toString("base64").length}"`
        ])
      )
      expect(served()).toBe(length)
    })
  )

  it.scopedLive("again and again, is given up with the typed error, and the journal is kept", () =>
    Effect.gen(function* () {
      const { asked, journal, run, turns, whole } = yield* withStorage()
      turns.push(...[300, 0, 0, 0].map((cut) => ({ cut })))
      const error = yield* Effect.flip(run({}, 4))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
      expect(asked).toHaveLength(4)
      expect(journal().archive.bytes).toBe(300)
      turns.push({ end: 10 }, { end: 0 })
      expect(yield* Effect.flip(run({}, 2))).toMatchObject({ _tag: "TruncatedExport", offset: 310 })
      expect(yield* run()).toMatchObject({ resumed: true })
      whole()
    })
  )

  it.scopedLive("is gone on with in the next run, which writes only what is not written", () =>
    Effect.gen(function* () {
      const { asked, broken, exports, journal, path, run, served, whole } = yield* withStorage()
      expect(yield* broken()).toMatchObject({ _tag: "ConnectionFailed" })
      expect(journal().archive.bytes).toBe(half)
      expect(journal().output.rows).toBeGreaterThan(150)
      expect(bytesAt(`${path}.part`).length).toBe(journal().output.bytes)
      expect(yield* run()).toMatchObject({ rows: 400, bytes: text.length, resumed: true })
      whole()
      expect([exports(), asked.at(-1)?.range, served()]).toEqual([1, `bytes=${half}-`, length])
    })
  )

  it.scopedLive("is kept when everything is here, and nothing more is asked for", () =>
    Effect.gen(function* () {
      const { asked, path, run, whole } = yield* withStorage()
      const full = FileSystem.FileSystem.pipe(
        Effect.map((fs) => ({
          ...fs,
          rename: (from: string, to: string) =>
            to === path ? Effect.fail(noSpace(from)) : fs.rename(from, to)
        }))
      )
      const failing = Effect.provideServiceEffect(
        Effect.flatMap(Exports, (exports) => exports.toFile(projectId, path)),
        FileSystem.FileSystem,
        full
      )
      expect(
        yield* Effect.flip(Effect.provide(failing, (yield* withClient(archive)).client()))
      ).toMatchObject({
        _tag: "FileUnavailable",
        reason: "no-space"
      })
      expect(yield* run()).toMatchObject({ resumed: true, rows: 400 })
      whole()
      expect(asked).toHaveLength(0)
    })
  )
})

const withClient = (bytes: Uint8Array) => Effect.sync(() => makeStorage({ archive: bytes }))

const noSpace = (path: string) =>
  new PlatformError.SystemError({
    module: "FileSystem",
    method: "write",
    reason: "Unknown",
    pathOrDescriptor: path,
    cause: Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })
  })

describe("a storage", () => {
  const storages: ReadonlyArray<readonly [string, Turn, number]> = [
    ["that gives no parts", { ranges: false }, half + length],
    ["that names no version", { etag: null }, half + length],
    ["whose version is weak", { etag: 'W/"1"' }, half + length],
    ["that tells no length", { isTold: false }, length]
  ]
  it.scopedLive.each(storages)("%s: what is here is held to what comes", ([, turn, bytes]) =>
    Effect.gen(function* () {
      const { exports, path, run, served, turns, whole } = yield* withStorage({ archive, ...turn })
      turns.push({ cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      const before = bytesAt(`${path}.part`).length
      expect(before).toBeGreaterThan(1000)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect([exports(), served()]).toEqual([1, bytes])
    })
  )

  const wrong: ReadonlyArray<readonly [string, Turn]> = [
    ["a part that begins one byte too late", { contentRange: `bytes ${half + 1}-${length - 1}/${length}` }],
    ["a part that begins one byte too soon", { contentRange: `bytes ${half - 1}-${length - 1}/${length}` }],
    ["a part that ends too soon", { contentRange: `bytes ${half}-${length - 2}/${length}` }],
    ["a part of a longer archive", { contentRange: `bytes ${half}-${length}/${length + 1}` }],
    ["a part of an archive of unknown length", { contentRange: `bytes ${half}-${length - 1}/*` }],
    ["no range at all", { contentRange: "" }],
    ["another version, in spite of the condition", { etag: '"other"' }]
  ]
  it.scopedLive.each(wrong)("that gives %s is asked for everything", ([, turn]) =>
    Effect.gen(function* () {
      const { asked, broken, exports, run, turns, whole } = yield* withStorage()
      yield* broken()
      turns.push(turn)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect(exports()).toBe(1)
      expect(asked.slice(1).map(({ range }) => range)).toEqual(
        "etag" in turn ? [`bytes=${half}-`] : [`bytes=${half}-`, null]
      )
    })
  )

  it.scopedLive("that gives more than it says is not believed", () =>
    Effect.gen(function* () {
      const { broken, path, run, turns, whole } = yield* withStorage()
      yield* broken()
      turns.push({ more: 1, isTold: false })
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "DownloadRefused", reason: "length" })
      expect(bytesAt(`${path}.archive.part`).length).toBeLessThanOrEqual(length)
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
    })
  )

  it.scopedLive("that says 416 has given everything, if it says so of this length", () =>
    Effect.gen(function* () {
      const { asked, journal, path, run, turns, whole } = yield* withStorage({ archive, isTold: false })
      // All bytes, and then silence about whether that was all.
      turns.push({ cut: length })
      yield* Effect.flip(run({}, 1))
      expect([journal().archive.bytes, journal().length]).toEqual([length, undefined])
      copyFileSync(`${path}.journal`, `${path}.kept`)
      copyFileSync(`${path}.archive.part`, `${path}.kept.part`)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${length}-`])
      renameSync(`${path}.kept`, `${path}.journal`)
      renameSync(`${path}.kept.part`, `${path}.archive.part`)
      turns.push({ contentRange: `bytes */${length + 1}` })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(asked.slice(2).map(({ range }) => range)).toEqual([`bytes=${length}-`, null])
      whole()
    })
  )

  it.scopedLive("whose link has expired: a new export is asked for, and the journal says so", () =>
    Effect.gen(function* () {
      const { asked, broken, exports, journal, run, turns, whole } = yield* withStorage({ archive: other })
      turns.push({ archive, cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      turns.push({ status: 403 }, { cut: 1000 })
      expect(yield* Effect.flip(run({}, 1))).toMatchObject({ _tag: "ConnectionFailed" })
      expect(journal().history.map(({ what }: { readonly what: string }) => what)).toEqual([
        "The link has expired: a new export is asked for."
      ])
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole(otherText)
      expect([exports(), asked.map(({ link }) => link.slice(0, 6))]).toEqual([
        2,
        ["/1.zip", "/1.zip", "/2.zip", "/2.zip"]
      ])
      turns.push(...[403, 404, 410].map((status) => ({ status })))
      expect(yield* broken()).toMatchObject({ _tag: "LinkExpired" })
    })
  )

  it.scopedLive("that has another archive behind the same link: rows that are others are written anew", () =>
    Effect.gen(function* () {
      const { broken, exports, run, turns, whole } = yield* withStorage()
      yield* broken()
      for (let turn = 0; turn < 3; turn++) turns.push({ archive: other, etag: '"2"' })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole(otherText)
      expect(exports()).toBe(1)
    })
  )

  it.scopedLive(
    "that breaks off before the other archive is known to be another: the two are never joined",
    () =>
      Effect.gen(function* () {
        const { asked, run, turns, whole } = yield* withStorage({ archive: other, etag: '"2"' })
        turns.push({ archive, etag: '"1"', cut: half })
        yield* Effect.flip(run({ syncEvery: 1000 }, 1))
        turns.push({ ranges: false, cut: 20 })
        expect(yield* Effect.flip(run({}, 1))).toMatchObject({ _tag: "ConnectionFailed" })
        yield* run()
        whole(otherText)
        expect(asked.map(({ ifRange, range }) => [range, ifRange])).toEqual([
          [null, null],
          [`bytes=${half}-`, '"1"'],
          [null, null],
          [null, null]
        ])
      })
  )

  it.scopedLive("that has another archive each time is given up", () =>
    Effect.gen(function* () {
      const { broken, run, turns } = yield* withStorage()
      yield* broken()
      for (const note of ["3", "4", "5", "6", "7", "8"]) {
        turns.push({ archive: archiveWith(note), etag: `"${note}"`, cut: half })
      }
      expect(yield* Effect.flip(run({}, 6))).toMatchObject({ _tag: "DownloadRefused", reason: "changed" })
    })
  )

  const spoilt: ReadonlyArray<readonly [string, Uint8Array, object]> = [
    ["is corrupt", Buffer.from(archive).fill(0, 2000, 2010), { _tag: "CorruptArchive" }],
    ["ends early, length and all", archive.subarray(0, half), { _tag: "TruncatedExport", where: "archive" }],
    [
      "holds a last line that is cut",
      archiveOf([{ name: "a.ndjson", text: text.slice(0, -20) }]),
      { _tag: "TruncatedExport", where: "row" }
    ],
    [
      "is no archive",
      Buffer.from("<html>Bad gateway</html>"),
      { _tag: "CorruptArchive", reason: "not-a-zip" }
    ]
  ]
  it.scopedLive.each(spoilt)("whose archive %s: the next run asks for a new export", ([, bad, expected]) =>
    Effect.gen(function* () {
      const { exports, journal, path, run, turns, whole } = yield* withStorage()
      turns.push({ archive: bad })
      expect(yield* Effect.flip(run())).toMatchObject(expected)
      expect([journal().link, bytesAt(`${path}.archive.part`).length]).toEqual([undefined, 0])
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
      expect(exports()).toBe(2)
    })
  )
})

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
      const { broken, directory, exports, path, run, served } = yield* withStorage()
      yield* broken()
      change(path)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(textAt(path) === text).toBe(true)
      expect(namesIn(directory)).toEqual(["tasks.ndjson"])
      expect([name, exports(), served()]).toEqual([name, 1, bytes])
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
      yield* run({ rows: "skip" })
      whole()
      expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${half}-`])
    })
  )

  it.scopedLive("an archive of rows that is now wanted itself", () =>
    Effect.gen(function* () {
      const { broken, directory, path, run, served } = yield* withStorage()
      yield* broken()
      yield* run({ as: "archive" })
      expect(bytesAt(path).equals(archive)).toBe(true)
      expect([namesIn(directory), served()]).toEqual([["tasks.ndjson"], length])
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
      const { exports, path, run, whole } = yield* ended
      appendFileSync(path, "more")
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
      expect(exports()).toBe(1)
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
          _tag: "FileUnavailable",
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
