// Reads the bytes of one entry as rows, in constant memory.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ArchiveError, RowDecodeError } from "../../errors/AngoError.js"
import { type Row, rowsOf } from "./rowBatch.js"
import { makeRowReader, type RowOptions, type Step } from "./rowReader.js"

/**
 * The rows of an entry, in chunks as their bytes arrive. An unreadable row is emitted as a `RowDecodeError` in its
 * position; the caller decides whether to fail or to skip it. Fails with `ArchiveError`: `truncated-row` when the entry
 * ends inside a row or an array, `row-too-large`, and `rows` when the entry does not contain rows.
 */
export const entryRows = <E, R>(
  content: Stream.Stream<Uint8Array, E, R>,
  options: RowOptions
): Stream.Stream<Row | RowDecodeError, E | ArchiveError, R> =>
  // The reader is stateful: each run of the stream needs its own.
  Stream.suspend(() => {
    const reader = makeRowReader(options)
    let failed: ArchiveError | undefined

    // Rows before an error are emitted first.
    const keepError = ({ batch, error }: Step): ReadonlyArray<Row | RowDecodeError> => {
      failed = error
      return batch === undefined ? [] : rowsOf(batch)
    }
    const failOrSucceed = <A>(value: A) =>
      Effect.suspend(() => (failed === undefined ? Effect.succeed(value) : Effect.fail(failed)))

    const push = (chunk: Chunk.Chunk<Uint8Array>): Chunk.Chunk<Row | RowDecodeError> => {
      const rows: Array<Row | RowDecodeError> = []
      for (const bytes of chunk) {
        if (failed === undefined) for (const row of keepError(reader.push(bytes))) rows.push(row)
      }
      return Chunk.unsafeFromArray(rows)
    }

    const end = Stream.suspend(() =>
      failed === undefined ? Stream.fromIterable(keepError(reader.end())) : Stream.empty
    )

    return content.pipe(
      Stream.mapChunksEffect((chunk) => Effect.map(failOrSucceed(chunk), push)),
      Stream.concat(end),
      Stream.concat(Stream.suspend(() => Stream.drain(Stream.fromEffect(failOrSucceed(undefined)))))
    )
  })
