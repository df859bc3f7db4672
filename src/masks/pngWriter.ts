import { zlibSync } from "fflate"
import { crc32 } from "../files/crc32.js"
import { concat } from "../utils/concat.js"
import { type PixelData, signature } from "./pngReader.js"

const toChunk = (type: string, data: Uint8Array): Uint8Array => {
  const chunk = new Uint8Array(data.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4
  )
  chunk.set(data, 8)
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, -4)))
  return chunk
}

/** Writes pixels as a PNG with four channels of 8 bits. */
export const writePng = ({ data, height, width }: PixelData): Uint8Array => {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 6], 8)
  const length = 4 * width
  // Without filters, which do not help with the plain areas of masks: the first byte of each line is 0.
  const lines = new Uint8Array(height * (length + 1))
  for (let row = 0; row < height; row++) {
    lines.set(data.subarray(row * length, (row + 1) * length), row * (length + 1) + 1)
  }
  return concat([
    signature,
    toChunk("IHDR", header),
    toChunk("IDAT", zlibSync(lines)),
    toChunk("IEND", new Uint8Array(0))
  ])
}
