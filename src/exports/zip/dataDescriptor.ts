// Finds the end of an entry whose header does not declare its size. The content is followed by a data descriptor
// (checksum, packed size, size; of 32 or 64 bits each, with or without a signature), and that by the next record. So
// the content ends where a record signature follows a descriptor with exactly the packed size that was read: at least
// 64 bits that would have to match by chance. The checksum and the size of the descriptor are verified afterwards.
import { signatures, uint64, viewOf } from "./zipRecords.js"

/** A data descriptor. */
export interface DataDescriptor {
  readonly crc: number
  readonly packedSize: number
  readonly size: number
}

/** A descriptor in a buffer: it begins at index `at`, and the next record at index `next`. */
export interface LocatedDescriptor extends DataDescriptor {
  readonly at: number
  readonly next: number
}

/** The number of bytes needed to recognize a descriptor: the longest descriptor and the signature after it. */
export const window = 24 + 4

const forms = [
  { length: 16, isSigned: true, isWide: false },
  { length: 24, isSigned: true, isWide: true },
  { length: 12, isSigned: false, isWide: false },
  { length: 20, isSigned: false, isWide: true }
]

const read = (view: DataView, at: number, isWide: boolean): DataDescriptor => ({
  crc: view.getUint32(at, true),
  packedSize: isWide ? uint64(view, at + 4) : view.getUint32(at + 4, true),
  size: isWide ? uint64(view, at + 12) : view.getUint32(at + 8, true)
})

/**
 * The first descriptor in `bytes` that ends at index `from` or later and that `accepts`. `before` is the number of
 * content bytes before `bytes`.
 */
export const findDescriptor = (
  bytes: Uint8Array,
  from: number,
  before: number,
  accepts: (candidate: LocatedDescriptor) => boolean
): LocatedDescriptor | undefined => {
  const view = viewOf(bytes)
  for (let next = bytes.indexOf(0x50, from); next >= 0 && next + 4 <= bytes.length; ) {
    const signature = view.getUint32(next, true)
    if (signature === signatures.central || signature === signatures.local) {
      for (const { isSigned, isWide, length } of forms) {
        const at = next - length
        if (at < 0 || (isSigned && view.getUint32(at, true) !== signatures.descriptor)) continue
        const candidate = { ...read(view, isSigned ? at + 4 : at, isWide), at, next }
        if (candidate.packedSize === before + at && accepts(candidate)) return candidate
      }
    }
    next = bytes.indexOf(0x50, next + 1)
  }
  return undefined
}
