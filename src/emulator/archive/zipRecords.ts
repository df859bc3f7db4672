/**
 * The records of ZIP archives (PKWARE's APPNOTE.TXT), as bytes.
 */
import { concat } from "../../utils/concat.js"

/** Checksum and sizes of an entry. */
export interface EntrySizes {
  readonly crc: number
  /** Bytes before and after compression. */
  readonly size: number
  readonly packedSize: number
}

/** The fields of an entry's headers. */
export interface EntryRecord {
  readonly name: string
  readonly method: "stored" | "deflated"
  /** Whether checksum and sizes follow the content in a data descriptor, instead of preceding it. */
  readonly hasDescriptor: boolean
  /** Whether sizes have eight bytes (ZIP64). */
  readonly isLarge: boolean
  readonly time: Date
}

const encoder = new TextEncoder()

/** The largest value of four bytes. */
export const max32 = 0xffff_ffff

const max16 = 0xffff

type Field = readonly [bytes: 2 | 4 | 8, value: number]

const writeRecord = (fields: ReadonlyArray<Field>, ...rest: ReadonlyArray<Uint8Array>): Uint8Array => {
  const head = new Uint8Array(fields.reduce((sum, [bytes]) => sum + bytes, 0))
  const view = new DataView(head.buffer)
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true)
    else if (bytes === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += bytes
  }
  return concat([head, ...rest])
}

const methods = { stored: 0, deflated: 8 } as const

const nameIsUtf8 = 0x800
const sizesFollow = 0x8

const flagsOf = ({ hasDescriptor }: EntryRecord): number => nameIsUtf8 | (hasDescriptor ? sizesFollow : 0)

const versionOf = (isLarge: boolean): number => (isLarge ? 45 : 20)

// Times have a resolution of two seconds, years count from 1980.
const timeFields = (time: Date): ReadonlyArray<Field> => [
  [2, (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)],
  [2, (Math.max(0, time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()]
]

const zip64Extra = (values: ReadonlyArray<number>): Uint8Array =>
  values.length === 0
    ? new Uint8Array()
    : writeRecord([[2, 1], [2, 8 * values.length], ...values.map((value): Field => [8, value])])

const noSizes: EntrySizes = { crc: 0, size: 0, packedSize: 0 }

/** The header before an entry's content; pass `packed` unless the sizes follow in a descriptor. */
export const localHeader = (entry: EntryRecord, packed: EntrySizes = noSizes): Uint8Array => {
  const name = encoder.encode(entry.name)
  const extra = entry.isLarge ? zip64Extra([packed.size, packed.packedSize]) : zip64Extra([])
  return writeRecord(
    [
      [4, 0x04034b50],
      [2, versionOf(entry.isLarge)],
      [2, flagsOf(entry)],
      [2, methods[entry.method]],
      ...timeFields(entry.time),
      [4, packed.crc],
      [4, entry.isLarge ? max32 : packed.packedSize],
      [4, entry.isLarge ? max32 : packed.size],
      [2, name.length],
      [2, extra.length]
    ],
    name,
    extra
  )
}

/** The data descriptor after the content of an entry with `hasDescriptor`. */
export const descriptor = ({ isLarge }: EntryRecord, { crc, packedSize, size }: EntrySizes): Uint8Array => {
  const bytes = isLarge ? 8 : 4
  return writeRecord([
    [4, 0x08074b50],
    [4, crc],
    [bytes, packedSize],
    [bytes, size]
  ])
}

/** An entry of the central directory; `offset` is that of its local header. */
export const centralHeader = (entry: EntryRecord, packed: EntrySizes, offset: number): Uint8Array => {
  const name = encoder.encode(entry.name)
  const isFar = entry.isLarge || offset >= max32
  const extra = zip64Extra([
    ...(entry.isLarge ? [packed.size, packed.packedSize] : []),
    ...(isFar ? [offset] : [])
  ])
  return writeRecord(
    [
      [4, 0x02014b50],
      [2, versionOf(isFar)],
      [2, versionOf(isFar)],
      [2, flagsOf(entry)],
      [2, methods[entry.method]],
      ...timeFields(entry.time),
      [4, packed.crc],
      [4, entry.isLarge ? max32 : packed.packedSize],
      [4, entry.isLarge ? max32 : packed.size],
      [2, name.length],
      [2, extra.length],
      // No comment, one disk, no attributes.
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, isFar ? max32 : offset]
    ],
    name,
    extra
  )
}

/** The end of an archive, with the place of its central directory; `forceZip64` adds the ZIP64 records in any case. */
export const endOfArchive = (
  directory: { readonly entries: number; readonly size: number; readonly offset: number },
  forceZip64: boolean
): Uint8Array => {
  const { entries, offset, size } = directory
  const isLarge = forceZip64 || entries >= max16 || offset >= max32 || size >= max32
  const large = isLarge
    ? writeRecord([
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, entries],
        [8, entries],
        [8, size],
        [8, offset],
        // The offset of the preceding record.
        [4, 0x07064b50],
        [4, 0],
        [8, offset + size],
        [4, 1]
      ])
    : new Uint8Array()
  const [count, bytes, directoryOffset] = isLarge ? [max16, max32, max32] : [entries, size, offset]
  const end = writeRecord([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, bytes],
    [4, directoryOffset],
    [2, 0]
  ])
  return writeRecord([], large, end)
}
