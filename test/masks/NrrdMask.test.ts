// Voxel brush masks as NRRD: files of other programs are read, damaged ones fail, headers do not decide about memory.
import { gunzipSync, gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { type AngoError, NrrdMask } from "effect-ango"
import { labels, nrrdFiles } from "../support/MaskFiles.js"

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"))
const right = Either.getOrThrowWith((error: AngoError.InvalidMask) => error)
const reasonOf = (result: Either.Either<unknown, AngoError.InvalidMask>) =>
  Either.match(result, { onLeft: ({ reason }) => reason, onRight: () => "valid" })

const least = ["type: uint8", "dimension: 3", "sizes: 2 2 1", "encoding: raw"]

/** A file with the given lines in place of those that begin with the same word. */
const file = (lines: ReadonlyArray<string>, data: Iterable<number> = [1, 2, 3, 4]) => {
  const words = new Set(lines.map((line) => line.split(":")[0]))
  const others = least.filter((line) => !words.has(line.split(":")[0]))
  return Uint8Array.from([
    ...Buffer.from(`NRRD0004\n${[...others, ...lines].filter((line) => line !== "").join("\n")}\n\n`),
    ...data
  ])
}

describe("a mask of labels", () => {
  it("is an NRRD of this form, byte by byte", () => {
    const mask = right(NrrdMask.fromLabels({ width: 4, height: 3, depth: 2, data: Uint8Array.from(labels) }))
    expect(mask).toMatchObject({ kind: "medicalBrush", size: [4, 3, 2] })
    const text = "NRRD0005\ntype: uint8\ndimension: 3\nsizes: 4 3 2\nencoding: gzip\n\n"
    expect(Buffer.from(mask.bytes.subarray(0, text.length)).toString()).toBe(text)
    expect([...gunzipSync(mask.bytes.subarray(text.length))]).toEqual(labels)
    // No name, no time: the same voxels give the same file.
    expect([...mask.bytes.subarray(text.length, text.length + 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
  })

  it("counts `true` as 1", () => {
    const { bytes } = right(NrrdMask.fromLabels({ width: 2, height: 1, depth: 1, data: [false, true] }))
    expect([...right(NrrdMask.decode(bytes)).data]).toEqual([0, 1])
  })

  it.each([
    [
      "another number of values",
      { width: 2, height: 2, depth: 2, data: [1] },
      "size",
      "1 values instead of 8"
    ],
    ["a side of 0", { width: 2, height: 0, depth: 2, data: [] }, "size", "2 × 0 × 2"],
    ["a label above 255", { width: 1, height: 1, depth: 1, data: [256] }, "value", "index 0 is 256"],
    ["a negative label", { width: 1, height: 1, depth: 1, data: [-1] }, "value", "index 0 is -1"],
    ["too many voxels", { width: 1e5, height: 1e5, depth: 1e5, data: [] }, "too-large", "Split it"]
  ])("is not made of %s", (_, volume, reason, message) => {
    const result = NrrdMask.fromLabels(volume)
    expect(result).toMatchObject({ left: { _tag: "InvalidMask", reason } })
    expect(Either.getOrElse(Either.flip(result), () => ({ message: "" })).message).toContain(message)
  })
})

describe("decode", () => {
  it.each(Object.entries(nrrdFiles))("reads %s", (_, base64) => {
    const { data, ...sides } = right(NrrdMask.decode(fromBase64(base64)))
    expect(sides).toEqual({ width: 4, height: 3, depth: 2 })
    expect([...data]).toEqual(labels)
  })

  it.each([
    [["Type: UCHAR", "type: uint8"]],
    [["type: uint8_t"]],
    [["# type: float", "type: unsigned char"]],
    [["note:=type: float", "Segment0_ID:=1"]],
    [["sizes:   2  2   1  "]],
    [["byte skip: 0", "line skip: 0"]]
  ])("reads the header lines %j", (lines) => {
    expect([...right(NrrdMask.decode(file(lines))).data]).toEqual([1, 2, 3, 4])
  })

  it.each([
    [["type: short"], "unsupported", "Save it with the type uint8"],
    [["dimension: 4", "sizes: 2 2 1 1"], "unsupported", "one volume"],
    [["sizes: 4 1"], "unsupported", "three dimensions"],
    [["encoding: bzip2"], "unsupported", "raw or gzip"],
    [["encoding: ascii"], "unsupported", "raw or gzip"],
    [["data file: ct.raw"], "unsupported", "Save it as one file"],
    [["datafile: ct.raw"], "unsupported", "Save it as one file"],
    [["byte skip: -1"], "unsupported", "without byte skip"],
    [["line skip: 2"], "unsupported", "without byte skip"],
    [["sizes: 2 0 1"], "size", "integer of 1 or more"],
    [["sizes: 2 -2 1"], "size", "integer of 1 or more"],
    [["sizes: two 2 1"], "size", "integer of 1 or more"],
    [["sizes: 2 2 2"], "damaged", "4 bytes of data instead of 8"],
    [["sizes: 2 1 1"], "damaged", "4 bytes of data instead of 2"],
    [["encoding: gzip"], "damaged", "not compressed with gzip"]
  ])("refuses the header lines %j", (lines, reason, message) => {
    const result = NrrdMask.decode(file(lines))
    expect(reasonOf(result)).toBe(reason)
    expect(Either.getOrElse(Either.flip(result), () => ({ message: "" })).message).toContain(message)
  })

  it("refuses a detached header without an empty line, and other files", () => {
    const text = (value: string) => NrrdMask.decode(new TextEncoder().encode(value))
    expect(reasonOf(text(`NRRD0005\n${least.join("\n")}\ndata file: ct.raw.gz\n`))).toBe("unsupported")
    expect(reasonOf(text(`NRRD0005\n${least.join("\n")}\n`))).toBe("damaged")
    expect(reasonOf(text("NRRD0009\n\n"))).toBe("format")
    expect(reasonOf(text(""))).toBe("format")
    expect(reasonOf(text("<html>"))).toBe("format")
  })

  it.each(["raw", "gzip"] as const)("fails at every length at which a %s file can be cut off", (encoding) => {
    const whole = fromBase64(nrrdFiles[encoding])
    const reasons = Array.from({ length: whole.length }, (_, length) =>
      reasonOf(NrrdMask.decode(whole.subarray(0, length)))
    )
    expect(new Set(reasons)).toEqual(new Set(["format", "damaged"]))
  })

  it("never returns other labels when a bit of the compressed data is wrong", () => {
    const whole = right(NrrdMask.fromLabels({ width: 4, height: 3, depth: 2, data: labels })).bytes
    const start = whole.length - gzipSync(Uint8Array.from(labels)).length + 10
    const results = Array.from({ length: (whole.length - 4 - start) * 8 }, (_, bit) => {
      const changed = Uint8Array.from(whole)
      const at = start + (bit >> 3)
      changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7))
      // The last bits of deflated data may have no meaning.
      return Either.match(NrrdMask.decode(changed), {
        onLeft: ({ reason }) => reason,
        onRight: ({ data }) => data.join()
      })
    })
    const same = labels.join()
    expect(new Set(results.filter((result) => result !== same))).toEqual(new Set(["damaged"]))
  })

  it.each([
    ["10000 10000 100", "too-large"],
    ["9007199254740991 9007199254740991 9007199254740991", "too-large"],
    ["1000 1000 1000", "damaged"]
  ])("allocates nothing for the sizes %s that a header claims", (sizes, reason) => {
    const packed = gzipSync(Uint8Array.of(1, 2, 3))
    const before = process.memoryUsage().arrayBuffers
    for (const encoding of ["raw", "gzip"]) {
      const result = NrrdMask.decode(file([`sizes: ${sizes}`, `encoding: ${encoding}`], packed))
      expect(reasonOf(result)).toBe(reason)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  })

  it("inflates no more than the header announces", () => {
    const bomb = file(["encoding: gzip"], gzipSync(new Uint8Array(2 ** 26)))
    const before = process.memoryUsage().arrayBuffers
    expect(reasonOf(NrrdMask.decode(bomb))).toBe("damaged")
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 25)
  })

  it("reads gzip data with every optional part of a header", () => {
    const plain = gzipSync(Uint8Array.of(1, 2, 3, 4))
    const parts = [2, 0, 7, 7, ...Buffer.from("ct.raw\0a comment\0"), 9, 9]
    const packed = [...plain.subarray(0, 3), 30, ...plain.subarray(4, 10), ...parts, ...plain.subarray(10)]
    expect([...right(NrrdMask.decode(file(["encoding: gzip"], packed))).data]).toEqual([1, 2, 3, 4])
  })
})

describe("merge", () => {
  const volume = (data: ReadonlyArray<number>) =>
    right(NrrdMask.fromLabels({ width: 2, height: 2, depth: 1, data }))

  it.each(["raw", "gzip"] as const)("keeps the header and the encoding of a present %s file", (encoding) => {
    const present = fromBase64(nrrdFiles[encoding])
    const drawn = labels.map((_, index) => (index % 5 === 0 ? 9 : 0))
    const added = right(NrrdMask.fromLabels({ width: 4, height: 3, depth: 2, data: drawn }))
    const merge = right(added.mergeInto(present))
    expect(merge).toMatchObject({ isPresentKept: true, presentSize: [4, 3, 2], mask: { size: [4, 3, 2] } })
    const headerOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1").split("\n\n")[0]
    expect(headerOf(merge.mask.bytes)).toBe(headerOf(present))
    expect(headerOf(merge.mask.bytes)).toContain("Segment0_LabelValue:=1")
    expect([...right(NrrdMask.decode(merge.mask.bytes)).data]).toEqual(
      labels.map((label, index) => (index % 5 === 0 ? 9 : label))
    )
  })

  it("returns the new mask alone if the present one has another size, and says so", () => {
    const added = volume([1, 0, 0, 0])
    expect(right(added.mergeInto(fromBase64(nrrdFiles.gzip)))).toEqual({
      mask: expect.objectContaining({ bytes: added.bytes, size: [2, 2, 1] }),
      isPresentKept: false,
      presentSize: [4, 3, 2]
    })
  })

  it("returns the bytes of the present mask if nothing is drawn on the new one", () => {
    const present = fromBase64(nrrdFiles.windowsLines)
    const empty = right(NrrdMask.fromLabels({ width: 4, height: 3, depth: 2, data: labels.map(() => 0) }))
    expect(right(empty.mergeInto(present)).mask.bytes).toBe(present)
  })

  it("says which of the two masks is damaged", () => {
    const { bytes } = volume([1, 2, 3, 4])
    const cut = bytes.subarray(0, -3)
    expect(NrrdMask.merge(cut, bytes)).toMatchObject({ left: { reason: "damaged", mask: "present" } })
    expect(NrrdMask.merge(bytes, cut)).toMatchObject({ left: { reason: "damaged", mask: "added" } })
  })
})

describe("a mask of a file", () => {
  it("keeps its bytes", () => {
    const bytes = fromBase64(nrrdFiles.raw)
    const mask = right(NrrdMask.fromBytes(bytes))
    expect(mask.bytes).toBe(bytes)
    expect(mask.size).toEqual([4, 3, 2])
    expect(reasonOf(NrrdMask.fromBytes(bytes.subarray(0, -1)))).toBe("damaged")
  })
})
