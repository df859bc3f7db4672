// Reads an archive as rows, entry by entry, in constant memory.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ArchiveError, RowDecodeError } from "../../errors/AngoError.js"
import { type Limits, open, type ZipEntry } from "../zip/unzip.js"
import { type Row, type RowBatch, rowsOf } from "./rowBatch.js"
import { makeRowReader, type RowOptions, type RowReader, type Step } from "./rowReader.js"

/** How the rows of one entry are read; the reader adds the entry's name. */
export type EntryOptions = Omit<RowOptions, "entry">

/**
 * How an archive is read.
 */
export interface ArchiveRowsOptions {
  readonly limits?: Limits | undefined
  /** How an entry is read; `undefined` skips it. By default all entries except directories are read. */
  readonly select?:
    | ((entry: Omit<ZipEntry<unknown>, "content" | "pull">) => EntryOptions | undefined)
    | undefined
}

/** Pulls the rows that one chunk of bytes completes; fails with `None` after the last one. */
export type PullRows<E> = Effect.Effect<RowBatch, Option.Option<E | ArchiveError>>

/**
 * Opens an archive for reading: the result pulls the rows of all entries in order, as many at a time as a chunk of
 * bytes completes. Fails as `unzip` and `entryRows` do.
 */
export const openRows = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  { limits, select = ({ isDirectory }) => (isDirectory ? undefined : {}) }: ArchiveRowsOptions = {}
): Effect.Effect<PullRows<E>, never, R | Scope.Scope> =>
  Effect.map(open(archive, limits), (next) => {
    let current: { readonly entry: ZipEntry<E>; readonly reader: RowReader } | undefined
    let failed: ArchiveError | undefined

    // Rows before an error are returned first.
    const emit = ({ batch, error }: Step): PullRows<E> => {
      failed = error
      return batch === undefined ? pull : Effect.succeed(batch)
    }

    const end =
      (reader: RowReader) =>
      (error: Option.Option<E | ArchiveError>): PullRows<E> => {
        if (Option.isSome(error)) return Effect.fail(error)
        current = undefined
        return emit(reader.end())
      }

    const begin = (entry: ZipEntry<E>): PullRows<E> => {
      const options = select(entry)
      if (options !== undefined) current = { entry, reader: makeRowReader({ ...options, entry: entry.name }) }
      return pull
    }

    const pull: PullRows<E> = Effect.suspend((): PullRows<E> => {
      if (failed !== undefined) return Effect.fail(Option.some(failed))
      if (current === undefined) return Effect.flatMap(next, begin)
      const { entry, reader } = current
      return Effect.matchEffect(entry.pull, {
        onFailure: end(reader),
        onSuccess: (bytes) => emit(reader.push(bytes))
      })
    })

    return pull
  })

/** The rows of an archive as a stream, unreadable ones as a `RowDecodeError` in their position; see {@link openRows}. */
export const archiveRows = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  options?: ArchiveRowsOptions
): Stream.Stream<Row | RowDecodeError, E | ArchiveError, R> =>
  Stream.unwrapScoped(
    Effect.map(openRows(archive, options), (pull) =>
      Stream.repeatEffectChunkOption(Effect.map(pull, (batch) => Chunk.unsafeFromArray(rowsOf(batch))))
    )
  )
