/**
 * The checksum of ZIP archives, eight bytes at a time. Independent of the client's implementation, so that tests of one
 * against the other find a mistake in either.
 */

const width = 8

// Part n of the table holds the effect of a byte that is followed by n more bytes.
const table = new Int32Array(256 * width)
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  table[byte] = value
}
for (let index = 256; index < table.length; index++) {
  const before = table[index - 256] as number
  table[index] = (before >>> 8) ^ (table[before & 0xff] as number)
}

/** Continues a checksum with more bytes; `before` is the checksum of the earlier ones, 0 for none. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  let sum = ~before
  let at = 0
  // Every index is inside its array, which the type checker cannot know.
  for (const last = bytes.length - width; at <= last; at += width) {
    const low =
      sum ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24))
    sum =
      (table[1792 + (low & 0xff)] as number) ^
      (table[1536 + ((low >>> 8) & 0xff)] as number) ^
      (table[1280 + ((low >>> 16) & 0xff)] as number) ^
      (table[1024 + (low >>> 24)] as number) ^
      (table[768 + (bytes[at + 4] as number)] as number) ^
      (table[512 + (bytes[at + 5] as number)] as number) ^
      (table[256 + (bytes[at + 6] as number)] as number) ^
      (table[bytes[at + 7] as number] as number)
  }
  for (; at < bytes.length; at++) {
    sum = (sum >>> 8) ^ (table[(sum ^ (bytes[at] as number)) & 0xff] as number)
  }
  return ~sum >>> 0
}
