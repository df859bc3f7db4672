// Exports to a file whose download breaks off, or whose storage misbehaves.
import { copyFileSync, renameSync, rmSync } from "node:fs"
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
  it.scopedLive("is resumed at the next byte of the same archive, in the same run", () =>
    Effect.gen(function* () {
      const { asked, run, served, turns, expectComplete } = yield* withStorage()
      turns.push({ cut: 5000 }, { cut: 7000 }, { end: 100 })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: false })
      expectComplete()
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

  it.scopedLive("on each attempt fails with a typed error and keeps the journal", () =>
    Effect.gen(function* () {
      const { asked, journal, run, turns, expectComplete } = yield* withStorage()
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
      expectComplete()
    })
  )

  it.scopedLive("is resumed in the next run, which appends only missing rows", () =>
    Effect.gen(function* () {
      const { asked, runInterrupted, exports, journal, path, run, served, expectComplete } =
        yield* withStorage()
      expect(yield* runInterrupted()).toMatchObject({ _tag: "ConnectionFailed" })
      expect(journal().archive.bytes).toBe(half)
      expect(journal().output.rows).toBeGreaterThan(150)
      expect(bytesAt(`${path}.part`).length).toBe(journal().output.bytes)
      expect(yield* run()).toMatchObject({ rows: 400, bytes: text.length, resumed: true })
      expectComplete()
      expect([exports(), asked.at(-1)?.range, served()]).toEqual([1, `bytes=${half}-`, length])
    })
  )

  it.scopedLive("needs no request when all bytes are on disk", () =>
    Effect.gen(function* () {
      const { asked, path, run, expectComplete } = yield* withStorage()
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
      expectComplete()
      expect(asked).toHaveLength(0)
    })
  )
})

