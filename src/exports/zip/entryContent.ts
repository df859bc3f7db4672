// The content of one entry, chunk by chunk, checked when it ends.
import * as Effect from "effect/Effect"
import type { ArchiveError } from "../../errors/AngoError.js"
import type { Cursor } from "../../files/byteCursor.js"
import { crc32 } from "../../files/crc32.js"
import { damaged, truncated } from "./archiveErrors.js"
import * as Descriptor from "./dataDescriptor.js"
import { quoted } from "./entryName.js"
import { type Inflating, inflate } from "./inflate.js"
import type { Told } from "./zipRecords.js"

// The inflater of a browser inflates a whole write at once, to a thousand times its size at the worst.
const maxChunk = 0x10000

/** What an entry is, as far as its header tells. */
export interface Header {
  readonly name: string
  readonly isStored: boolean
  /** What the header tells, or nothing when that comes in a descriptor after the content. */
  readonly told: Told | undefined
  /** Where the content begins. */
  readonly start: number
}

/** The content as it is unpacked, and what was told of it in the end. */
export interface Content<E> extends Inflating<E | ArchiveError> {
  readonly told: () => Descriptor.Descriptor
}

// Exactly as many bytes as the header told.
const counted = <E>(cursor: Cursor<E>, { name, start }: Header, size: number) =>
  Effect.gen(function* () {
    const left = start + size - cursor.position()
    if (left === 0) return undefined
    if (yield* cursor.ensure(1)) return cursor.take(Math.min(left, cursor.peek().length, maxChunk))
    return yield* truncated(cursor.position(), `the end of the entry ${quoted(name)}`, name)
  })

// As many bytes as come before a descriptor of just so many.
const scanned = <E>(
  cursor: Cursor<E>,
  { name, start }: Header,
  accepts: (content: Uint8Array, found: Descriptor.Found) => boolean,
  onFound: (found: Descriptor.Found) => void
) => {
  let looked = start
  let ending: Descriptor.Found | undefined
  return Effect.gen(function* () {
    for (;;) {
      const at = cursor.position()
      if (ending !== undefined) {
        cursor.take(ending.next - ending.at)
        return undefined
      }
      if (!(yield* cursor.ensure(Descriptor.window))) {
        return yield* truncated(at + cursor.peek().length, `the end of the entry ${quoted(name)}`, name)
      }
      const bytes = cursor.peek().subarray(0, maxChunk)
      const found = Descriptor.findDescriptor(bytes, looked - at, at - start, (candidate) =>
        accepts(bytes.subarray(0, candidate.at), candidate)
      )
      looked = at + bytes.length - 3
      if (found !== undefined) {
        ending = found
        onFound(found)
        return cursor.take(found.at)
      }
      // A descriptor may have begun in what is held back.
      return cursor.take(bytes.length - Descriptor.window + 1)
    }
  })
}

/** The content of the entry whose header was just taken. */
export const makeContent = <E>(cursor: Cursor<E>, header: Header): Content<E> => {
  let told: Descriptor.Descriptor = header.told ?? { crc: 0, packedSize: 0, size: 0 }
  let crc = 0
  let size = 0

  // Stored bytes are checked here; the descriptor is the right one when it has their checksum.
  const accepts = (content: Uint8Array, found: Descriptor.Found) =>
    !header.isStored || (found.size === found.packedSize && crc32(content, crc) === found.crc)

  const packed =
    header.told === undefined
      ? scanned(cursor, header, accepts, (found) => {
          told = { crc: found.crc, packedSize: found.packedSize, size: found.size }
        })
      : counted(cursor, header, header.told.packedSize)

  const fault = () => damaged(header.start, header.name)

  const unpacked: Inflating<E | ArchiveError> = header.isStored
    ? {
        pull: Effect.map(packed, (bytes) => {
          if (bytes !== undefined) crc = crc32(bytes, crc)
          return bytes
        }),
        release: Effect.void
      }
    : inflate(packed, () => told, fault)

  return {
    told: () => told,
    release: unpacked.release,
    pull: Effect.flatMap(unpacked.pull, (bytes) => {
      if (bytes !== undefined) size += bytes.length
      const isWrong =
        bytes === undefined
          ? size !== told.size || (header.isStored && crc !== told.crc)
          : header.told !== undefined && size > header.told.size
      return isWrong ? Effect.fail(fault()) : Effect.succeed(bytes)
    })
  }
}
