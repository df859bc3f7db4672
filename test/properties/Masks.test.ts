// Masks: round trips, the laws of merging, and agreement with another implementation of PNG.
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { NrrdMask, PngMask } from "effect-ango"
import { decode as witnessDecode, encode as witnessEncode } from "fast-png"

const right = Either.getOrThrow
const byte = FastCheck.integer({ min: 0, max: 255 })

const bytesOf = (length: number) =>
  FastCheck.array(byte, { minLength: length, maxLength: length }).map((values) => Uint8Array.from(values))

const sides = FastCheck.record({
  width: FastCheck.integer({ min: 1, max: 20 }),
  height: FastCheck.integer({ min: 1, max: 12 })
})

const raster = (channels: number) =>
  sides.chain(({ height, width }) =>
    bytesOf(width * height * channels).map((data) => ({ width, height, data }))
  )

/** Rasters of the same size, of which about half of the pixels are transparent. */
const rasters = (count: number) =>
  sides.chain(({ height, width }) =>
    FastCheck.array(
      FastCheck.tuple(bytesOf(width * height * 4), bytesOf(width * height)).map(([data, alpha]) => ({
        width,
        height,
        data: data.map((value, index) => (index % 4 === 3 && (alpha[index >> 2] ?? 0) < 128 ? 0 : value))
      })),
      { minLength: count, maxLength: count }
    )
  )

const volumes = (count: number) =>
  FastCheck.tuple(sides, FastCheck.integer({ min: 1, max: 4 })).chain(([{ height, width }, depth]) =>
    FastCheck.array(
      FastCheck.array(FastCheck.oneof(FastCheck.constant(0), byte), {
        minLength: width * height * depth,
        maxLength: width * height * depth
      }).map((values) => ({ width, height, depth, data: Uint8Array.from(values) })),
      { minLength: count, maxLength: count }
    )
  )

describe("a PNG mask", () => {
  it("has the pixels that it was made of, for us and for another implementation", () => {
    FastCheck.assert(
      FastCheck.property(raster(4), (pixels) => {
        const { bytes } = right(PngMask.fromRgba(pixels))
        expect(right(PngMask.decode(bytes))).toEqual(pixels)
        const { channels, data, depth, height, width } = witnessDecode(bytes, { checkCrc: true })
        expect({ channels, depth }).toEqual({ channels: 4, depth: 8 })
        expect({ width, height, data }).toEqual(pixels)
      })
    )
  })

  it.each([1, 2, 3, 4])(
    "of another implementation with %i channels is read, interlaced or not",
    (channels) => {
      FastCheck.assert(
        FastCheck.property(raster(channels), FastCheck.boolean(), (image, isInterlaced) => {
          const file = witnessEncode({ ...image, channels }, { interlace: isInterlaced ? "Adam7" : "null" })
          const { data } = right(PngMask.decode(file))
          const expected = Array.from({ length: image.width * image.height }, (_, pixel) => {
            const samples = [...image.data.subarray(pixel * channels, (pixel + 1) * channels)]
            const [first = 0] = samples
            const rgb = channels < 3 ? [first, first, first] : samples.slice(0, 3)
            return [...rgb, channels % 2 === 0 ? samples.at(-1) : 255]
          })
          expect([...data]).toEqual(expected.flat())
        })
      )
    }
  )

  it("merged with an empty one, or with itself, is unchanged", () => {
    FastCheck.assert(
      FastCheck.property(rasters(1), ([image]) => {
        if (image === undefined) throw new Error("no image")
        const { width, height } = image
        const { bytes } = right(PngMask.fromRgba(image))
        const empty = right(PngMask.fromLabels({ width, height, data: new Uint8Array(width * height) }))
        expect(right(PngMask.merge(bytes, empty.bytes)).mask.bytes).toEqual(bytes)
        expect(right(PngMask.decode(right(PngMask.merge(bytes, bytes)).mask.bytes))).toEqual(image)
      })
    )
  })

  it("merged with another: its opaque pixels win, the order of three merges does not matter, a second one changes nothing", () => {
    FastCheck.assert(
      FastCheck.property(rasters(3), (images) => {
        const [one, two, three] = images.map((image) => right(PngMask.fromRgba(image)).bytes)
        if (one === undefined || two === undefined || three === undefined) throw new Error("no images")
        const merged = (present: Uint8Array, added: Uint8Array) =>
          right(PngMask.merge(present, added)).mask.bytes
        const pixels = (file: Uint8Array) => right(PngMask.decode(file)).data
        const both = pixels(merged(one, two))
        const [below, above] = [pixels(one), pixels(two)]
        expect([...both]).toEqual(
          Array.from(below, (value, index) => ((above[index | 3] ?? 0) === 0 ? value : above[index]))
        )
        expect(pixels(merged(merged(one, two), two))).toEqual(both)
        expect(pixels(merged(merged(one, two), three))).toEqual(pixels(merged(one, merged(two, three))))
      })
    )
  })
})

describe("an NRRD mask", () => {
  it("has the voxels that it was made of", () => {
    FastCheck.assert(
      FastCheck.property(volumes(1), ([volume]) => {
        if (volume === undefined) throw new Error("no volume")
        expect(right(NrrdMask.decode(right(NrrdMask.fromLabels(volume)).bytes))).toEqual(volume)
      })
    )
  })

  it("merged: labels other than 0 win, an empty mask changes nothing, a second merge changes nothing", () => {
    FastCheck.assert(
      FastCheck.property(volumes(2), ([present, added]) => {
        if (present === undefined || added === undefined) throw new Error("no volumes")
        const [one, two] = [right(NrrdMask.fromLabels(present)), right(NrrdMask.fromLabels(added))]
        const empty = right(NrrdMask.fromLabels({ ...present, data: present.data.map(() => 0) }))
        const { mask } = right(two.mergeInto(one.bytes))
        expect([...right(NrrdMask.decode(mask.bytes)).data]).toEqual(
          [...present.data].map((label, index) => added.data[index] || label)
        )
        expect(right(two.mergeInto(mask.bytes)).mask.bytes).toEqual(mask.bytes)
        expect(right(empty.mergeInto(one.bytes)).mask.bytes).toBe(one.bytes)
        expect(right(NrrdMask.decode(right(one.mergeInto(empty.bytes)).mask.bytes))).toEqual(present)
      })
    )
  })
})

describe("any bytes", () => {
  const starts = [
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    [...Buffer.from("NRRD0005\ntype: uint8\ndimension: 3\nsizes: 2 1 1\nencoding: gzip\n\n\u001f")],
    []
  ]

  it("are read, or fail with an InvalidMask", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...starts),
        FastCheck.uint8Array({ maxLength: 80 }),
        (start, rest) => {
          const bytes = Uint8Array.from([...start, ...rest])
          for (const result of [PngMask.decode(bytes), NrrdMask.decode(bytes)]) {
            if (Either.isLeft(result)) expect(result.left._tag).toBe("InvalidMask")
          }
        }
      )
    )
  })
})
