/**
 * Brush masks as PNG: from arrays, to pixels, and their merging. Pure functions; none is called by the services, so that
 * a program without masks contains no image codec.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { InvalidMask } from "../errors/InvalidMask.js"
import type { Brush, Merge } from "./Mask.js"
import { fail, ofPresent, type Result } from "./maskError.js"
import { type PixelData, readPng } from "./pngReader.js"
import { writePng } from "./pngWriter.js"
import { byteCount, checkLength, toBytes } from "./sides.js"

/**
 * Values of pixels, line by line from the top left.
 *
 * @category models
 * @since 0.1.0
 */
export interface Raster {
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  /** The values of a pixel follow one another; that of pixel (x, y) begins at `(y * width + x) * channels`. */
  readonly data: ArrayLike<number> | ArrayLike<boolean>
}

/**
 * One label per pixel: a {@link Raster}, or an array of lines.
 *
 * @category models
 * @since 0.1.0
 */
export type LabelRaster = Raster | ReadonlyArray<ArrayLike<number> | ArrayLike<boolean>>

/**
 * Pixels as red, green, blue and alpha, one byte each.
 *
 * @category models
 * @since 0.1.0
 */
export interface Pixels {
  /** In pixels. */
  readonly width: number
  /** In pixels. */
  readonly height: number
  /** Four bytes per pixel, line by line from the top left. */
  readonly data: Uint8Array
}

const makeBrush = (bytes: Uint8Array, { height, width }: Omit<PixelData, "data">): Brush => ({
  kind: "brush",
  size: [width, height],
  bytes,
  mergeInto: (present) => merge(present, bytes)
})

const fromPixels = (pixels: PixelData): Brush => makeBrush(writePng(pixels), pixels)

const toRaster = (labels: LabelRaster): Result<Raster> => {
  if ("data" in labels) return Either.right(labels)
  const width = labels[0]?.length ?? 0
  const height = labels.length
  const other = labels.findIndex((line) => line.length !== width)
  if (other >= 0) {
    return fail("size", `Line ${other} has ${labels[other]?.length} values, and line 0 has ${width}.`)
  }
  return Either.map(byteCount([width, height], 4), () => {
    const data = new Float64Array(width * height)
    labels.forEach((line, row) => {
      for (let column = 0; column < width; column++) data[row * width + column] = Number(line[column])
    })
    return { width, height, data }
  })
}

// Pixels as one number each, in the byte order of the machine: several times as fast as four bytes.
const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length / 4)

// Empty pixels for a raster of the right length.
const makePixels = ({ data, height, width }: Raster, channels: number): Result<PixelData> =>
  byteCount([width, height], 4).pipe(
    Either.flatMap((count) =>
      Either.map(checkLength(data, [width, height], channels), () => new Uint8Array(count))
    ),
    Either.map((pixels) => ({ width, height, data: pixels }))
  )

/**
 * Makes a mask of labels: white and opaque where a label is not 0 (or is `true`), transparent elsewhere.
 *
 * @example
 * ```ts
 * import { PngMask } from "effect-ango"
 *
 * const mask = PngMask.fromLabels([
 *   [0, 0, 1],
 *   [0, 1, 1]
 * ])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLabels = (labels: LabelRaster): Either.Either<Brush, InvalidMask> =>
  Either.gen(function* () {
    const raster = yield* toRaster(labels)
    const pixels = yield* makePixels(raster, 1)
    const words = wordsOf(pixels.data)
    for (let index = 0; index < raster.data.length; index++) {
      if (Number(raster.data[index]) !== 0) words[index] = 0xffffffff
    }
    return fromPixels(pixels)
  })

/** The word of an opaque pixel. */
const toColor = (color: string): Result<number> => {
  if (!/^#[0-9a-f]{6}$/i.test(color)) {
    return fail("value", `${JSON.stringify(color)} is not a color. Give it as #rrggbb, such as #ff8800.`)
  }
  const rgb = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  return Either.right(wordsOf(Uint8Array.of(...rgb, 255))[0] ?? 0)
}

