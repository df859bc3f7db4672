// What the entries were, kept in a few numbers however many they are, to compare those that came with those that the
// central directory lists, in whatever order.
import { crc32 } from "../../files/crc32.js"
import type { Told } from "./zipRecords.js"

/** Sums over entries. */
export interface Tally {
  count: number
  /** Of a checksum of each entry's name, method, sizes and checksum. */
  prints: number
  /** Of the places of the entries. */
  places: number
}

/** A tally of nothing yet. */
export const makeTally = (): Tally => ({ count: 0, prints: 0, places: 0 })

// The sums wrap around here, so that they stay exact.
const modulus = 2 ** 48

const wrap = (value: number): number => ((value % modulus) + modulus) % modulus

const record = new DataView(new ArrayBuffer(22))
const recordBytes = new Uint8Array(record.buffer)

/** Counts one entry in. */
export const count = (tally: Tally, name: Uint8Array, told: Omit<Told, "flags">, place: number): void => {
  record.setUint16(0, told.method, true)
  record.setUint32(2, told.crc, true)
  record.setFloat64(6, told.size, true)
  record.setFloat64(14, told.packedSize, true)
  tally.count += 1
  tally.prints = wrap(tally.prints + crc32(recordBytes, crc32(name)))
  tally.places = wrap(tally.places + place)
}

/** Whether both counted the same entries, where all places of `listed` are `base` bytes less than in `seen`. */
export const agree = (seen: Tally, listed: Tally, base: number): boolean =>
  seen.count === listed.count &&
  seen.prints === listed.prints &&
  wrap(seen.places - listed.places) === wrap(seen.count * base)
