// Archives of other programs, whole and truncated.
import { deflateRawSync } from "node:zlib"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { unzip } from "../../../src/exports/zip/unzip.js"
import { archiveOf, bytesOf } from "../../support/Archives.js"
import { packedBy, type Sources, ways } from "../../support/Tools.js"
import { entriesOf, valuesOf } from "../../support/Unpack.js"

const rowOf = (index: number) => ({
  asset: `https://files.example/${index}.jpg`,
  note: index % 7 === 0 ? "çalışma ] } \\ PK\u0003\u0004" : "ok",
  tools: Array.from({ length: index % 4 }, (_, tool) => ({
    objectId: (index * 7919 + tool) ** 3,
    points: [[tool, index]]
  }))
})
const values = Array.from({ length: 4000 }, (_, index) => rowOf(index))

const inner = archiveOf([{ name: "inner.json", text: "[1]", method: 0, form: "signed" }])
const sources: Sources = {
  "rows.ndjson": values.map((value) => `${JSON.stringify(value)}\n`).join(""),
  "split/one.json": JSON.stringify(values[1], null, 2),
  "empty.ndjson": "",
  "çalışma.json": JSON.stringify(values),
  "inner.zip": inner
}

it.effect.each(Object.keys(ways))("reads archives of %s", (way) =>
  Effect.gen(function* () {
    const archive = packedBy(way, sources)
    const entries = yield* entriesOf(archive, [65_536, 1, 777])
    const expected = ways[way]?.isPiped === true ? { "-": sources["rows.ndjson"] } : sources
    const texts = Object.entries(expected).map(([name, content]) => [
      name,
      Buffer.from(content ?? "").toString()
    ])
    const read = entries.filter(({ isDirectory }) => !isDirectory).map(({ name, text }) => [name, text])
    expect(read.toSorted()).toEqual(texts.toSorted())
    if (ways[way]?.isPiped !== true) return
    expect(yield* valuesOf(archive)).toEqual(values)
  })
)

it.effect.each([
  "zip, data descriptors",
  "python, stored, streamed",
  "python, deflated, streamed, zip64",
  "7z, deflated"
])(
  "reports truncation at every byte of an archive of %s",
  (way) =>
    Effect.gen(function* () {
      const archive = packedBy(way, { "a.ndjson": "1\n22\n", "b.json": "[3]" })
      expect(yield* valuesOf(archive)).toEqual([1, 22, 3])
      for (let end = 0; end < archive.length; end++) {
        const error = yield* Effect.flip(valuesOf(archive.subarray(0, end)))
        expect([end, error]).toMatchObject([end, { _tag: "ArchiveError", reason: "truncated" }])
      }
    }),
  120_000
)

it.effect(
  "reads an entry larger than 4 GiB in constant memory",
  () =>
    Effect.gen(function* () {
      // One deflated block of zeros, repeated: 4.5 GB from 4.5 MB.
      const one = new Uint8Array(2 ** 20)
      const blocks = 4300
      const block = deflateRawSync(one, { finishFlush: 3 })
      const size = blocks * one.length
      const { end, header } = largeEntry(size, blocks * block.length + 2)
      const archive = Stream.make(header).pipe(
        Stream.concat(Stream.repeatValue(block).pipe(Stream.take(blocks), Stream.rechunk(1))),
        Stream.concat(Stream.make(Uint8Array.of(3, 0), end))
      )
      // The memory of this thread only, since other threads of the process run other tests.
      const memory = () => {
        const { external, heapUsed } = process.memoryUsage()
        return heapUsed + external
      }
      const before = memory()
      let most = 0
      let inflated = 0
      const error = yield* unzip(archive, { maxRatio: 2000 }).pipe(
        Stream.flatMap((entry) => {
          expect(entry.size).toBe(size)
          return entry.content
        }),
        Stream.runForEach((bytes) =>
          Effect.sync(() => {
            inflated += bytes.length
            most = Math.max(most, memory())
          })
        ),
        Effect.flip
      )
      // The checksum is wrong, because computing the right one would take as long as the test.
      expect(error).toMatchObject({ _tag: "ArchiveError", reason: "content" })
      expect(inflated).toBeGreaterThan(size - 2 ** 20)
      expect(most - before).toBeLessThan(150 * 2 ** 20)
    }),
  120_000
)

const largeEntry = (size: number, packedSize: number) => {
  const header = Buffer.alloc(30 + 1 + 20)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(1, 14)
  header.writeUInt32LE(0xffffffff, 18)
  header.writeUInt32LE(0xffffffff, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(20, 28)
  header.write("a", 30)
  header.writeUInt16LE(1, 31)
  header.writeUInt16LE(16, 33)
  header.writeBigUInt64LE(BigInt(size), 35)
  header.writeBigUInt64LE(BigInt(packedSize), 43)
  return { header: new Uint8Array(header), end: bytesOf("") }
}

it("names the missing tool and how to install it", () => {
  const path = process.env["PATH"]
  process.env["PATH"] = "/nowhere"
  try {
    expect(() => packedBy("7z, stored", { a: "" })).toThrow("This test needs 7z: apt-get install p7zip-full")
  } finally {
    process.env["PATH"] = path
  }
})

it.effect(
  "reads more than 65,535 entries",
  () =>
    Effect.gen(function* () {
      const entries = Array.from({ length: 66_000 }, (_, index) => ({
        name: `${index}.json`,
        text: `{"a":${index}}`,
        method: 0
      }))
      const read = yield* valuesOf(archiveOf(entries, { zip64: true }))
      expect(read).toEqual(entries.map((_, a) => ({ a })))
    }),
  120_000
)
