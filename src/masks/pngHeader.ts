// The header of a PNG image, and how its pixels are laid out in the inflated data.
import * as Either from "effect/Either"
import { fail, type Result } from "./maskError.js"
import { byteCount } from "./sides.js"

/** The header of a PNG; `channels` are the samples of a pixel, `bits` those of a sample. */
export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly color: "gray" | "rgb" | "palette" | "gray-alpha" | "rgba"
  readonly channels: number
  readonly isInterlaced: boolean
}

/** A part of an image that is stored by itself: every `stepX`th pixel of every `stepY`th line, from `x` and `y` on. */
export interface Pass {
  readonly x: number
  readonly y: number
  readonly stepX: number
  readonly stepY: number
  readonly columns: number
  readonly rows: number
  /** Bytes of a line, without the byte of its filter. */
  readonly lineLength: number
}

const kinds: Readonly<
  Record<number, Pick<PngHeader, "channels" | "color"> & { bits: ReadonlyArray<number> }>
> = {
  0: { color: "gray", channels: 1, bits: [1, 2, 4, 8, 16] },
  2: { color: "rgb", channels: 3, bits: [8, 16] },
  3: { color: "palette", channels: 1, bits: [1, 2, 4, 8] },
  4: { color: "gray-alpha", channels: 2, bits: [8, 16] },
  6: { color: "rgba", channels: 4, bits: [8, 16] }
}

/** Reads the data of the chunk IHDR. Fails for an image that is too large, before anything is allocated for it. */
export const readPngHeader = (data: Uint8Array): Result<PngHeader> => {
  const [bits = 0, colorType = -1, compression, filter, interlace = -1] = data.subarray(8)
  const kind = kinds[colorType]
  if (data.length !== 13 || kind === undefined || !kind.bits.includes(bits)) {
    return fail("damaged", "The header of the PNG is invalid. Get the complete file.")
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    return fail(
      "unsupported",
      "The PNG has a compression, filter or interlace method that PNG does not define."
    )
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const width = view.getUint32(0)
  const height = view.getUint32(4)
  const { channels, color } = kind
  return Either.map(byteCount([width, height], 4), () => ({
    width,
    height,
    bits,
    color,
    channels,
    isInterlaced: interlace === 1
  }))
}

const grids = {
  plain: [[0, 0, 1, 1]],
  interlaced: [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2]
  ]
} as const

/** The passes of an image, in the order of its data. Those without pixels are left out. */
export const passesOf = ({ bits, channels, height, isInterlaced, width }: PngHeader): ReadonlyArray<Pass> =>
  (isInterlaced ? grids.interlaced : grids.plain).flatMap(([x, y, stepX, stepY]) => {
    const columns = Math.ceil((width - x) / stepX)
    const rows = Math.ceil((height - y) / stepY)
    const lineLength = Math.ceil((columns * bits * channels) / 8)
    return columns > 0 && rows > 0 ? [{ x, y, stepX, stepY, columns, rows, lineLength }] : []
  })
