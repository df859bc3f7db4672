/**
 * An export on its way into a file: what is written when, and how a run goes on where an earlier one ended.
 *
 * Beside `path` lie, as long as it is under way, `<path>.archive.part` with the archive as it came, `<path>.part` with
 * the rows, and `<path>.journal`. Since nobody can begin in the middle of what is packed, a run reads the archive that
 * is here from its beginning; only what is not here is asked of the storage, and only rows that are not there are
 * written: the others are held to them by length and checksum.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { DownloadRefused, type ExportError, type FileError, FileUnavailable } from "../AngoError.js"
import { compare, type Extent, isSame } from "../internal/extent.js"
import { say } from "./DownloadBody.js"
import type { DownloadRest, OtherArchive } from "./DownloadRest.js"
import * as Journal from "./ExportJournal.js"
import * as State from "./ExportState.js"
import { lock } from "./FileLock.js"
import * as LocalFile from "./LocalFile.js"

/** Some rows, as they are written. */
export interface Piece {
  readonly bytes: Uint8Array
  readonly rows: number
}

/** What is exported, and what is made of it. */
export interface Source {
  readonly names: Pick<Journal.Journal, "export" | "reading">
  /** Asks for an export. */
  readonly request: Effect.Effect<Redacted.Redacted, ExportError>
  readonly rest: DownloadRest
  /** What is written of an archive: its rows, or nothing when it is kept as it is. */
  readonly read: <E, R>(archive: Stream.Stream<Uint8Array, E, R>) => Stream.Stream<Piece, E | ExportError, R>
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
  readonly onProgress: (progress: FileProgress) => Effect.Effect<void>
  /** Runs when the file has its name, and again should the program have died before the end of it. */
  readonly onFile?: Effect.Effect<void, FileError, LocalFile.Files>
}

/**
 * A file that holds a whole export. `rows` counts its lines (an archive's are not counted), `bytes` is its length and
 * `crc32` its checksum; `resumed` tells that it was begun by an earlier run.
 *
 * @since 0.1.0
 */
export interface ExportedFile {
  readonly path: string
  readonly rows?: number
  readonly bytes: number
  readonly crc32: number
  readonly resumed: boolean
}

/** The rows are others than those that were written of the same archive before. */
interface OtherRows {
  readonly _tag: "OtherRows"
}

const otherRows: OtherRows = { _tag: "OtherRows" }

// So often a run begins anew because the archive changed, or asks for a new export.
const mostBeginnings = 3

const holds = (path: string, whole: Extent): Effect.Effect<boolean, FileUnavailable, LocalFile.Files> =>
  Effect.map(LocalFile.extentOf(path), (extent) => Option.exists(extent, (there) => isSame(there, whole)))

type Whole = NonNullable<Journal.Journal["whole"]>

// What is complete gets its name, and what led to it goes.
const settle = (
  path: string,
  names: State.Names,
  { bytes, crc, rows }: Whole,
  { onFile = Effect.void }: Writing,
  resumed: boolean
): Effect.Effect<ExportedFile, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    if (Option.isSome(yield* LocalFile.sizeOf(names.result))) yield* LocalFile.rename(names.result, path)
    yield* onFile
    yield* LocalFile.remove(names.rows)
    yield* LocalFile.remove(names.archive)
    // The last of all: as long as it is there, the file can be shown to be whole.
    yield* LocalFile.remove(names.journal)
    return { path, ...(rows === undefined ? {} : { rows }), bytes, crc32: crc, resumed }
  })

// An earlier run that had everything and did not come to its end.
const settled = (path: string, names: State.Names, { whole }: Journal.Journal, writing: Writing) =>
  Effect.gen(function* () {
    if (whole === undefined || (whole.rows === undefined) !== (writing.as === "archive")) return Option.none()
    if (yield* holds(names.result, whole))
      return Option.some(yield* settle(path, names, whole, writing, true))
    if (!(yield* holds(path, whole))) return Option.none()
    // Something else has taken the place of what was renamed already.
    yield* LocalFile.remove(names.result)
    return Option.some(yield* settle(path, names, whole, writing, true))
  })

// The whole archive once, as much of it as is here from here.
const pass = (
  state: State.State,
  names: State.Names,
  source: Source,
  { as, onProgress }: Writing,
  link: Redacted.Redacted
) => {
  const { archive, output } = state
  const progress = Effect.suspend(() =>
    onProgress({
      rows: state.rows(),
      bytes: (as === "rows" ? output : archive).extent().bytes,
      received: archive.extent().bytes,
      length: state.journal().length
    })
  )
  const here = archive.extent().bytes
  const rest = Stream.mapEffect(source.rest(link, state.place), (bytes) =>
    archive
      .append(bytes)
      .pipe(
        Effect.zipRight(state.wrote(bytes.length)),
        Effect.zipRight(as === "archive" ? progress : Effect.void),
        Effect.as(bytes)
      )
  )
  const bytes = here === 0 ? rest : Stream.concat(LocalFile.bytesOf(names.archive, here), rest)
  const comparison = compare(output.extent())
  let read = 0
  return Effect.gen(function* () {
    yield* Stream.runForEach(source.read(bytes), (piece) =>
      Effect.gen(function* () {
        read += piece.rows
        const more = comparison.feed(piece.bytes)
        if (more === undefined) return yield* Effect.fail(otherRows)
        if (!comparison.isOver()) return
        if (more.length > 0) yield* output.append(more)
        state.setRows(read)
        yield* state.wrote(more.length)
        yield* progress
      })
    )
    if (as === "rows" && !comparison.isOver()) return yield* Effect.fail(otherRows)
  })
}

