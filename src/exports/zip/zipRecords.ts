// The records of a ZIP archive (APPNOTE 4.3), read from their bytes.

/** What a record begins with, read as a little-endian number. */
export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  digital: 0x05054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
  descriptor: 0x08074b50,
  /** Before the first entry, of an archive that was meant to be split and fitted into one part. */
  unsplit: 0x30304b50
} as const

/** How many bytes of each record have a fixed place, its signature included. */
export const lengths = { local: 30, central: 46, digital: 6, end64: 56, locator64: 20, end: 22 } as const

/** Bits of an entry's flags. */
export const flags = {
  encrypted: 1,
  hasDescriptor: 8,
  stronglyEncrypted: 0x40,
  utf8: 0x800,
  masked: 0x2000
} as const

const full16 = 0xffff
const full32 = 0xffffffff

/** The bytes as numbers. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A 64-bit number; what is beyond exact numbers becomes infinity, which equals no count of bytes. */
export const uint64 = (view: DataView, at: number): number => {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY
}

// The zip64 extra field holds, in this order, those of the numbers that did not fit into their 32 bits.
const wide = (extra: Uint8Array, narrow: ReadonlyArray<number>): ReadonlyArray<number> => {
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

/** What both records of an entry tell of it. */
export interface Told {
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly size: number
  readonly packedSize: number
}

/** How many bytes follow the fixed part of a local header: the name's, then the extra fields'. */
export const localRest = (view: DataView) => ({
  name: view.getUint16(26, true),
  extra: view.getUint16(28, true)
})

/** A local header. Sizes and checksum are 0 when a descriptor follows the content instead. */
export const readLocal = (view: DataView, extra: Uint8Array): Told => {
  const [size = 0, packedSize = 0] = wide(extra, [view.getUint32(22, true), view.getUint32(18, true)])
  return {
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    size,
    packedSize
  }
}

/** How many bytes follow the fixed part of a record of the central directory. */
export const centralRest = (view: DataView) => ({
  name: view.getUint16(28, true),
  extra: view.getUint16(30, true),
  comment: view.getUint16(32, true)
})

/** A record of the central directory, with the place of the local header. */
export const readCentral = (view: DataView, extra: Uint8Array): Told & { readonly offset: number } => {
  const narrow = [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)]
  const [size = 0, packedSize = 0, offset = 0] = wide(extra, narrow)
  return {
    flags: view.getUint16(8, true),
    method: view.getUint16(10, true),
    crc: view.getUint32(16, true),
    size,
    packedSize,
    offset
  }
}

/** What an end record tells of the central directory. */
export interface End {
  readonly count: number
  readonly size: number
  /** Nothing when it is marked as one of 64 bits and those are missing, as Info-ZIP writes it with `-fz` into a pipe. */
  readonly offset: number | undefined
}

/** The 64-bit end record. */
export const readEnd64 = (view: DataView): End => ({
  count: uint64(view, 32),
  size: uint64(view, 40),
  offset: uint64(view, 48)
})

/** The end record. What does not fit into it, stands in the 64-bit one before. */
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
