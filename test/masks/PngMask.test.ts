// Brush masks as PNG: what another implementation wrote is read, damaged files fail, headers do not decide about memory.
import { deflateSync, inflateSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { AngoError, PngMask } from "effect-ango"
import { crc32 } from "../../src/files/crc32.js"
import { pngFiles } from "../support/MaskFiles.js"

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"))
const right = Either.getOrThrowWith((error: AngoError.InvalidMask) => error)
const reasonOf = (result: Either.Either<unknown, AngoError.InvalidMask>) =>
  Either.match(result, { onLeft: ({ reason }) => reason, onRight: () => "valid" })

const pixelsOf = (mask: { readonly bytes: Uint8Array }) => right(PngMask.decode(mask.bytes))

/** The pixels as `#rrggbbaa`, line by line. */
const colorsOf = (mask: { readonly bytes: Uint8Array }) =>
  Buffer.from(pixelsOf(mask).data).toString("hex").match(/.{8}/g)

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

const chunk = (type: string, data: ReadonlyArray<number> | Uint8Array) => {
  const content = [...Buffer.from(type), ...data]
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(data.length)
  numbers.writeUInt32BE(crc32(Uint8Array.from(content)), 4)
  return [...numbers.subarray(0, 4), ...content, ...numbers.subarray(4)]
}

interface Header {
  readonly width: number
  readonly height: number
  readonly bits?: number
  readonly color?: number
  readonly interlace?: number
}

const header = ({ bits = 8, color = 0, height, interlace = 0, width }: Header) => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  return chunk("IHDR", [...data.subarray(0, 8), bits, color, 0, 0, interlace])
}

const file = (...chunks: ReadonlyArray<ReadonlyArray<number>>) =>
  Uint8Array.from([...signature, ...chunks.flat()])
const end = chunk("IEND", [])
const data = (raw: ReadonlyArray<number> | Uint8Array) => chunk("IDAT", deflateSync(Uint8Array.from(raw)))

const twoByTwo = [0, 1, 2, 0, 3, 4]
const valid = file(header({ width: 2, height: 2 }), data(twoByTwo), end)

