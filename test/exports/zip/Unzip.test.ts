// Archives written byte by byte: every valid form, and every kind of damage.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { unzip } from "../../../src/exports/zip/unzip.js"
import { archiveOf, bytesOf, type EntryOptions, type Form } from "../../support/Archives.js"
import { entriesOf, streamOf, valuesOf } from "../../support/Unpack.js"

const forms: ReadonlyArray<Form> = ["known", "signed", "unsigned", "signed64", "unsigned64"]

const text = '{"a":1}\n{"a":"PK\\u0001"}\n'

const entriesIn = (method: number, form: Form, zip64: boolean): ReadonlyArray<EntryOptions> => [
  { name: "first.ndjson", text, method, form, zip64 },
  { name: "empty.ndjson", text: "", method, form, zip64 },
  { name: "folder/", text: "", method: 0 },
  { name: "last.json", text: "[1,2,3]", method, form, zip64 }
]

const shapes = [0, 8].flatMap((method) =>
  forms.flatMap((form) => [false, true].map((zip64) => ({ method, form, zip64 })))
)

it.effect(
  "reads stored and deflated entries, whether their sizes come before or after, in 32 or 64 bits",
  () =>
    Effect.forEach(shapes, ({ form, method, zip64 }) =>
      Effect.gen(function* () {
        const archive = archiveOf(entriesIn(method, form, zip64), { zip64, comment: "by hand" })
        for (const pieces of [archive.length, [7, 64, 1]]) {
          const entries = yield* entriesOf(archive, pieces)
          expect(entries.map(({ name, text }) => [name, text])).toEqual([
            ["first.ndjson", text],
            ["empty.ndjson", ""],
            ["folder/", ""],
            ["last.json", "[1,2,3]"]
          ])
          expect(entries.map(({ isDirectory }) => isDirectory)).toEqual([false, false, true, false])
          expect(entries[0]?.method).toBe(method === 0 ? "stored" : "deflated")
          expect(entries[0]?.size).toBe(form === "known" ? text.length : undefined)
        }
      })
    )
)

it.effect.prop(
  "reads the same entries from chunks of any size",
  [
    FastCheck.constantFrom(...shapes),
    FastCheck.array(FastCheck.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 })
  ],
  ([{ form, method, zip64 }, sizes]) =>
    Effect.gen(function* () {
      const archive = archiveOf(entriesIn(method, form, zip64), { zip64 })
      expect(yield* entriesOf(archive, sizes)).toEqual(yield* entriesOf(archive))
    }),
  { fastCheck: { numRuns: 20 } }
)

it.effect("reads names as UTF-8 where they are, and as code page 437 otherwise", () =>
  Effect.gen(function* () {
    const archive = archiveOf([
      { name: "çalışma.json", text: "1", flags: 0x800 },
      { name: "unmarked-é.json", text: "2" },
      { name: Uint8Array.of(0x81, 0x2e, 0xa4), text: "3" },
      { name: "../../etc/passwd", text: "4" }
    ])
    expect((yield* entriesOf(archive)).map(({ name }) => name)).toEqual([
      "çalışma.json",
      "unmarked-é.json",
      "ü.ñ",
      "../../etc/passwd"
    ])
  })
)

it.effect("returns an archive inside an archive as it is", () =>
  Effect.gen(function* () {
    const inner = archiveOf([{ name: "a", text, method: 0, form: "signed" }])
    for (const form of forms) {
      const outer = archiveOf([
        { name: "inner.zip", text: inner, method: 0, form },
        { name: "b", text }
      ])
      const all = yield* Stream.runCollect(
        Stream.flatMap(unzip(streamOf(outer, 100)), ({ content, name }) =>
          Stream.map(content, (bytes) => ({ bytes, name }))
        )
      )
      const bytes = [...all].filter(({ name }) => name === "inner.zip").map((one) => one.bytes)
      expect(Buffer.concat(bytes).equals(inner)).toBe(true)
    }
  })
)

it.effect("skips content that is not read, and still verifies it", () =>
  Effect.gen(function* () {
    const read = (archive: Uint8Array) =>
      unzip(streamOf(archive, 50)).pipe(
        Stream.mapEffect(({ content, name }) => Effect.as(Stream.runDrain(Stream.take(content, 1)), name)),
        Stream.runCollect
      )
    const long = "x".repeat(10_000)
    for (const method of [0, 8]) {
      const good = [
        { name: "a", text: long, method },
        { name: "b", text: long, method }
      ]
      expect([...(yield* read(archiveOf(good)))]).toEqual(["a", "b"])
      const bad = archiveOf([
        { name: "a", text: long, method, crc: 1 },
        { name: "b", text: long, method }
      ])
      expect(yield* Effect.flip(read(bad))).toMatchObject({
        _tag: "ArchiveError",
        reason: "content",
        entry: "a"
      })
    }
  })
)

it.effect("passes over bytes before the first entry and after the end, as other tools do", () =>
  Effect.gen(function* () {
    const entries = [
      { name: "a", text },
      { name: "b", text, form: "signed" as const }
    ]
    const leading = bytesOf("#!/bin/sh PK and more\n")
    for (const isShifted of [false, true]) {
      const archive = archiveOf(entries, { leading, isShifted, trailing: bytesOf("trailing PK\u0003") })
      expect(yield* valuesOf(archive, 10)).toHaveLength(4)
    }
    expect(yield* valuesOf(archiveOf(entries, { leading: bytesOf("PK00") }))).toHaveLength(4)
    expect(yield* valuesOf(archiveOf([]))).toEqual([])
  })
)

