// Reads the files of a ZIP archive by its central directory, unlike the library, which reads forwards.
import { crc32, inflateRawSync } from "node:zlib"

const signature = {
  end: 0x06054b50,
  largeEnd: 0x06064b50,
  central: 0x02014b50,
  local: 0x04034b50,
  descriptor: 0x08074b50
}

const endOf = (zip: Buffer): { readonly entries: number; readonly offset: number } => {
  const end = zip.length - 22
  if (zip.readUInt32LE(end) !== signature.end) throw new Error("There is no end record.")
  const offset = zip.readUInt32LE(end + 16)
  if (offset !== 0xffffffff) return { entries: zip.readUInt16LE(end + 10), offset }
  const large = Number(zip.readBigUInt64LE(end - 20 + 8))
  if (zip.readUInt32LE(large) !== signature.largeEnd) throw new Error("There is no 64-bit end record.")
  return {
    entries: Number(zip.readBigUInt64LE(large + 32)),
    offset: Number(zip.readBigUInt64LE(large + 48))
  }
}

/** A file in an archive. */
export interface ZipFile {
  readonly name: string
  readonly method: number
  readonly flags: number
  readonly text: string
}

/** All files of an archive; throws when a checksum or a size is wrong. */
export const readZip = (bytes: Uint8Array): ReadonlyArray<ZipFile> => {
  const zip = Buffer.from(bytes)
  const { entries, offset } = endOf(zip)
  const files: Array<ZipFile> = []
  let at = offset
  for (let nth = 0; nth < entries; nth++) {
    if (zip.readUInt32LE(at) !== signature.central) throw new Error(`There is no entry ${nth}.`)
    const [names, extras] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)]
    const name = zip.toString("utf8", at + 46, at + 46 + names)
    let extra = at + 46 + names + 4
    const sizeAt = (place: number): number => {
      const value = zip.readUInt32LE(at + place)
      if (value !== 0xffffffff) return value
      extra += 8
      return Number(zip.readBigUInt64LE(extra - 8))
    }
    const [size, packedSize, local] = [sizeAt(24), sizeAt(20), sizeAt(42)]
    if (zip.readUInt32LE(local) !== signature.local) throw new Error(`${name} is not at its offset.`)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(start, start + packedSize)
    const method = zip.readUInt16LE(at + 10)
    const content = method === 0 ? packed : inflateRawSync(packed)
    if (content.length !== size) throw new Error(`${name} has another size.`)
    if (crc32(content) !== zip.readUInt32LE(at + 16)) throw new Error(`${name} has another checksum.`)
    if ((zip.readUInt16LE(at + 8) & 8) !== 0) {
      // Readers of the central directory ignore the data descriptor; readers that read forwards need it.
      const isLarge = zip.readUInt32LE(local + 18) === 0xffffffff
      const after = start + packedSize
      const wide = (place: number) =>
        isLarge ? Number(zip.readBigUInt64LE(after + 2 * place)) : zip.readUInt32LE(after + place + 4)
      const actual = [zip.readUInt32LE(after), zip.readUInt32LE(after + 4), wide(4), wide(8)]
      const expected = [signature.descriptor, crc32(content), packedSize, size]
      if (String(actual) !== String(expected)) throw new Error(`${name} has another descriptor.`)
    }
    files.push({ name, method, flags: zip.readUInt16LE(at + 8), text: content.toString("utf8") })
    at += 46 + names + extras
  }
  return files
}