describe("decode", () => {
  it.each(pngFiles)("reads $name", ({ png, rgba, size }) => {
    const { data, height, width } = right(PngMask.decode(fromBase64(png)))
    expect([width, height]).toEqual(size)
    expect(data).toEqual(new Uint8Array(inflateSync(fromBase64(rgba))))
  })

  it("reads bytes inside of a larger buffer", () => {
    const padded = new Uint8Array(valid.length + 9)
    padded.set(valid, 5)
    const view = padded.subarray(5, 5 + valid.length)
    expect(PngMask.decode(view)).toEqual(PngMask.decode(valid))
    expect(reasonOf(PngMask.decode(view))).toBe("valid")
  })

  it("fails at every length at which a file can be cut off", () => {
    const reasons = new Set(
      Array.from({ length: valid.length }, (_, length) => reasonOf(PngMask.decode(valid.subarray(0, length))))
    )
    expect(reasons).toEqual(new Set(["format", "damaged"]))
    expect(reasonOf(PngMask.decode(valid))).toBe("valid")
  })

  it("fails when any bit is wrong", () => {
    const reasons = Array.from({ length: valid.length * 8 }, (_, bit) => {
      const changed = Uint8Array.from(valid)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      return reasonOf(PngMask.decode(changed))
    })
    expect(new Set(reasons)).toEqual(new Set(["format", "damaged"]))
  })

  it.each([
    [
      "less pixels than announced",
      file(header({ width: 2, height: 2 }), data(twoByTwo.slice(1)), end),
      "damaged"
    ],
    [
      "more pixels than announced",
      file(header({ width: 2, height: 2 }), data([...twoByTwo, 0]), end),
      "damaged"
    ],
    [
      "pixels that are not compressed",
      file(header({ width: 2, height: 2 }), chunk("IDAT", twoByTwo), end),
      "damaged"
    ],
    ["no pixels", file(header({ width: 2, height: 2 }), end), "damaged"],
    ["an unknown filter", file(header({ width: 1, height: 1 }), data([5, 1]), end), "damaged"],
    [
      "a color that is not in the palette",
      file(header({ width: 1, height: 1, color: 3 }), data([0, 1]), end),
      "damaged"
    ],
    [
      "a depth that its color does not have",
      file(header({ width: 1, height: 1, color: 2, bits: 4 }), data([0, 1]), end),
      "damaged"
    ],
    ["no header", file(data([0, 1]), end), "damaged"],
    ["a side of 0", file(header({ width: 0, height: 1 }), data([0]), end), "size"],
    [
      "an unknown chunk that it needs",
      file(header({ width: 1, height: 1 }), chunk("ABCD", []), data([0, 1]), end),
      "unsupported"
    ],
    [
      "an unknown interlacing",
      file(header({ width: 1, height: 1, interlace: 2 }), data([0, 1]), end),
      "unsupported"
    ],
    [
      "a chunk for another program",
      file(header({ width: 1, height: 1 }), chunk("abCd", [1]), data([0, 1]), end),
      "valid"
    ]
  ])("of a file with %s", (_, bytes, reason) => {
    expect(reasonOf(PngMask.decode(bytes))).toBe(reason)
  })

  it.each([
    [{ width: 100_000, height: 100_000 }, "too-large"],
    [{ width: 0xffffffff, height: 0xffffffff }, "too-large"],
    [{ width: 16_000, height: 16_000 }, "damaged"]
  ])("allocates nothing for the pixels that a header %j claims", (claim, reason) => {
    const before = process.memoryUsage().arrayBuffers
    expect(reasonOf(PngMask.decode(file(header(claim), data([0, 1]), end)))).toBe(reason)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
  })

  it("inflates no more than the header announces", () => {
    const bomb = file(
      header({ width: 1, height: 1 }),
      chunk("IDAT", deflateSync(new Uint8Array(2 ** 26))),
      end
    )
    const before = process.memoryUsage().arrayBuffers
    expect(reasonOf(PngMask.decode(bomb))).toBe("damaged")
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 25)
  })

  it("says what to do", () => {
    expect(PngMask.decode(valid.subarray(0, 40))).toEqual(
      Either.left(
        new AngoError.InvalidMask({
          reason: "damaged",
          mask: "added",
          message: "The PNG is incomplete. Get the complete file."
        })
      )
    )
  })
})

