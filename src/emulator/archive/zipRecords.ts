/**
 * The records of ZIP archives (PKWARE's APPNOTE.TXT), as bytes.
 */
import { concat } from "../../utils/concat.js"

/** What is known of an entry once its content was packed. */
export interface Packed {
  readonly crc: number
  /** In bytes, before and after packing. */
  readonly size: number
  readonly packedSize: number
}

/** What an entry's records say. */
export interface EntryRecord {
  readonly name: string
  readonly method: "stored" | "deflated"
  /** Whether checksum and sizes come after the content, and not before it. */
  readonly hasDescriptor: boolean
  /** Whether its sizes are told in eight bytes. */
  readonly isLarge: boolean
  readonly time: Date
}

const encoder = new TextEncoder()

/** What four bytes can tell. */
export const limit = 0xffff_ffff

const most16 = 0xffff

type Field = readonly [bytes: 2 | 4 | 8, value: number]

const write = (fields: ReadonlyArray<Field>, ...rest: ReadonlyArray<Uint8Array>): Uint8Array => {
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

// Seconds are told in pairs, and years from 1980.
const timeOf = (time: Date): ReadonlyArray<Field> => [
  [2, (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)],
  [2, (Math.max(0, time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()]
]

const largeExtra = (values: ReadonlyArray<number>): Uint8Array =>
  values.length === 0
    ? new Uint8Array()
    : write([[2, 1], [2, 8 * values.length], ...values.map((value): Field => [8, value])])

const nothing: Packed = { crc: 0, size: 0, packedSize: 0 }

/** What comes before an entry's content; `packed` when the sizes do not follow. */
export const localHeader = (entry: EntryRecord, packed: Packed = nothing): Uint8Array => {
  const name = encoder.encode(entry.name)
  const extra = entry.isLarge ? largeExtra([packed.size, packed.packedSize]) : largeExtra([])
  return write(
    [
      [4, 0x04034b50],
      [2, versionOf(entry.isLarge)],
      [2, flagsOf(entry)],
      [2, methods[entry.method]],
      ...timeOf(entry.time),
      [4, packed.crc],
      [4, entry.isLarge ? limit : packed.packedSize],
      [4, entry.isLarge ? limit : packed.size],
      [2, name.length],
      [2, extra.length]
    ],
    name,
    extra
  )
}

/** What comes after a content whose sizes follow. */
export const descriptor = ({ isLarge }: EntryRecord, { crc, packedSize, size }: Packed): Uint8Array => {
  const bytes = isLarge ? 8 : 4
  return write([
    [4, 0x08074b50],
    [4, crc],
    [bytes, packedSize],
    [bytes, size]
  ])
}

/** An entry in the list at the end; `offset` is where its local header begins. */
export const centralHeader = (entry: EntryRecord, packed: Packed, offset: number): Uint8Array => {
  const name = encoder.encode(entry.name)
  const isFar = entry.isLarge || offset >= limit
  const extra = largeExtra([
    ...(entry.isLarge ? [packed.size, packed.packedSize] : []),
    ...(isFar ? [offset] : [])
  ])
  return write(
    [
      [4, 0x02014b50],
      [2, versionOf(isFar)],
      [2, versionOf(isFar)],
      [2, flagsOf(entry)],
      [2, methods[entry.method]],
      ...timeOf(entry.time),
      [4, packed.crc],
      [4, entry.isLarge ? limit : packed.packedSize],
      [4, entry.isLarge ? limit : packed.size],
      [2, name.length],
      [2, extra.length],
      // No comment, one disk, no attributes.
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, isFar ? limit : offset]
    ],
    name,
    extra
  )
}

/** The end of an archive: where its list is, `size` bytes from `offset`. */
export const endOf = (
  list: { readonly entries: number; readonly size: number; readonly offset: number },
  isForced: boolean
): Uint8Array => {
  const { entries, offset, size } = list
  const isLarge = isForced || entries >= most16 || offset >= limit || size >= limit
  const large = isLarge
    ? write([
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
        // Where the record that was just written begins.
        [4, 0x07064b50],
        [4, 0],
        [8, offset + size],
        [4, 1]
      ])
    : new Uint8Array()
  const [count, bytes, place] = isLarge ? [most16, limit, limit] : [entries, size, offset]
  const end = write([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, bytes],
    [4, place],
    [2, 0]
  ])
  return write([], large, end)
}
