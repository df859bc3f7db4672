/**
 * The archive of an export, read until everything of it is written: what is here of it, and then what is not.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type ArchiveError, type ExportError, type FileError, TransferError } from "../../errors/AngoError.js"
import { isTruncated } from "../../errors/ArchiveError.js"
import { compare } from "../../files/extent.js"
import * as LocalFile from "../../files/localFile.js"
import { downloadContext } from "../../layers/transfer/downloadBody.js"
import type { ArchiveChanged, ResumableDownload } from "../../layers/transfer/resumableDownload.js"
import type { Names, State } from "./fileState.js"
import type { Journal } from "./journal.js"

/** Some rows, as they are written. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly rows: number
  /** How many rows were left out, these and all before. */
  readonly skipped: number
}

/** What is made of an archive. */
export type Read = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>
) => Stream.Stream<Piece, E | ExportError, R>

/** What is exported, and what is made of it. */
export interface Source {
  readonly names: Pick<Journal, "export" | "reading">
  /** Asks for an export; `begunAt` is when, by the hub's clock, in epoch milliseconds. */
  readonly request: Effect.Effect<
    { readonly value: Redacted.Redacted; readonly begunAt?: number },
    ExportError
  >
  readonly rest: ResumableDownload
  /** What is written of an archive: its rows, or nothing when it is kept as it is. */
  readonly read: Read
  /** Reads an archive to find out whether it is whole. */
  readonly examine: Read
}

/**
 * How far an export to a file is: `rows` and `bytes` are what the file holds, `received` counts the bytes of the archive,
 * of `length` in all if the storage told.
 *
 * @since 0.1.0
 */
export interface FileProgress {
  readonly rows: number
  readonly bytes: number
  readonly received: number
  readonly length: number | undefined
}

/** How it is written. */
export interface Writing {
  readonly as: "rows" | "archive"
  readonly syncEvery: number
  readonly restart: boolean
  /** The file whose rights it takes: by default the one whose place it takes. */
  readonly like?: string
  readonly onProgress: (progress: FileProgress) => Effect.Effect<void>
}

/** The rows are others than those that were written of the same archive before. */
interface OtherRows {
  readonly _tag: "OtherRows"
}

const otherRows: OtherRows = { _tag: "OtherRows" }

// So often a run begins anew because the archive changed, or asks for a new export.
const mostBeginnings = 3

// What the archive itself is to blame for.
const isDamage = ({ reason }: ArchiveError): boolean => reason !== "too-large" && reason !== "row-too-large"

type Failure = ExportError | FileError