describe("a mask", () => {
  it("of labels is white and opaque where they are not 0", () => {
    const mask = right(PngMask.fromLabels({ width: 3, height: 2, data: [0, 1, 300, -1, 0.5, 0] }))
    expect(mask).toMatchObject({ kind: "brush", size: [3, 2] })
    expect(colorsOf(mask)).toEqual(["00000000", "ffffffff", "ffffffff", "ffffffff", "ffffffff", "00000000"])
    const lines = PngMask.fromLabels([
      [false, true],
      [true, false]
    ])
    expect(colorsOf(right(lines))).toEqual(["00000000", "ffffffff", "ffffffff", "00000000"])
  })

  it("of RGB is opaque where it is not black, of RGBA as it is", () => {
    const rgb = PngMask.fromRgb({ width: 2, height: 1, data: [0, 0, 0, 0, 0, 9] })
    expect(colorsOf(right(rgb))).toEqual(["00000000", "000009ff"])
    const rgba = PngMask.fromRgba({ width: 2, height: 1, data: [1, 2, 3, 0, 0, 0, 0, 128] })
    expect(colorsOf(right(rgba))).toEqual(["01020300", "00000080"])
  })

  it("of classes has their exact colors, from an object or a map", () => {
    const labels = Uint8Array.of(0, 1, 2, 1)
    const raster = { width: 2, height: 2, data: labels }
    const colors = ["00000000", "e6194bff", "00ff00ff", "e6194bff"]
    expect(colorsOf(right(PngMask.fromClasses(raster, { 1: "#E6194b", 2: "#00ff00" })))).toEqual(colors)
    const map = new Map([
      [0, "#000001"],
      [1, "#e6194b"],
      [2, "#00ff00"]
    ])
    expect(colorsOf(right(PngMask.fromClasses(raster, map)))).toEqual(["000001ff", ...colors.slice(1)])
  })

  it("of a file keeps its bytes", () => {
    const mask = right(PngMask.fromBytes(valid))
    expect(mask.bytes).toBe(valid)
    expect(mask.size).toEqual([2, 2])
  })

  it.each([
    [
      "another number of values",
      PngMask.fromLabels({ width: 2, height: 2, data: [1, 2, 3] }),
      "size",
      "3 values instead of 4: 2 × 2"
    ],
    ["lines of different lengths", PngMask.fromLabels([[1, 2], [1]]), "size", "Line 1 has 1 values"],
    ["no lines", PngMask.fromLabels([]), "size", "0 × 0"],
    [
      "a side that is no integer",
      PngMask.fromLabels({ width: 1.5, height: 2, data: [1, 2, 3] }),
      "size",
      "1.5 × 2"
    ],
    ["too many pixels", PngMask.fromLabels({ width: 1e6, height: 1e6, data: [] }), "too-large", "Split it"],
    [
      "RGBA given as RGB",
      PngMask.fromRgb({ width: 1, height: 1, data: [1, 2, 3, 4] }),
      "size",
      "× 3 channels"
    ],
    [
      "a value above 255",
      PngMask.fromRgb({ width: 1, height: 1, data: [1, 2, 256] }),
      "value",
      "index 2 is 256"
    ],
    [
      "a value that is no integer",
      PngMask.fromRgba({ width: 1, height: 1, data: [0, 0.5, 0, 0] }),
      "value",
      "0.5"
    ],
    [
      "a label without a color",
      PngMask.fromClasses([[0, 7]], { 1: "#ffffff" }),
      "value",
      "label 7 (index 1)"
    ],
    ["a color that is a name", PngMask.fromClasses([[0]], { 1: "red" }), "value", '"red" is not a color'],
    ["bytes that are no PNG", PngMask.fromBytes(new TextEncoder().encode("<html>")), "format", "not a PNG"]
  ])("is not made of %s", (_, result, reason, message) => {
    expect(result).toMatchObject({ left: { _tag: "InvalidMask", reason, mask: "added" } })
    expect(Either.getOrElse(Either.flip(result), () => ({ message: "" })).message).toContain(message)
  })
})

describe("merge", () => {
  const present = right(PngMask.fromClasses([[1, 1, 0, 0]], { 1: "#ff0000" }))
  const added = right(PngMask.fromClasses([[0, 1, 1, 0]], { 1: "#00ff00" }))

  it("draws the opaque pixels of the new mask over the present one", () => {
    const merge = right(added.mergeInto(present.bytes))
    expect(merge).toMatchObject({ isPresentKept: true, presentSize: [4, 1], mask: { size: [4, 1] } })
    expect(colorsOf(merge.mask)).toEqual(["ff0000ff", "00ff00ff", "00ff00ff", "00000000"])
  })

  it("returns the new mask alone if the present one has another size, and says so", () => {
    const other = right(PngMask.fromLabels([[1], [1]]))
    expect(right(PngMask.merge(other.bytes, added.bytes))).toEqual({
      mask: expect.objectContaining({ bytes: added.bytes, size: [4, 1] }),
      isPresentKept: false,
      presentSize: [1, 2]
    })
  })

  it("returns the bytes of the present mask if nothing is drawn on the new one", () => {
    const { mask } = right(right(PngMask.fromLabels([[0, 0]])).mergeInto(gray16))
    expect(mask.bytes).toBe(gray16)
  })

  it("says which of the two masks is damaged", () => {
    const cut = present.bytes.subarray(0, 50)
    expect(PngMask.merge(cut, added.bytes)).toMatchObject({
      left: { reason: "damaged", mask: "present", message: expect.stringMatching(/^The present mask/) }
    })
    expect(PngMask.merge(present.bytes, cut)).toMatchObject({ left: { reason: "damaged", mask: "added" } })
  })
})

// More than a mask of our own could hold: it has to be returned as it is.
const gray16 = file(header({ width: 2, height: 1, bits: 16 }), data([0, 1, 2, 3, 4]), end)
