// Reads a stream of bytes forwards by byte counts, independently of the chunks in which it arrives.
import type * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { join } from "../utils/concat.js"

/** A position in a stream of bytes. Bytes before it are not kept. */
export interface Cursor<E> {
  /** How many bytes were taken so far. */
  readonly position: () => number
  /** Pulls chunks until `count` bytes are buffered; `false` when the stream ends before that. */
  readonly ensure: (count: number) => Effect.Effect<boolean, E>
  /** All buffered bytes; the position stays. */
  readonly peek: () => Uint8Array
  /** Takes `count` buffered bytes. */
  readonly take: (count: number) => Uint8Array
}

/** A cursor over the chunks of a pull, which fails with `None` at the end. */
export const makeCursor = <E>(pull: Effect.Effect<Chunk.Chunk<Uint8Array>, Option.Option<E>>): Cursor<E> => {
  let position = 0
  let buffer: Uint8Array = new Uint8Array(0)
  // Bytes after the buffer.
  let pieces: Array<Uint8Array> = []
  let length = 0
  let hasEnded = false

  const ready = Effect.succeed(true)

  const receive = Effect.matchEffect(pull, {
    onFailure: (error) => {
      if (Option.isSome(error)) return Effect.fail(error.value)
      hasEnded = true
      return Effect.void
    },
    onSuccess: (chunk) => {
      for (const piece of chunk) {
        if (piece.length > 0) pieces.push(piece)
        length += piece.length
      }
      return Effect.void
    }
  })

  const fill = (count: number): Effect.Effect<boolean, E> =>
    Effect.suspend(() => {
      if (length < count && !hasEnded) return Effect.zipRight(receive, fill(count))
      buffer = join(buffer.length === 0 ? pieces : [buffer, ...pieces])
      pieces = []
      return Effect.succeed(length >= count)
    })

  return {
    position: () => position,
    peek: () => buffer,
    ensure: (count) => (buffer.length >= count ? ready : fill(count)),
    take: (count) => {
      const bytes = buffer.subarray(0, count)
      buffer = buffer.subarray(count)
      position += bytes.length
      length -= bytes.length
      return bytes
    }
  }
}