/** Passes over the archive until one comes to its end, or ends for a reason that another one would not get over. */
export const passes = (
  state: State,
  names: Names,
  source: Source,
  { as, onProgress }: Writing
): Effect.Effect<void, Failure, LocalFile.Files> => {
  const { archive, checkpoint, forget, journal, note, output } = state
  let links = 0
  let truncatedAt = 0
  let hasBrokenOff = false

  const link = Effect.suspend(() => {
    const known = journal().link
    if (known !== undefined) return Effect.succeed(known)
    links++
    return Effect.flatMap(source.request, ({ begunAt, value }) => {
      state.setLink(value, begunAt)
      return Effect.as(checkpoint(), value)
    })
  })

  const progress = Effect.suspend(() =>
    onProgress({
      rows: state.rows(),
      bytes: (as === "rows" ? output : archive).extent().bytes,
      received: archive.extent().bytes,
      length: journal().length
    })
  )

  const bytesBehind = (link: Redacted.Redacted) => {
    const here = archive.extent().bytes
    hasBrokenOff = false
    const rest = source.rest(link, state.place).pipe(
      Stream.mapEffect((bytes) =>
        archive
          .append(bytes)
          .pipe(
            Effect.zipRight(state.wrote(bytes.length)),
            Effect.zipRight(as === "archive" ? progress : Effect.void),
            Effect.as(bytes)
          )
      ),
      Stream.tapError(() =>
        Effect.sync(() => {
          hasBrokenOff = true
        })
      )
    )
    return here === 0 ? rest : Stream.concat(LocalFile.bytesOf(names.archive, here), rest)
  }

  // The whole archive once.
  const pass = Effect.gen(function* () {
    const bytes = bytesBehind(yield* link)
    const comparison = compare(output.extent())
    let read = 0
    yield* Stream.runForEach(source.read(bytes), (piece) =>
      Effect.gen(function* () {
        read += piece.rows
        const more = comparison.feed(piece.bytes)
        if (more === undefined) return yield* Effect.fail(otherRows)
        if (!comparison.isOver()) return
        if (more.length > 0) yield* output.append(more)
        state.setRows(read, piece.skipped)
        yield* state.wrote(more.length)
        yield* progress
      })
    )
    if (as === "rows" && !comparison.isOver()) return yield* Effect.fail(otherRows)
  })

  // What an archive that is not as it should be leaves behind is of no use to the next run.
  const spoil = (error: Failure) =>
    Effect.gen(function* () {
      yield* forget
      yield* note("The archive was not whole, or was none: the next run asks for a new export.")
      yield* checkpoint()
      return yield* Effect.fail(error)
    })

  // Damage shows in a row before it shows in the checksum behind all rows.
  const examine = (error: Failure) =>
    Effect.flatMap(link, (known) => Stream.runDrain(source.examine(bytesBehind(known)))).pipe(
      Effect.catchAll((found) =>
        found._tag === "ArchiveError" && isDamage(found) && !(isTruncated(found) && hasBrokenOff)
          ? spoil(found)
          : Effect.void
      ),
      Effect.zipRight(Effect.fail(error))
    )

  const recover = (error: Failure | ArchiveChanged | OtherRows, beginnings: number) =>
    Effect.gen(function* () {
      switch (error._tag) {
        case "ArchiveChanged":
          if (beginnings >= mostBeginnings) {
            return yield* new TransferError({
              direction: "download",
              ...downloadContext(
                "gave another archive each time it was asked. Ask for a new export (restart: true)."
              ),
              reason: "changed"
            })
          }
          yield* archive.reset
          return yield* note("The archive behind the link has changed: it is downloaded from its beginning.")
        case "OtherRows":
          yield* output.reset
          state.setRows(0, 0)
          return yield* note(
            "The rows are others than those that were written before: they are written anew."
          )
        case "TransferError": {
          if (error.reason === "length" || error.reason === "link-missing") return yield* error
          if (error.reason === "link-expired") {
            if (links >= mostBeginnings) return yield* error
            yield* forget
            return yield* note("The link has expired: a new export is requested.")
          }
          // Not every storage says of a link that it has expired.
          const wasGood = links === 0 || archive.extent().bytes > 0
          yield* forget
          if (!wasGood || links >= mostBeginnings) return yield* error
          return yield* note("The link is refused: a new export is asked for.")
        }
        case "ArchiveError": {
          if (error.reason === "row-too-large") return yield* examine(error)
          if (error.reason === "too-large") return yield* error
          if (!isTruncated(error)) return yield* spoil(error)
          if (hasBrokenOff) return yield* error
          const { bytes } = archive.extent()
          const isUntold = error.reason === "truncated" && journal().length === undefined
          if (!isUntold || bytes <= truncatedAt || beginnings >= mostBeginnings) return yield* spoil(error)
          // The storage did not say how much there is: perhaps there is more.
          truncatedAt = bytes
          return
        }
        case "RowDecodeError":
          return yield* examine(error)
        default:
          return yield* Effect.fail(error)
      }
    })

  const from = (beginnings: number): Effect.Effect<void, Failure, LocalFile.Files> =>
    Effect.catchAll(pass, (error) => Effect.zipRight(recover(error, beginnings), from(beginnings + 1)))

  return from(1)
}
