// Where the content of an entry ends whose header does not say so. After it stands a data descriptor (checksum, packed
// size, size; as 32 or 64 bits, with a signature or without), and after that always the next record. So the end is
// where a record begins and the bytes before it tell the very number of bytes that came: 64 bits or more that would
// have to agree by chance. What they tell of the content is checked against it afterwards.
import { signatures, uint64, viewOf } from "./zipRecords.js"

/** What stands after the content. */
export interface Descriptor {
  readonly crc: number
  readonly packedSize: number
  readonly size: number
}

/** The content's last bytes end at `at`, and the descriptor's at `next`. */
export interface Found extends Descriptor {
  readonly at: number
  readonly next: number
}

/** The longest descriptor, which stands before the record that ends the content. */
export const longest = 24

/** How many bytes must be at hand to look at one place: a descriptor, and the signature after it. */
export const window = longest + 4

const forms = [
  { length: 16, isSigned: true, isWide: false },
  { length: 24, isSigned: true, isWide: true },
  { length: 12, isSigned: false, isWide: false },
  { length: 20, isSigned: false, isWide: true }
]

const read = (view: DataView, at: number, isWide: boolean): Descriptor => ({
  crc: view.getUint32(at, true),
  packedSize: isWide ? uint64(view, at + 4) : view.getUint32(at + 4, true),
  size: isWide ? uint64(view, at + 12) : view.getUint32(at + 8, true)
})

/**
 * The first descriptor in `bytes` that ends at `from` or later, where `before` bytes of the content came before them,
 * and that `accepts` takes for the right one.
 */
export const findDescriptor = (
  bytes: Uint8Array,
  from: number,
  before: number,
  accepts: (found: Found) => boolean
): Found | undefined => {
  const view = viewOf(bytes)
  for (let next = bytes.indexOf(0x50, from); next >= 0 && next + 4 <= bytes.length; ) {
    const signature = view.getUint32(next, true)
    if (signature === signatures.central || signature === signatures.local) {
      for (const { isSigned, isWide, length } of forms) {
        const at = next - length
        if (at < 0 || (isSigned && view.getUint32(at, true) !== signatures.descriptor)) continue
        const found = { ...read(view, isSigned ? at + 4 : at, isWide), at, next }
        if (found.packedSize === before + at && accepts(found)) return found
      }
    }
    next = bytes.indexOf(0x50, next + 1)
  }
  return undefined
}
