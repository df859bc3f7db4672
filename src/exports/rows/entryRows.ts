// The bytes of one entry as JSON values, row by row, in constant memory.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ArchiveError, RowDecodeError } from "../../errors/AngoError.js"
import type { Row } from "./rowParser.js"
import { makeRowReader, type RowOptions, type Step } from "./rowReader.js"

/**
 * The rows of an entry, as many at once as a chunk of its bytes completes. A row that cannot be read is among them, in
 * its place: whether to fail, to skip or to hand it on is the caller's choice. Fails with `TruncatedExport` when the
 * entry ends inside of a row or an array, with `RowTooLarge`, and with `CorruptArchive` when the entry as a whole is
 * something else than rows.
 */
export const rows = <E, R>(
  content: Stream.Stream<Uint8Array, E, R>,
  options: RowOptions
): Stream.Stream<Row | RowDecodeError, E | ArchiveError, R> =>
  // How far the reading is belongs to one run.
  Stream.suspend(() => {
    const reader = makeRowReader(options)
    let failed: ArchiveError | undefined

    // What could be read before an error is given first.
    const settle = ({ error, rows: read }: Step) => {
      failed = error
      return read
    }
    const check = <A>(value: A) =>
      Effect.suspend(() => (failed === undefined ? Effect.succeed(value) : Effect.fail(failed)))

    const push = (chunk: Chunk.Chunk<Uint8Array>): Chunk.Chunk<Row | RowDecodeError> => {
      const read: Array<Row | RowDecodeError> = []
      for (const bytes of chunk) {
        if (failed === undefined) for (const row of settle(reader.push(bytes))) read.push(row)
      }
      return Chunk.unsafeFromArray(read)
    }

    const end = Stream.suspend(() =>
      failed === undefined ? Stream.fromIterable(settle(reader.end())) : Stream.empty
    )

    return content.pipe(
      Stream.mapChunksEffect((chunk) => Effect.map(check(chunk), push)),
      Stream.concat(end),
      Stream.concat(Stream.suspend(() => Stream.drain(Stream.fromEffect(check(undefined)))))
    )
  })