type Failure = ExportError | FileUnavailable

// Passes until one comes to its end, or ends for a reason that another one would not get over.
const passes = (state: State.State, names: State.Names, source: Source, writing: Writing) => {
  const { archive, checkpoint, forget, journal, note, output } = state
  let links = 0
  let truncatedAt = 0

  const link = Effect.suspend(() => {
    const known = journal().link
    if (known !== undefined) return Effect.succeed(known)
    links++
    return Effect.flatMap(source.request, (link) => {
      state.setLink(link)
      return Effect.as(checkpoint(), link)
    })
  })

  // What an archive that is not as it should be leaves behind is of no use to the next run.
  const spoil = (error: Failure) =>
    Effect.gen(function* () {
      yield* forget
      yield* note("The archive was not whole, or was none: the next run asks for a new export.")
      yield* checkpoint()
      return yield* Effect.fail(error)
    })

  const recover = (error: Failure | OtherArchive | OtherRows, beginnings: number) =>
    Effect.gen(function* () {
      switch (error._tag) {
        case "OtherArchive":
          if (beginnings >= mostBeginnings) {
            return yield* new DownloadRefused({
              ...say("gave another archive each time it was asked. Ask for a new export (restart: true)."),
              reason: "changed"
            })
          }
          yield* archive.reset
          return yield* note("The archive behind the link has changed: it is downloaded from its beginning.")
        case "OtherRows":
          yield* output.reset
          state.setRows(0)
          return yield* note(
            "The rows are others than those that were written before: they are written anew."
          )
        case "LinkExpired":
          if (links >= mostBeginnings) return yield* error
          yield* forget
          return yield* note("The link has expired: a new export is asked for.")
        case "TruncatedExport": {
          const { bytes } = archive.extent()
          const { length } = journal()
          if (
            error.where === "archive" &&
            length === undefined &&
            bytes > truncatedAt &&
            beginnings < mostBeginnings
          ) {
            // The storage did not say how much there is: perhaps there is more.
            truncatedAt = bytes
            return
          }
          return yield* error.where === "archive" && length !== undefined && bytes < length
            ? error
            : spoil(error)
        }
        case "CorruptArchive":
          return yield* spoil(error)
        default:
          return yield* Effect.fail(error)
      }
    })

  const from = (beginnings: number): Effect.Effect<void, Failure, LocalFile.Files> =>
    Effect.flatMap(link, (known) => pass(state, names, source, writing, known)).pipe(
      Effect.catchAll((error) => Effect.zipRight(recover(error, beginnings), from(beginnings + 1)))
    )
  return from(1)
}

const write = (names: State.Names, begun: Journal.Journal, source: Source, writing: Writing) =>
  Effect.gen(function* () {
    const state = yield* State.open(names, begun, { ...source.names, ...writing })
    yield* Effect.onError(passes(state, names, source, writing), () => Effect.ignore(state.leave))
    const result = writing.as === "rows" ? state.output : state.archive
    const { bytes, crc } = result.extent()
    const size = yield* LocalFile.sizeOf(names.result)
    if (!Option.contains(size, bytes)) {
      return yield* new FileUnavailable({
        path: names.result,
        reason: "other",
        message: `The file ${names.result} was changed by another program while it was written. Run this again.`
      })
    }
    const whole: Whole = { bytes, crc, ...(writing.as === "rows" ? { rows: state.rows() } : {}) }
    yield* state.checkpoint(whole)
    return whole
  })

/** Exports to a file, or goes on with that. No other run may be at this file: {@link toFile} sees to it. */
export const toFileAlone = (
  path: string,
  source: Source,
  writing: Writing
): Effect.Effect<ExportedFile, ExportError | FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const names = State.namesOf(path, writing.as)
    const found = writing.restart ? Option.none() : yield* Journal.read(names.journal, source.names.export)
    if (Option.isSome(found)) {
      const ended = yield* settled(path, names, found.value, writing)
      if (Option.isSome(ended)) return ended.value
    }
    const begun = Option.getOrElse(found, () => Journal.empty(source.names))
    // Both files are closed before one of them gets its name.
    const whole = yield* Effect.scoped(write(names, begun, source, writing))
    return yield* settle(path, names, whole, writing, Option.isSome(found))
  })

/** The same, while no other run is at this file. */
export const toFile = (
  path: string,
  source: Source,
  writing: Writing
): Effect.Effect<ExportedFile, ExportError | FileError, LocalFile.Files> =>
  Effect.scoped(Effect.zipRight(lock(path), toFileAlone(path, source, writing)))
