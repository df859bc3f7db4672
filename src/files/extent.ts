// How much there is of a file, and whether what comes again is the same.
import { crc32 } from "./crc32.js"

/** So many bytes with this CRC-32. */
export interface Extent {
  readonly bytes: number
  readonly crc: number
}

/** Of nothing. */
export const none: Extent = { bytes: 0, crc: 0 }

/** With more bytes behind it. */
export const extend = ({ bytes, crc }: Extent, more: Uint8Array): Extent => ({
  bytes: bytes + more.length,
  crc: crc32(more, crc)
})

/** Whether both are of the same bytes, as far as a length and a checksum can tell. */
export const isSame = (one: Extent, other: Extent): boolean =>
  one.bytes === other.bytes && one.crc === other.crc

/** Holds bytes that come once more to those that are there. */
export interface Comparison {
  /** What goes beyond those that are there; nothing when these were others. */
  readonly feed: (bytes: Uint8Array) => Uint8Array | undefined
  /** Whether as many came as there are. */
  readonly isOver: () => boolean
}

/** A comparison with what is there. */
export const compare = (there: Extent): Comparison => {
  let seen = none
  return {
    isOver: () => seen.bytes >= there.bytes,
    feed: (bytes) => {
      if (seen.bytes === there.bytes) return bytes
      const known = bytes.subarray(0, there.bytes - seen.bytes)
      seen = extend(seen, known)
      return seen.bytes < there.bytes || seen.crc === there.crc ? bytes.subarray(known.length) : undefined
    }
  }
}
