// Reads PNG images of every kind into pixels. The libraries that were considered read interlaced images of less than 8
// bits wrongly, return a truncated image as a complete one, and inflate any amount of data for a small header.
import * as Either from "effect/Either"
import { crc32 } from "../files/crc32.js"
import { join } from "../utils/concat.js"
import { inflate } from "./inflation.js"
import { fail, type Result } from "./maskError.js"
import { unfilter } from "./pngFilter.js"
import { type Pass, type PngHeader, passesOf, readPngHeader } from "./pngHeader.js"
import { byteCount } from "./sides.js"

/** Pixels as red, green, blue and alpha, line by line. */
export interface PixelData {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** The chunks of an image that its pixels need. */
interface Chunks {
  readonly header: PngHeader
  readonly palette: Uint8Array
  readonly transparency: Uint8Array | undefined
  /** The compressed pixels. */
  readonly packed: Uint8Array
}

const incomplete = fail("damaged", "The PNG is incomplete. Get the complete file.")

const needed = ["IHDR", "PLTE", "IDAT", "IEND"]

const readChunks = (bytes: Uint8Array): Result<Chunks> => {
  if (!signature.every((byte, index) => bytes[index] === byte)) {
    return fail("format", "The mask is not a PNG: its first bytes are others. Give the bytes of a PNG file.")
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let header: PngHeader | undefined
  let palette: Uint8Array = new Uint8Array(0)
  let transparency: Uint8Array | undefined
  const parts: Array<Uint8Array> = []
  for (let at = signature.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const end = at + 8 + length
    if (end + 4 > bytes.length) return incomplete
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    const data = bytes.subarray(at + 8, end)
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      return fail("damaged", `The chunk ${JSON.stringify(type)} of the PNG does not match its checksum.`)
    }
    if (header === undefined) {
      if (type !== "IHDR") return fail("damaged", "The PNG does not begin with its header.")
      const read = readPngHeader(data)
      if (Either.isLeft(read)) return Either.left(read.left)
      header = read.right
    }
    if (type === "PLTE") palette = data
    if (type === "tRNS") transparency = data
    if (type === "IDAT") parts.push(data)
    if (type === "IEND") return Either.right({ header, palette, transparency, packed: join(parts) })
    // A capital says that an image cannot be shown without the chunk.
    if (/^[A-Z]/.test(type) && !needed.includes(type)) {
      return fail("unsupported", `The PNG has a chunk ${JSON.stringify(type)}, which PNG does not define.`)
    }
    at = end + 4
  }
  return incomplete
}

/** The sample with this index in a line. */
const sampleAt = (line: Uint8Array, index: number, bits: number): number => {
  if (bits === 8) return line[index] ?? 0
  if (bits === 16) return ((line[2 * index] ?? 0) << 8) | (line[2 * index + 1] ?? 0)
  const bit = index * bits
  return ((line[bit >> 3] ?? 0) >> (8 - bits - (bit & 7))) & ((1 << bits) - 1)
}

const toByte = (sample: number, bits: number): number =>
  bits === 16 ? sample >> 8 : (sample * 255) / ((1 << bits) - 1)

/** Writes the pixel of a line with this index to `target`; `false` if it has no color. */
type CopyPixel = (line: Uint8Array, index: number, target: Uint8Array, at: number) => boolean

const paletteCopier =
  ({ header: { bits }, palette, transparency }: Chunks): CopyPixel =>
  (line, index, target, at) => {
    const entry = sampleAt(line, index, bits)
    target[at] = palette[3 * entry] ?? 0
    target[at + 1] = palette[3 * entry + 1] ?? 0
    target[at + 2] = palette[3 * entry + 2] ?? 0
    target[at + 3] = transparency?.[entry] ?? 255
    return 3 * entry + 2 < palette.length
  }

const sampleCopier = ({ header: { bits, channels, color }, transparency }: Chunks): CopyPixel => {
  const isColored = color === "rgb" || color === "rgba"
  const hasAlpha = color === "gray-alpha" || color === "rgba"
  // The one color that is transparent, in samples of the image.
  const clear = hasAlpha || transparency === undefined ? undefined : transparency
  return (line, index, target, at) => {
    const first = index * channels
    let isClear = clear !== undefined
    for (let channel = 0; channel < 3; channel++) {
      const source = isColored ? channel : 0
      const sample = sampleAt(line, first + source, bits)
      target[at + channel] = toByte(sample, bits)
      if (clear !== undefined && sample !== sampleAt(clear, source, 16)) isClear = false
    }
    const alpha = hasAlpha ? toByte(sampleAt(line, first + channels - 1, bits), bits) : 255
    target[at + 3] = isClear ? 0 : alpha
    return true
  }
}

// The lines of the most common kind are the pixels themselves.
const copyLines = (lines: Uint8Array, { lineLength, rows }: Pass, target: Uint8Array): void => {
  for (let row = 0; row < rows; row++) {
    const start = row * (lineLength + 1) + 1
    target.set(lines.subarray(start, start + lineLength), row * lineLength)
  }
}

const copyPass = (
  lines: Uint8Array,
  offset: number,
  pass: Pass,
  { copy, width }: { readonly copy: CopyPixel; readonly width: number },
  target: Uint8Array
): boolean => {
  for (let row = 0; row < pass.rows; row++) {
    const start = offset + row * (pass.lineLength + 1) + 1
    const line = lines.subarray(start, start + pass.lineLength)
    const y = pass.y + row * pass.stepY
    for (let column = 0; column < pass.columns; column++) {
      const x = pass.x + column * pass.stepX
      if (!copy(line, column, target, 4 * (y * width + x))) return false
    }
  }
  return true
}

const toPixels = (chunks: Chunks, lines: Uint8Array, passes: ReadonlyArray<Pass>): Result<PixelData> => {
  const { bits, channels, color, height, isInterlaced, width } = chunks.header
  const data = new Uint8Array(4 * width * height)
  const copy = color === "palette" ? paletteCopier(chunks) : sampleCopier(chunks)
  let offset = 0
  for (const pass of passes) {
    const { lineLength, rows } = pass
    const pixelLength = Math.max(1, (bits * channels) / 8)
    const result = unfilter(lines, { offset, rows, lineLength, pixelLength })
    if (Either.isLeft(result)) return Either.left(result.left)
    if (color === "rgba" && bits === 8 && !isInterlaced) copyLines(lines, pass, data)
    else if (!copyPass(lines, offset, pass, { copy, width }, data)) {
      return fail("damaged", "The PNG has a pixel whose color is not in its palette.")
    }
    offset += rows * (lineLength + 1)
  }
  return Either.right({ width, height, data })
}

// A zlib stream: two bytes, the deflated data, and a checksum, which the checksums of the chunks include.
const inflateZlib = (packed: Uint8Array, length: number): Result<Uint8Array> => {
  const [method = 0, flags = 0] = packed
  const isZlib = packed.length > 6 && (method & 15) === 8 && ((method << 8) | flags) % 31 === 0
  return isZlib && (flags & 32) === 0
    ? inflate(packed.subarray(2, -4), length)
    : fail("damaged", "The pixels of the PNG are not compressed as PNG requires. Get the complete file.")
}

/** Reads a PNG of any color type, depth (16 bits are rounded down to 8) and interlacing. */
export const readPng = (bytes: Uint8Array): Result<PixelData> =>
  Either.flatMap(readChunks(bytes), (chunks) => {
    const passes = passesOf(chunks.header)
    const length = passes.reduce((sum, { lineLength, rows }) => sum + rows * (lineLength + 1), 0)
    return byteCount([length], 1).pipe(
      Either.flatMap(() => inflateZlib(chunks.packed, length)),
      Either.flatMap((lines) => toPixels(chunks, lines, passes))
    )
  })
