// Reads the content of an entry chunk by chunk, and verifies its length and checksum at its end.
import * as Effect from "effect/Effect"
import type { ArchiveError } from "../../errors/AngoError.js"
import type { Cursor } from "../../files/byteCursor.js"
import { crc32 } from "../../files/crc32.js"
import { damaged, truncated } from "./archiveErrors.js"
import { type DataDescriptor, findDescriptor, type LocatedDescriptor, window } from "./dataDescriptor.js"
import { quoted } from "./entryName.js"
import { type Inflating, inflate } from "./inflate.js"
import type { EntryMetadata } from "./zipRecords.js"

// A `DecompressionStream` inflates each write at once, to up to a thousand times its size.
const maxChunk = 0x10000

/** The header of an entry. */
export interface Header {
  readonly name: string
  readonly isStored: boolean
  /** `undefined` when a data descriptor follows the content instead. */
  readonly metadata: EntryMetadata | undefined
  /** The position of the content in the archive. */
  readonly start: number
}

/** The unpacked content of an entry. */
export interface Content<E> extends Inflating<E | ArchiveError> {
  /** Checksum and sizes from the header, or from the data descriptor once the content was read. */
  readonly descriptor: () => DataDescriptor
}

const cutOff = <E>(cursor: Cursor<E>, name: string) =>
  Effect.fail(
    truncated(cursor.position() + cursor.peek().length, `the end of the entry ${quoted(name)}`, name)
  )

type Packed<E> = Effect.Effect<Uint8Array | undefined, E | ArchiveError>

// Pulls content of a declared size.
const pullSized = <E>(cursor: Cursor<E>, { name, start }: Header, size: number): Packed<E> => {
  const take = (isAvailable: boolean): Packed<E> => {
    const remaining = start + size - cursor.position()
    return isAvailable
      ? Effect.succeed(cursor.take(Math.min(remaining, cursor.peek().length, maxChunk)))
      : cutOff(cursor, name)
  }
  return Effect.suspend(() =>
    cursor.position() === start + size ? Effect.succeed(undefined) : Effect.flatMap(cursor.ensure(1), take)
  )
}

// Pulls content up to its data descriptor.
const pullToDescriptor = <E>(
  cursor: Cursor<E>,
  { name, start }: Header,
  accepts: (content: Uint8Array, candidate: LocatedDescriptor) => boolean,
  onFound: (found: LocatedDescriptor) => void
): Packed<E> => {
  let searched = start
  let end: LocatedDescriptor | undefined

  const search = (): Uint8Array => {
    const at = cursor.position()
    const bytes = cursor.peek().subarray(0, maxChunk)
    const found = findDescriptor(bytes, searched - at, at - start, (candidate) =>
      accepts(bytes.subarray(0, candidate.at), candidate)
    )
    searched = at + bytes.length - 3
    // The last bytes stay in the buffer: a descriptor may begin in them.
    if (found === undefined) return cursor.take(bytes.length - window + 1)
    end = found
    onFound(found)
    return cursor.take(found.at)
  }

  return Effect.suspend((): Packed<E> => {
    if (end !== undefined) {
      cursor.take(end.next - end.at)
      return Effect.succeed(undefined)
    }
    return Effect.flatMap(cursor.ensure(window), (isAvailable) =>
      isAvailable ? Effect.sync(search) : cutOff(cursor, name)
    )
  })
}

/** The content of an entry, when the cursor is after its header. */
export const makeContent = <E>(cursor: Cursor<E>, header: Header): Content<E> => {
  let descriptor: DataDescriptor = header.metadata ?? { crc: 0, packedSize: 0, size: 0 }
  let crc = 0
  let size = 0

  // Stored content is verified here: a descriptor must have its checksum. Inflated content is verified by the inflater.
  const accepts = (content: Uint8Array, candidate: LocatedDescriptor) =>
    !header.isStored || (candidate.size === candidate.packedSize && crc32(content, crc) === candidate.crc)

  const packed =
    header.metadata === undefined
      ? pullToDescriptor(cursor, header, accepts, (found) => {
          descriptor = { crc: found.crc, packedSize: found.packedSize, size: found.size }
        })
      : pullSized(cursor, header, header.metadata.packedSize)

  const makeError = () => damaged(header.start, header.name)

  const unpacked: Inflating<E | ArchiveError> = header.isStored
    ? {
        pull: Effect.map(packed, (bytes) => {
          if (bytes !== undefined) crc = crc32(bytes, crc)
          return bytes
        }),
        release: Effect.void
      }
    : inflate(packed, () => descriptor, makeError)

  return {
    descriptor: () => descriptor,
    release: unpacked.release,
    pull: Effect.flatMap(unpacked.pull, (bytes) => {
      if (bytes !== undefined) size += bytes.length
      const isInvalid =
        bytes === undefined
          ? size !== descriptor.size || (header.isStored && crc !== descriptor.crc)
          : header.metadata !== undefined && size > header.metadata.size
      return isInvalid ? Effect.fail(makeError()) : Effect.succeed(bytes)
    })
  }
}
