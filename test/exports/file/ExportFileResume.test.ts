// What becomes of an export to a file when its download breaks off, or the storage does what it should not.
import { copyFileSync, renameSync } from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Exports } from "effect-ango"
import { archiveOf } from "../../support/Archives.js"
import {
  archive,
  archiveWith,
  half,
  length,
  noSpace,
  other,
  otherText,
  projectId,
  text,
  withStorage
} from "../../support/ExportFiles.js"
import { bytesAt } from "../../support/Folder.js"
import { makeStorage, type Turn } from "../../support/Storage.js"

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
      expect(yield* Effect.flip(run({}, 2))).toMatchObject({
        _tag: "ArchiveError",
        reason: "truncated",
        offset: 310
      })
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
      expect(yield* Effect.flip(Effect.provide(failing, makeStorage({ archive }).client()))).toMatchObject({
        _tag: "FileError",
        reason: "no-space"
      })
      expect(yield* run()).toMatchObject({ resumed: true, rows: 400 })
      whole()
      expect(asked).toHaveLength(0)
    })
  )
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
      const { exports, logged, path, run, served, turns, whole } = yield* withStorage({ archive, ...turn })
      turns.push({ cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      const before = bytesAt(`${path}.part`).length
      expect(before).toBeGreaterThan(1000)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect([exports(), served()]).toEqual([1, bytes])
      expect(logged()).toBe(turn.isTold === false ? 0 : 1)
    })
  )

  const wrong: ReadonlyArray<readonly [string, Turn]> = [
    [
      "a part that begins one byte too late",
      { contentRange: `bytes ${half + 1}-${length - 1}/${length}`, isTold: false }
    ],
    [
      "a part that begins one byte too soon",
      { contentRange: `bytes ${half - 1}-${length - 1}/${length}`, isTold: false }
    ],
    ["a part that ends too soon", { contentRange: `bytes ${half}-${length - 2}/${length}`, isTold: false }],
    ["a part of a longer archive", { contentRange: `bytes ${half}-${length}/${length + 1}`, isTold: false }],
    ["a part of an archive of unknown length", { contentRange: `bytes ${half}-${length - 1}/*` }],
    ["no range at all", { contentRange: "" }],
    ["another version, in spite of the condition", { etag: '"other"' }]
  ]
  it.scopedLive.each(wrong)("that gives %s is asked for everything", ([, turn]) =>
    Effect.gen(function* () {
      const { asked, broken, exports, logged, run, turns, whole } = yield* withStorage()
      yield* broken()
      turns.push(turn)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole()
      expect([exports(), logged()]).toEqual([1, 1])
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
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "TransferError", reason: "length" })
      expect(bytesAt(`${path}.archive.part`).length).toBeLessThanOrEqual(length)
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
    })
  )

  it.scopedLive("that says 416 has given everything, if it says so of this length", () =>
    Effect.gen(function* () {
      const { asked, journal, logged, path, run, turns, whole } = yield* withStorage({
        archive,
        isTold: false
      })
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
      expect(logged()).toBe(2)
      whole()
    })
  )

  it.scopedLive("whose link has expired: a new export is asked for, and the journal says so", () =>
    Effect.gen(function* () {
      const { asked, broken, exports, journal, logged, run, turns, whole } = yield* withStorage({
        archive: other
      })
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
      expect(yield* broken()).toMatchObject({ _tag: "TransferError", reason: "link-expired" })
      expect(logged()).toBe(3)
    })
  )

  it.scopedLive("that has another archive behind the same link: rows that are others are written anew", () =>
    Effect.gen(function* () {
      const { broken, exports, logged, run, turns, whole } = yield* withStorage()
      yield* broken()
      for (let turn = 0; turn < 3; turn++) turns.push({ archive: other, etag: '"2"' })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      whole(otherText)
      expect([exports(), logged()]).toEqual([1, 3])
    })
  )

  it.scopedLive(
    "that breaks off before the other archive is known to be another: the two are never joined",
    () =>
      Effect.gen(function* () {
        const { asked, logged, run, turns, whole } = yield* withStorage({ archive: other, etag: '"2"' })
        turns.push({ archive, etag: '"1"', cut: half })
        yield* Effect.flip(run({ syncEvery: 1000 }, 1))
        turns.push({ ranges: false, cut: 20 })
        expect(yield* Effect.flip(run({}, 1))).toMatchObject({ _tag: "ConnectionFailed" })
        yield* run()
        whole(otherText)
        expect(asked.slice(0, 4).map(({ ifRange, range }) => [range, ifRange])).toEqual([
          [null, null],
          [`bytes=${half}-`, '"1"'],
          [null, null],
          [null, null]
        ])
        expect(logged()).toBe(4)
      })
  )

  it.scopedLive("that has another archive each time is given up", () =>
    Effect.gen(function* () {
      const { broken, logged, run, turns } = yield* withStorage()
      yield* broken()
      for (const note of ["3", "4", "5", "6", "7", "8"]) {
        turns.push({ archive: archiveWith(note), etag: `"${note}"`, cut: half })
      }
      expect(yield* Effect.flip(run({}, 6))).toMatchObject({ _tag: "TransferError", reason: "changed" })
      expect(logged()).toBe(5)
    })
  )

  const spoilt: ReadonlyArray<readonly [string, Uint8Array, object]> = [
    ["is corrupt", Buffer.from(archive).fill(0, 2000, 2010), { _tag: "ArchiveError" }],
    ["ends early, length and all", archive.subarray(0, half), { _tag: "ArchiveError", reason: "truncated" }],
    [
      "holds a last line that is cut",
      archiveOf([{ name: "a.ndjson", text: text.slice(0, -20) }]),
      { _tag: "ArchiveError", reason: "truncated-row" }
    ],
    ["is no archive", Buffer.from("<html>Bad gateway</html>"), { _tag: "ArchiveError", reason: "not-a-zip" }]
  ]
  it.scopedLive.each(spoilt)("whose archive %s: the next run asks for a new export", ([, bad, expected]) =>
    Effect.gen(function* () {
      const { exports, journal, logged, path, run, turns, whole } = yield* withStorage()
      turns.push({ archive: bad })
      expect(yield* Effect.flip(run())).toMatchObject(expected)
      expect([journal().link, bytesAt(`${path}.archive.part`).length]).toEqual([undefined, 0])
      expect(yield* run()).toMatchObject({ rows: 400 })
      whole()
      expect([exports(), logged()]).toEqual([2, 1])
    })
  )
})
