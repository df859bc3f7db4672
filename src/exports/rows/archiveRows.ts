// An archive as rows, entry by entry, in constant memory.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ArchiveError, RowDecodeError } from "../../errors/AngoError.js"
import { type Limits, open, type ZipEntry } from "../zip/unzip.js"
import type { Row } from "./rowParser.js"
import { makeRowReader, type RowOptions, type RowReader, type Step } from "./rowReader.js"

/** How the rows of one entry are read. */
export type EntryOptions = Omit<RowOptions, "entry">

/**
 * How an archive is read.
 */
export interface ArchiveRowsOptions {
  readonly limits?: Limits | undefined
  /** How an entry is read, or nothing for one without rows, which is passed over; by default all but directories. */
  readonly select?:
    | ((entry: Omit<ZipEntry<unknown>, "content" | "pull">) => EntryOptions | undefined)
    | undefined
}

/** What is completed by a chunk of bytes, an array for whoever asked; fails with none after the last. */
export type Rows<E> = Effect.Effect<Array<Row | RowDecodeError>, Option.Option<E | ArchiveError>>

/**
 * An archive to be read as rows: yields those of all entries in order, as many at once as a chunk of their bytes
 * completes. A row that cannot be read is among them, in its place. Fails as `unzip` and `rows` do.
 */
export const openRows = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  { limits, select = ({ isDirectory }) => (isDirectory ? undefined : {}) }: ArchiveRowsOptions = {}
): Effect.Effect<Rows<E>, never, R | Scope.Scope> =>
  Effect.map(open(archive, limits), (next) => {
    let current: { readonly entry: ZipEntry<E>; readonly reader: RowReader } | undefined
    let failed: ArchiveError | undefined

    // What could be read before an error is given first; and nothing is never given.
    const give = ({ error, rows }: Step): Rows<E> => {
      failed = error
      return rows.length > 0 ? Effect.succeed(rows) : pull
    }

    const end =
      (reader: RowReader) =>
      (error: Option.Option<E | ArchiveError>): Rows<E> => {
        if (Option.isSome(error)) return Effect.fail(error)
        current = undefined
        return give(reader.end())
      }

    const begin = (entry: ZipEntry<E>): Rows<E> => {
      const options = select(entry)
      if (options !== undefined) current = { entry, reader: makeRowReader({ ...options, entry: entry.name }) }
      return pull
    }

    const pull: Rows<E> = Effect.suspend((): Rows<E> => {
      if (failed !== undefined) return Effect.fail(Option.some(failed))
      if (current === undefined) return Effect.flatMap(next, begin)
      const { entry, reader } = current
      return Effect.matchEffect(entry.pull, {
        onFailure: end(reader),
        onSuccess: (bytes) => give(reader.push(bytes))
      })
    })

    return pull
  })

/** The rows of an archive as a stream; see {@link openRows}. */
export const archiveRows = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>,
  options?: ArchiveRowsOptions
): Stream.Stream<Row | RowDecodeError, E | ArchiveError, R> =>
  Stream.unwrapScoped(
    Effect.map(openRows(archive, options), (pull) =>
      Stream.repeatEffectChunkOption(Effect.map(pull, Chunk.unsafeFromArray))
    )
  )
