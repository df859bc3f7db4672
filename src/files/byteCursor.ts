// A stream of bytes, read forwards by counts instead of by the chunks in which it came.
import type * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { join } from "../utils/concat.js"

/** Where a reader stands in a stream of bytes. What was given out is not kept. */
export interface Cursor<E> {
  /** How many bytes were taken so far. */
  readonly position: () => number
  /** Whether that many bytes are at hand, after as many chunks were pulled as that needs. */
  readonly ensure: (count: number) => Effect.Effect<boolean, E>
  /** What is at hand and was not taken yet. */
  readonly peek: () => Uint8Array
  /** Takes bytes that are at hand. */
  readonly take: (count: number) => Uint8Array
}

/** A cursor over what a pull yields, until it fails with none. */
export const makeCursor = <E>(pull: Effect.Effect<Chunk.Chunk<Uint8Array>, Option.Option<E>>): Cursor<E> => {
  let position = 0
  let buffer: Uint8Array = new Uint8Array(0)
  let hasEnded = false

  const ready = Effect.succeed(true)

  const fill = (count: number): Effect.Effect<boolean, E> =>
    Effect.gen(function* () {
      const pieces = buffer.length === 0 ? [] : [buffer]
      let length = buffer.length
      while (length < count && !hasEnded) {
        const chunk = yield* Effect.catchAll(pull, (error) =>
          Option.isSome(error) ? Effect.fail(error.value) : Effect.succeedNone
        )
        if (Option.isOption(chunk)) {
          hasEnded = true
        } else {
          for (const piece of chunk) {
            if (piece.length > 0) pieces.push(piece)
            length += piece.length
          }
        }
      }
      buffer = join(pieces)
      return length >= count
    })

  return {
    position: () => position,
    peek: () => buffer,
    ensure: (count) => (buffer.length >= count ? ready : fill(count)),
    take: (count) => {
      const taken = buffer.subarray(0, count)
      buffer = buffer.subarray(count)
      position += taken.length
      return taken
    }
  }
}
