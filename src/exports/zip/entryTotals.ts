// Totals over entries, to compare the entries that were read with those in the central directory. They take constant
// memory and do not depend on the order of the entries.
import { crc32 } from "../../files/crc32.js"
import type { EntryMetadata } from "./zipRecords.js"

/** Totals over entries. */
export interface EntryTotals {
  count: number
  /** The sum of a checksum per entry, of its name, method, sizes and CRC-32. */
  checksums: number
  /** The sum of the offsets of the entries. */
  offsets: number
}

/** The totals over no entries. */
export const makeTotals = (): EntryTotals => ({ count: 0, checksums: 0, offsets: 0 })

// Sums wrap around at this value, so that they stay exact integers.
const modulus = 2 ** 48

const wrap = (value: number): number => ((value % modulus) + modulus) % modulus

const record = new DataView(new ArrayBuffer(22))
const recordBytes = new Uint8Array(record.buffer)

/** Adds an entry to the totals. */
export const addEntry = (
  totals: EntryTotals,
  name: Uint8Array,
  metadata: Omit<EntryMetadata, "flags">,
  offset: number
): void => {
  record.setUint16(0, metadata.method, true)
  record.setUint32(2, metadata.crc, true)
  record.setFloat64(6, metadata.size, true)
  record.setFloat64(14, metadata.packedSize, true)
  totals.count += 1
  totals.checksums = wrap(totals.checksums + crc32(recordBytes, crc32(name)))
  totals.offsets = wrap(totals.offsets + offset)
}

/** Whether both are totals of the same entries, when all offsets in `listed` are `base` bytes less than in `read`. */
export const isEqual = (read: EntryTotals, listed: EntryTotals, base: number): boolean =>
  read.count === listed.count &&
  read.checksums === listed.checksums &&
  wrap(read.offsets - listed.offsets) === wrap(read.count * base)
