// Decodes the records of ZIP archives (APPNOTE 4.3).

/** The signatures at the start of records, as little-endian numbers. */
export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  digital: 0x05054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
  descriptor: 0x08074b50,
  /** Before the first entry of an archive that was meant to be split and fitted into one part. */
  unsplit: 0x30304b50
} as const

/** The length of the fixed part of each record in bytes, including its signature. */
export const lengths = { local: 30, central: 46, digital: 6, end64: 56, locator64: 20, end: 22 } as const

/** Bits of the flags of an entry. */
export const flags = {
  encrypted: 1,
  hasDescriptor: 8,
  stronglyEncrypted: 0x40,
  utf8: 0x800,
  masked: 0x2000
} as const

const full16 = 0xffff
const full32 = 0xffffffff

/** A view of the same bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A 64-bit number. One above the safe integers becomes infinity, which equals no count of bytes. */
export const uint64 = (view: DataView, at: number): number => {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY
}

// The zip64 extra field holds, in this order, those of the numbers that did not fit into 32 bits.
const readWide = (extra: Uint8Array, narrow: ReadonlyArray<number>): ReadonlyArray<number> => {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1 && end <= extra.length) {
      let next = at + 4
      return narrow.map((value) => {
        if (value !== full32 || next + 8 > end) return value
        next += 8
        return uint64(view, next - 8)
      })
    }
    at = end
  }
  return narrow
}

/** The fields that both records of an entry have. */
export interface EntryMetadata {
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly size: number
  readonly packedSize: number
}

/** The lengths of the fields after the fixed part of a local header, in order. */
export const localFieldLengths = (view: DataView) => ({
  name: view.getUint16(26, true),
  extra: view.getUint16(28, true)
})

/** Decodes a local header. Sizes and checksum are 0 when a data descriptor follows the content instead. */
export const readLocal = (view: DataView, extra: Uint8Array): EntryMetadata => {
  const [size = 0, packedSize = 0] = readWide(extra, [view.getUint32(22, true), view.getUint32(18, true)])
  return {
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    size,
    packedSize
  }
}

/** The lengths of the fields after the fixed part of a central directory record, in order. */
export const centralFieldLengths = (view: DataView) => ({
  name: view.getUint16(28, true),
  extra: view.getUint16(30, true),
  comment: view.getUint16(32, true)
})

/** Decodes a central directory record; `offset` is the position of the local header. */
export const readCentral = (
  view: DataView,
  extra: Uint8Array
): EntryMetadata & { readonly offset: number } => {
  const narrow = [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)]
  const [size = 0, packedSize = 0, offset = 0] = readWide(extra, narrow)
  return {
    flags: view.getUint16(8, true),
    method: view.getUint16(10, true),
    crc: view.getUint32(16, true),
    size,
    packedSize,
    offset
  }
}

/** What an end record says about the central directory. */
export interface End {
  readonly count: number
  readonly size: number
  /** `undefined` when it should be in a 64-bit end record that is missing, as Info-ZIP writes with `-fz` to a pipe. */
  readonly offset: number | undefined
}

/** Decodes a 64-bit end record. */
export const readEnd64 = (view: DataView): End => ({
  count: uint64(view, 32),
  size: uint64(view, 40),
  offset: uint64(view, 48)
})

/** Decodes an end record. Numbers that do not fit into it are taken from the 64-bit end record before it. */
export const readEnd = (view: DataView, end64: End | undefined): End => {
  const end = {
    count: view.getUint16(10, true),
    size: view.getUint32(12, true),
    offset: view.getUint32(16, true)
  }
  if (end64 === undefined) return { ...end, offset: end.offset === full32 ? undefined : end.offset }
  return {
    count: end.count === full16 ? end64.count : end.count,
    size: end.size === full32 ? end64.size : end.size,
    offset: end.offset === full32 ? end64.offset : end.offset
  }
}