/**
 * Makes a mask of class numbers, each in the color of its class; 0 without a color is transparent. Fails if another
 * number has none. The platform finds the class of a pixel by its color: give the exact ones of the brush tools of the
 * ontology (docs/api-notes.md#answer-format).
 *
 * @example
 * ```ts
 * import { PngMask } from "effect-ango"
 *
 * const data = new Uint8Array(640 * 480)
 * const mask = PngMask.fromClasses({ width: 640, height: 480, data }, { 1: "#e6194b", 2: "#3cb44b" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromClasses = (
  labels: LabelRaster,
  colors: Readonly<Record<number, string>> | ReadonlyMap<number, string>
): Either.Either<Brush, InvalidMask> =>
  Either.gen(function* () {
    const entries = colors instanceof Map ? [...colors] : Object.entries(colors)
    const wordByLabel = new Map<number, number>()
    for (const [label, color] of entries) wordByLabel.set(Number(label), yield* toColor(color))
    const raster = yield* toRaster(labels)
    const pixels = yield* makePixels(raster, 1)
    const words = wordsOf(pixels.data)
    for (let index = 0; index < raster.data.length; index++) {
      const label = Number(raster.data[index])
      const word = wordByLabel.get(label)
      if (word !== undefined) words[index] = word
      else if (label !== 0) {
        return yield* fail(
          "value",
          `The label ${label} (index ${index}) has no color. Give one for each label.`
        )
      }
    }
    return fromPixels(pixels)
  })

/**
 * Makes a mask of three bytes per pixel: opaque where the color is not black, transparent elsewhere.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRgb = (raster: Raster): Either.Either<Brush, InvalidMask> =>
  Either.gen(function* () {
    const pixels = yield* makePixels(raster, 3)
    const rgb = yield* toBytes(raster.data)
    for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
      const [red = 0, green = 0, blue = 0] = [rgb[from], rgb[from + 1], rgb[from + 2]]
      pixels.data[to] = red
      pixels.data[to + 1] = green
      pixels.data[to + 2] = blue
      if ((red | green | blue) !== 0) pixels.data[to + 3] = 255
    }
    return fromPixels(pixels)
  })

/**
 * Makes a mask of four bytes per pixel (red, green, blue, alpha), which are kept as they are.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromRgba = (raster: Raster): Either.Either<Brush, InvalidMask> =>
  Either.gen(function* () {
    const pixels = yield* makePixels(raster, 4)
    pixels.data.set(yield* toBytes(raster.data))
    return fromPixels(pixels)
  })

/**
 * Makes a mask of the bytes of a PNG file, which are decoded once to check them, and sent as they are.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromBytes = (bytes: Uint8Array): Either.Either<Brush, InvalidMask> =>
  Either.map(readPng(bytes), (pixels) => makeBrush(bytes, pixels))

/**
 * Decodes the bytes of a PNG file of any color type, depth and interlacing. Of samples of 16 bits, the upper 8 are
 * returned. At most 1 GiB of pixels; a file that is incomplete or damaged fails with `InvalidMask`.
 *
 * @category codecs
 * @since 0.1.0
 */
export const decode: (bytes: Uint8Array) => Either.Either<Pixels, InvalidMask> = readPng

// The bits of a word that are its alpha.
const alpha = wordsOf(Uint8Array.of(0, 0, 0, 255))[0] ?? 0

/**
 * Merges two PNG files of the same size: pixels of `added` that are not transparent replace those of `present`. With
 * another size, the result is `added` alone, and says so. If `added` is transparent everywhere, the bytes of `present`
 * are returned unchanged.
 *
 * @category utilities
 * @since 0.1.0
 */
export const merge = (present: Uint8Array, added: Uint8Array): Either.Either<Merge<Brush>, InvalidMask> =>
  Either.gen(function* () {
    const above = yield* readPng(added)
    const below = yield* ofPresent(readPng(present))
    const presentSize = [below.width, below.height]
    if (above.width !== below.width || above.height !== below.height) {
      return { mask: makeBrush(added, above), isPresentKept: false, presentSize }
    }
    const { height, width } = below
    const data = Uint8Array.from(below.data)
    let isChanged = false
    const [from, to] = [wordsOf(above.data), wordsOf(data)]
    for (let pixel = 0; pixel < from.length; pixel++) {
      const word = from[pixel] ?? 0
      if ((word & alpha) === 0) continue
      isChanged = true
      to[pixel] = word
    }
    const mask = isChanged ? fromPixels({ width, height, data }) : makeBrush(present, below)
    return { mask, isPresentKept: true, presentSize }
  })
