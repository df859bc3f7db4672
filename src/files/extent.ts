// Length and checksum of a file or of its first bytes, to recognize the same bytes when they are received again.
import { crc32 } from "./crc32.js"

/** A length in bytes and the CRC-32 of that many bytes. */
export interface Extent {
  readonly bytes: number
  readonly crc: number
}

/** The extent of no bytes. */
export const none: Extent = { bytes: 0, crc: 0 }

/** The extent after `more` bytes were appended. */
export const extend = ({ bytes, crc }: Extent, more: Uint8Array): Extent => ({
  bytes: bytes + more.length,
  crc: crc32(more, crc)
})

/** Whether both extents have the same length and checksum. */
export const isSame = (one: Extent, other: Extent): boolean =>
  one.bytes === other.bytes && one.crc === other.crc

/** Compares bytes that are received again with the bytes of an extent. */
export interface Comparison {
  /** Returns the bytes that follow the extent, possibly none; `undefined` when the bytes differ from it. */
  readonly feed: (bytes: Uint8Array) => Uint8Array | undefined
  /** Whether all bytes of the extent were received. */
  readonly isOver: () => boolean
}

/** A comparison with the bytes of `expected`. They are compared by checksum once all of them were received. */
export const compare = (expected: Extent): Comparison => {
  let received = none
  return {
    isOver: () => received.bytes >= expected.bytes,
    feed: (bytes) => {
      if (received.bytes === expected.bytes) return bytes
      const repeated = bytes.subarray(0, expected.bytes - received.bytes)
      received = extend(received, repeated)
      return received.bytes < expected.bytes || received.crc === expected.crc
        ? bytes.subarray(repeated.length)
        : undefined
    }
  }
}
