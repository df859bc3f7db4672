// A file that is held to its size while it is read.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { FileError } from "../../errors/AngoError.js"

const broken = (reason: "shorter" | "longer", name: string, size: number, read: number): FileError =>
  new FileError({
    reason,
    path: name,
    size,
    read,
    message:
      `${JSON.stringify(name)} is ${reason} than it was said to be: ` +
      `${reason === "shorter" ? `it ended after ${read}` : `it goes on behind ${size}`} of ${size} bytes. ` +
      "Nothing of it is stored: give its true size, or upload it when it is finished."
  })

// In parts of one size at most: whoever waits for a part must not wait for long.
const partsOf = (bytes: Uint8Array, size: number): ReadonlyArray<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size))
  return parts
}

/**
 * Exactly `size` bytes, in parts of `partSize` at most. The part that would make them whole is held back until the
 * source has ended: whoever counts what was sent takes a file for whole that is not.
 */
export const enforceSize = <E>(
  source: Stream.Stream<Uint8Array, E>,
  { name, partSize, size }: { readonly name: string; readonly size: number; readonly partSize: number }
): Stream.Stream<Uint8Array, E | FileError> =>
  Stream.suspend(() => {
    let read = 0
    let last: Uint8Array | undefined
    const before = Stream.mapChunksEffect(source, (chunk) => {
      const given: Array<Uint8Array> = []
      for (const bytes of chunk) {
        for (const part of partsOf(bytes, partSize)) {
          read += part.length
          if (read > size) return Effect.fail(broken("longer", name, size, read))
          if (read < size) given.push(part)
          else last = part
        }
      }
      return Effect.succeed(Chunk.unsafeFromArray(given))
    })
    const end = Stream.suspend(() => {
      if (read < size) return Stream.fail(broken("shorter", name, size, read))
      return last === undefined ? Stream.empty : Stream.make(last)
    })
    return Stream.concat(before, end)
  })
