// Checks the size of a file while it is read.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { FileError } from "../../errors/AngoError.js"

const sizeError = (reason: "shorter" | "longer", name: string, size: number, read: number): FileError =>
  new FileError({
    reason,
    path: name,
    size,
    read,
    message:
      `${JSON.stringify(name)} is ${reason} than its declared size: ` +
      `${reason === "shorter" ? `it ended after ${read} of` : "it continues after"} ${size} bytes. ` +
      "Nothing of it is stored. Give its true size, or upload it when it is complete."
  })

// Short parts, so that none takes long to send.
const splitBytes = (bytes: Uint8Array, size: number): ReadonlyArray<Uint8Array> => {
  const parts: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size))
  return parts
}

/** Fails unless a file that was read in one step has the size that it declares. */
export const checkLength = (
  bytes: Uint8Array,
  { name, size }: { readonly name: string; readonly size: number }
): Effect.Effect<Uint8Array, FileError> => {
  if (bytes.length === size) return Effect.succeed(bytes)
  return Effect.fail(sizeError(bytes.length < size ? "shorter" : "longer", name, size, bytes.length))
}

/**
 * Emits exactly `size` bytes in parts of at most `partSize`, or fails. The last part is emitted only after the source has
 * ended: a receiver that counts bytes must not take a file that is too long for a complete one.
 */
export const enforceSize = <E>(
  source: Stream.Stream<Uint8Array, E>,
  { name, partSize, size }: { readonly name: string; readonly size: number; readonly partSize: number }
): Stream.Stream<Uint8Array, E | FileError> =>
  Stream.suspend(() => {
    let read = 0
    let last: Uint8Array | undefined
    const before = Stream.mapChunksEffect(source, (chunk) => {
      const emitted: Array<Uint8Array> = []
      for (const bytes of chunk) {
        for (const part of splitBytes(bytes, partSize)) {
          read += part.length
          if (read > size) return Effect.fail(sizeError("longer", name, size, read))
          if (read < size) emitted.push(part)
          else last = part
        }
      }
      return Effect.succeed(Chunk.unsafeFromArray(emitted))
    })
    const end = Stream.suspend(() => {
      if (read < size) return Stream.fail(sizeError("shorter", name, size, read))
      return last === undefined ? Stream.empty : Stream.make(last)
    })
    return Stream.concat(before, end)
  })
