// Writes ZIP archives byte by byte, so that tests can change each part of them.
import { crc32, deflateRawSync } from "node:zlib"

export type Form = "known" | "signed" | "unsigned" | "signed64" | "unsigned64"

export interface EntryOptions {
  readonly name: string | Uint8Array
  readonly text: string | Uint8Array
  readonly method?: number
  /** Whether the sizes are in the header (`known`), or in a data descriptor after the content, and in which form. */
  readonly form?: Form
  readonly flags?: number
  readonly zip64?: boolean
  /** Wrong values for the records. */
  readonly crc?: number
  readonly size?: number
  readonly listed?: { readonly name?: string; readonly crc?: number; readonly size?: number }
}

export interface ArchiveOptions {
  readonly leading?: Uint8Array
  /** Whether offsets are counted from the first entry, as when bytes are prepended to a finished archive. */
  readonly isShifted?: boolean
  readonly comment?: string
  readonly trailing?: Uint8Array
  readonly zip64?: boolean
  readonly count?: number
}

const u16 = (value: number) => [value & 0xff, (value >>> 8) & 0xff]
const u32 = (value: number) => [...u16(value), ...u16(Math.floor(value / 0x10000))]
const u64 = (value: number) => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]

export const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? new TextEncoder().encode(text) : text

const full = 0xffffffff

const entryParts = (options: EntryOptions, offset: number) => {
  const { flags = 0, form = "known", method = 8, zip64 = false } = options
  const name = bytesOf(options.name)
  const content = bytesOf(options.text)
  const packed = method === 8 ? deflateRawSync(content) : content
  const size = options.size ?? content.length
  const crc = options.crc ?? crc32(content)
  const isKnown = form === "known"
  const isWide = form.endsWith("64")
  const width = isWide ? u64 : u32
  const bits = u16(flags | (isKnown ? 0 : 8))
  const sizes = zip64
    ? [...u32(isKnown ? crc : 0), ...u32(full), ...u32(full)]
    : isKnown
      ? [...u32(crc), ...u32(packed.length), ...u32(size)]
      : [...u32(0), ...u32(0), ...u32(0)]
  const extra = zip64
    ? [...u16(1), ...u16(16), ...u64(isKnown ? size : 0), ...u64(isKnown ? packed.length : 0)]
    : []
  const local = Buffer.concat([
    Buffer.from([...u32(0x04034b50), ...u16(20), ...bits, ...u16(method), ...u32(0), ...sizes]),
    Buffer.from([...u16(name.length), ...u16(extra.length)]),
    name,
    Buffer.from(extra),
    packed,
    Buffer.from(
      isKnown
        ? []
        : [
            ...(form.startsWith("signed") ? u32(0x08074b50) : []),
            ...u32(crc),
            ...width(packed.length),
            ...width(size)
          ]
    )
  ])
  const listedName = bytesOf(options.listed?.name ?? name)
  const listedSize = options.listed?.size ?? size
  const listedExtra = zip64
    ? [...u16(1), ...u16(24), ...u64(listedSize), ...u64(packed.length), ...u64(offset)]
    : []
  const central = Buffer.concat([
    Buffer.from([...u32(0x02014b50), ...u16(20), ...u16(20), ...bits, ...u16(method), ...u32(0)]),
    Buffer.from([
      ...u32(options.listed?.crc ?? crc),
      ...u32(zip64 ? full : packed.length),
      ...u32(zip64 ? full : listedSize),
      ...u16(listedName.length),
      ...u16(listedExtra.length),
      ...u16(0),
      ...u16(0),
      ...u16(0),
      ...u32(0),
      ...u32(zip64 ? full : offset)
    ]),
    listedName,
    Buffer.from(listedExtra)
  ])
  return { central, local }
}

/** Writes an archive. */
export const archiveOf = (
  entries: ReadonlyArray<EntryOptions>,
  { comment = "", count, isShifted = false, leading, trailing, zip64 = false }: ArchiveOptions = {}
): Uint8Array => {
  const locals: Array<Uint8Array> = leading === undefined ? [] : [leading]
  const centrals: Array<Uint8Array> = []
  let at = leading === undefined || isShifted ? 0 : leading.length
  for (const entry of entries) {
    const { central, local } = entryParts(entry, at)
    at += local.length
    locals.push(local)
    centrals.push(central)
  }
  const size = centrals.reduce((sum, central) => sum + central.length, 0)
  const total = count ?? entries.length
  const end64 = zip64
    ? [
        ...[...u32(0x06064b50), ...u64(44), ...u16(45), ...u16(45), ...u32(0), ...u32(0)],
        ...[...u64(total), ...u64(total), ...u64(size), ...u64(at)],
        ...[...u32(0x07064b50), ...u32(0), ...u64(at + size), ...u32(1)]
      ]
    : []
  const end = zip64
    ? [...u16(0xffff), ...u16(0xffff), ...u32(full), ...u32(full)]
    : [...u16(total), ...u16(total), ...u32(size), ...u32(at)]
  return Buffer.concat([
    ...locals,
    ...centrals,
    Buffer.from([...end64, ...u32(0x06054b50), ...u16(0), ...u16(0), ...end, ...u16(comment.length)]),
    Buffer.from(comment),
    trailing ?? Buffer.alloc(0)
  ])
}

/** Splits bytes into pieces of one size, or of several sizes in turn. */
export const inPieces = (
  bytes: Uint8Array,
  sizes: number | ReadonlyArray<number>
): ReadonlyArray<Uint8Array> => {
  const pieces: Array<Uint8Array> = []
  const list = typeof sizes === "number" ? [sizes] : sizes
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, list[turn % list.length] ?? 1)
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}
