import * as Either from "effect/Either"
import { gzipSync } from "fflate"
import { crc32 } from "../files/crc32.js"
import { inflate } from "./inflation.js"
import { fail, type Result } from "./maskError.js"

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 }

/** The index of the deflated data, after the header; `undefined` if it is not a gzip header. */
const dataStart = (file: Uint8Array): number | undefined => {
  const flag = file[3] ?? 0
  if (file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8) return undefined
  let at = 10
  if (flag & flags.extra) at += 2 + (file[at] ?? 0) + ((file[at + 1] ?? 0) << 8)
  for (const text of [flags.name, flags.comment]) {
    if (flag & text) {
      const end = file.indexOf(0, at)
      if (end < 0) return undefined
      at = end + 1
    }
  }
  return flag & flags.headerChecksum ? at + 2 : at
}

/** Inflates a gzip file of one member, which has to contain exactly `length` bytes. */
export const gunzip = (file: Uint8Array, length: number): Result<Uint8Array> => {
  const start = dataStart(file)
  if (start === undefined || file.length < start + 8) {
    return fail(
      "damaged",
      "The data of the NRRD are not compressed with gzip, as its header says. Get the complete file."
    )
  }
  const trailer = new DataView(file.buffer, file.byteOffset + file.length - 8, 8)
  return Either.flatMap(inflate(file.subarray(start, -8), length), (bytes) =>
    crc32(bytes) === trailer.getUint32(0, true)
      ? Either.right(bytes)
      : fail("damaged", "The data of the NRRD do not match their checksum. Get the complete file.")
  )
}

/** Compresses bytes; the same bytes give the same file, which has no name and no time. */
export const gzip = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { mtime: 0 })