describe("a storage", () => {
  const storages: ReadonlyArray<readonly [string, Turn, number]> = [
    ["without ranges", { ranges: false }, half + length],
    ["without an ETag", { etag: null }, half + length],
    ["with a weak ETag", { etag: 'W/"1"' }, half + length],
    ["that declares no length", { isTold: false }, length]
  ]
  it.scopedLive.each(storages)("%s: the bytes on disk are compared with the download", ([, turn, bytes]) =>
    Effect.gen(function* () {
      const { exports, logged, path, run, served, turns, expectComplete } = yield* withStorage({
        archive,
        ...turn
      })
      turns.push({ cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      const before = bytesAt(`${path}.part`).length
      expect(before).toBeGreaterThan(1000)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete()
      expect([exports(), served()]).toEqual([1, bytes])
      expect(logged()).toBe(turn.isTold === false ? 0 : 1)
    })
  )

  const wrong: ReadonlyArray<readonly [string, Turn]> = [
    [
      "a range that begins one byte too late",
      { contentRange: `bytes ${half + 1}-${length - 1}/${length}`, isTold: false }
    ],
    [
      "a range that begins one byte too early",
      { contentRange: `bytes ${half - 1}-${length - 1}/${length}`, isTold: false }
    ],
    ["a range that ends too early", { contentRange: `bytes ${half}-${length - 2}/${length}`, isTold: false }],
    ["a range of a longer archive", { contentRange: `bytes ${half}-${length}/${length + 1}`, isTold: false }],
    ["a range of an archive of unknown length", { contentRange: `bytes ${half}-${length - 1}/*` }],
    ["no content range", { contentRange: "" }],
    ["another ETag in spite of If-Range", { etag: '"other"' }]
  ]
  it.scopedLive.each(wrong)("that returns %s is asked for the whole archive", ([, turn]) =>
    Effect.gen(function* () {
      const { asked, runInterrupted, exports, logged, run, turns, expectComplete } = yield* withStorage()
      yield* runInterrupted()
      turns.push(turn)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete()
      expect([exports(), logged()]).toEqual([1, 1])
      expect(asked.slice(1).map(({ range }) => range)).toEqual(
        "etag" in turn ? [`bytes=${half}-`] : [`bytes=${half}-`, null]
      )
    })
  )

  it.scopedLive("that sends more bytes than it declares fails the run", () =>
    Effect.gen(function* () {
      const { runInterrupted, path, run, turns, expectComplete } = yield* withStorage()
      yield* runInterrupted()
      turns.push({ more: 1, isTold: false })
      expect(yield* Effect.flip(run())).toMatchObject({ _tag: "TransferError", reason: "length" })
      expect(bytesAt(`${path}.archive.part`).length).toBeLessThanOrEqual(length)
      expect(yield* run()).toMatchObject({ rows: 400 })
      expectComplete()
    })
  )

  it.scopedLive("that responds with 416 has sent everything, if it names the same length", () =>
    Effect.gen(function* () {
      const { asked, journal, logged, path, run, turns, expectComplete } = yield* withStorage({
        archive,
        isTold: false
      })
      // All bytes arrive, but the connection breaks before the end of the body.
      turns.push({ cut: length })
      yield* Effect.flip(run({}, 1))
      expect([journal().archive.bytes, journal().length]).toEqual([length, undefined])
      copyFileSync(`${path}.journal`, `${path}.copy`)
      copyFileSync(`${path}.archive.part`, `${path}.copy.part`)
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${length}-`])
      renameSync(`${path}.copy`, `${path}.journal`)
      renameSync(`${path}.copy.part`, `${path}.archive.part`)
      turns.push({ contentRange: `bytes */${length + 1}` })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expect(asked.slice(2).map(({ range }) => range)).toEqual([`bytes=${length}-`, null])
      expect(logged()).toBe(2)
      expectComplete()
    })
  )

  it.scopedLive("whose link has expired: a new export is requested, and the journal says so", () =>
    Effect.gen(function* () {
      const { asked, runInterrupted, exports, journal, logged, run, turns, expectComplete } =
        yield* withStorage({
          archive: other
        })
      turns.push({ archive, cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      turns.push({ status: 403 }, { cut: 1000 })
      expect(yield* Effect.flip(run({}, 1))).toMatchObject({ _tag: "ConnectionFailed" })
      expect(journal().history.map(({ what }: { readonly what: string }) => what)).toEqual([
        "The link has expired. A new export is requested."
      ])
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete(otherText)
      expect([exports(), asked.map(({ link }) => link.slice(0, 6))]).toEqual([
        2,
        ["/1.zip", "/1.zip", "/2.zip", "/2.zip"]
      ])
      turns.push(...[403, 404, 410].map((status) => ({ status })))
      expect(yield* runInterrupted()).toMatchObject({ _tag: "TransferError", reason: "link-expired" })
      expect(logged()).toBe(3)
    })
  )

  it.scopedLive(
    "with another archive behind the same link: a new export is requested, and its rows are written",
    () =>
      Effect.gen(function* () {
        const { runInterrupted, exports, logged, run, turns, expectComplete } = yield* withStorage()
        yield* runInterrupted()
        for (let turn = 0; turn < 3; turn++) turns.push({ archive: other, etag: '"2"' })
        expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
        expectComplete(otherText)
        expect([exports(), logged()]).toEqual([2, 2])
      })
  )

  it.scopedLive("with another archive behind the link of a lost part: a new export is requested", () =>
    Effect.gen(function* () {
      const { runInterrupted, asked, exports, path, run, turns, expectComplete } = yield* withStorage()
      yield* runInterrupted()
      rmSync(`${path}.archive.part`)
      turns.push({ archive: other, etag: '"2"' })
      expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
      expectComplete()
      expect([exports(), asked.map(({ link }) => link.slice(0, 6))]).toEqual([
        2,
        ["/1.zip", "/1.zip", "/2.zip"]
      ])
    })
  )

  it.scopedLive(
    "that never answered in an earlier run: its link is not used, since nothing can verify it",
    () =>
      Effect.gen(function* () {
        const { asked, exports, journal, run, turns, expectComplete } = yield* withStorage()
        turns.push({ status: 503 })
        yield* Effect.flip(run({}, 1))
        expect(journal().link).toContain("/1.zip")
        expect(yield* run()).toMatchObject({ rows: 400, resumed: true })
        expectComplete()
        expect([exports(), asked.map(({ link }) => link.slice(0, 6))]).toEqual([2, ["/1.zip", "/2.zip"]])
      })
  )

  it.scopedLive("that breaks off before the archives can be told apart: the two are never joined", () =>
    Effect.gen(function* () {
      const { asked, logged, run, turns, expectComplete } = yield* withStorage({
        archive: other,
        etag: '"2"'
      })
      turns.push({ archive, etag: '"1"', cut: half })
      yield* Effect.flip(run({ syncEvery: 1000 }, 1))
      turns.push({ ranges: false, cut: 20 })
      expect(yield* Effect.flip(run({}, 1))).toMatchObject({ _tag: "ConnectionFailed" })
      yield* run()
      expectComplete(otherText)
      expect(asked.slice(0, 4).map(({ ifRange, range }) => [range, ifRange])).toEqual([
        [null, null],
        [`bytes=${half}-`, '"1"'],
        [null, null],
        [null, null]
      ])
      expect(logged()).toBe(3)
    })
  )

  it.scopedLive("with another archive on each attempt fails the run", () =>
    Effect.gen(function* () {
      const { runInterrupted, logged, run, turns } = yield* withStorage()
      yield* runInterrupted()
      for (const note of ["3", "4", "5", "6", "7", "8"]) {
        turns.push({ archive: archiveWith(note), etag: `"${note}"`, cut: half })
      }
      expect(yield* Effect.flip(run({}, 6))).toMatchObject({ _tag: "TransferError", reason: "changed" })
      expect(logged()).toBe(7)
    })
  )

  const damaged: ReadonlyArray<readonly [string, Uint8Array, object]> = [
    ["is corrupt", Buffer.from(archive).fill(0, 2000, 2010), { _tag: "ArchiveError" }],
    [
      "ends early, with a matching length",
      archive.subarray(0, half),
      { _tag: "ArchiveError", reason: "truncated" }
    ],
    [
      "has a truncated last line",
      archiveOf([{ name: "a.ndjson", text: text.slice(0, -20) }]),
      { _tag: "ArchiveError", reason: "truncated-row" }
    ],
    [
      "is not an archive",
      Buffer.from("<html>Bad gateway</html>"),
      { _tag: "ArchiveError", reason: "not-a-zip" }
    ]
  ]
  it.scopedLive.each(damaged)("whose archive %s: the next run requests a new export", ([, bad, expected]) =>
    Effect.gen(function* () {
      const { exports, journal, logged, path, run, turns, expectComplete } = yield* withStorage()
      turns.push({ archive: bad })
      expect(yield* Effect.flip(run())).toMatchObject(expected)
      expect([journal().link, bytesAt(`${path}.archive.part`).length]).toEqual([undefined, 0])
      expect(yield* run()).toMatchObject({ rows: 400 })
      expectComplete()
      expect([exports(), logged()]).toEqual([2, 1])
    })
  )
})