it.effect("reports truncation at every byte of an archive, and not for the whole archive", () =>
  Effect.gen(function* () {
    const archive = archiveOf(
      [
        { name: "a", text: "1\n22\n", form: "signed" },
        { name: "b", text: "[3]", method: 0, zip64: true }
      ],
      { zip64: true, comment: "end" }
    )
    for (let end = 0; end < archive.length; end++) {
      const error = yield* Effect.flip(valuesOf(archive.subarray(0, end)))
      expect([end, error]).toMatchObject([end, { _tag: "ArchiveError", reason: "truncated" }])
    }
    expect(yield* valuesOf(archive)).toEqual([1, 22, 3])
  })
)

const broken: ReadonlyArray<readonly [string, string, Uint8Array]> = [
  ["a wrong checksum", "content", archiveOf([{ name: "a", text, crc: 7 }])],
  ["a wrong checksum of a stored entry", "content", archiveOf([{ name: "a", text, method: 0, crc: 7 }])],
  ["a wrong checksum after the content", "content", archiveOf([{ name: "a", text, crc: 7, form: "signed" }])],
  ["a size that is too small", "content", archiveOf([{ name: "a", text, size: 5 }])],
  ["a size that is too large", "content", archiveOf([{ name: "a", text, size: 5000 }])],
  [
    "a wrong size after the content",
    "content",
    archiveOf([{ name: "a", text, size: 5000, form: "unsigned" }])
  ],
  ["two sizes of a stored entry", "content", archiveOf([{ name: "a", text, method: 0, size: 5 }])],
  ["an encrypted entry", "encrypted", archiveOf([{ name: "a", text, flags: 1 }])],
  ["another method", "method", archiveOf([{ name: "a", text, method: 12 }])],
  ["a page of HTML", "not-a-zip", bytesOf("<html><body>Bad gateway</body></html>")],
  [
    "another name in the central directory",
    "directory",
    archiveOf([{ name: "a", text, listed: { name: "b" } }])
  ],
  [
    "another checksum in the central directory",
    "directory",
    archiveOf([{ name: "a", text, listed: { crc: 3 } }])
  ],
  [
    "another size in the central directory",
    "directory",
    archiveOf([{ name: "a", text, listed: { size: 3 } }])
  ],
  ["another count", "directory", archiveOf([{ name: "a", text }], { count: 2 })],
  [
    "a second archive",
    "structure",
    archiveOf([{ name: "a", text }], { trailing: archiveOf([{ name: "b", text }]) })
  ],
  [
    "many bytes after the end",
    "structure",
    archiveOf([{ name: "a", text }], { trailing: new Uint8Array(70_000) })
  ]
]

it.effect.each(broken)("rejects %s", ([, reason, archive]) =>
  Effect.forEach([1, 65_536], (size) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(valuesOf(archive, size))
      expect(error).toMatchObject({ _tag: "ArchiveError", reason })
      expect(error.message).toMatch(/^Invalid archive: /)
    })
  )
)

it.effect("rejects an archive that inflates to too much, while it is read", () =>
  Effect.gen(function* () {
    const zeros = new Uint8Array(40_000_000)
    const bomb = archiveOf([{ name: "zeros", text: zeros, form: "signed" }])
    let inflated = 0
    const run = (archive: Uint8Array, limits: { maxBytes?: number; maxRatio?: number }) =>
      unzip(streamOf(archive, 1000), limits).pipe(
        Stream.flatMap(({ content }) => content),
        Stream.runForEach((bytes) =>
          Effect.sync(() => {
            inflated += bytes.length
          })
        ),
        Effect.flip
      )
    expect(yield* run(bomb, {})).toMatchObject({
      _tag: "ArchiveError",
      reason: "too-large",
      limit: "ratio",
      allowed: 250
    })
    expect(inflated).toBeLessThan(17_000_000)
    inflated = 0
    expect(yield* run(bomb, { maxBytes: 1_000_000 })).toMatchObject({ limit: "bytes", entry: "zeros" })
    expect(inflated).toBeLessThanOrEqual(1_000_000)
    // A declared size above the limit is rejected before a byte is inflated.
    const declared = archiveOf([{ name: "a", text, size: 2 ** 42, zip64: true }])
    expect(yield* Effect.flip(valuesOf(declared))).toMatchObject({
      _tag: "ArchiveError",
      reason: "too-large",
      limit: "bytes"
    })
    expect(yield* entriesOf(bomb, 1000, { maxRatio: 2000 })).toHaveLength(1)
  })
)

it.effect("can run again from the start, and passes on the error of the download", () =>
  Effect.gen(function* () {
    const archive = archiveOf([{ name: "a", text }])
    const stream = Stream.flatMap(unzip(streamOf(archive, 5)), ({ content }) => content)
    expect(yield* Stream.runCollect(stream)).toEqual(yield* Stream.runCollect(stream))
    const failing = Stream.concat(streamOf(archive.subarray(0, 45)), Stream.fail("broken off"))
    const error = yield* Effect.flip(
      Stream.runDrain(Stream.flatMap(unzip(failing), ({ content }) => content))
    )
    expect(error).toBe("broken off")
  })
)
