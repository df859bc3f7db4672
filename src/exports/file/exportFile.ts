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
import type { ExportError, FileError } from "../../errors/AngoError.js"
import { type Extent, isSame } from "../../files/extent.js"
import { lock } from "../../files/fileLock.js"
import * as LocalFile from "../../files/localFile.js"
import { passes, type Source, type Writing } from "./archivePasses.js"
import * as State from "./fileState.js"
import * as Journal from "./journal.js"

export type { FileProgress, Piece, Source, Writing } from "./archivePasses.js"

/**
 * Runs when the file has its name, and again should the program have died before the end of it. `begunAt` is when the hub
 * was asked for the export, by its own clock.
 */
type OnFile = (begunAt: number | undefined) => Effect.Effect<void, FileError, LocalFile.Files>

/**
 * A file that holds a whole export. `rows` counts its lines, and `skipped` the rows that were left out of it since they
 * could not be read (those of an archive are not counted), `bytes` is its length and `crc32` its checksum; `resumed` tells that it was begun by an earlier run.
 *
 * @since 0.1.0
 */
export interface ExportedFile {
  readonly path: string
  readonly rows?: number
  readonly skipped?: number
  readonly bytes: number
  readonly crc32: number
  readonly resumed: boolean
}

const holds = (path: string, whole: Extent): Effect.Effect<boolean, FileError, LocalFile.Files> =>
  Effect.map(LocalFile.extentOf(path), (extent) => Option.exists(extent, (there) => isSame(there, whole)))

type Whole = NonNullable<Journal.Journal["whole"]> & Pick<Journal.Journal, "begunAt">

/** A file, and when the hub was asked for what it holds, by its own clock. */
interface Begun extends Pick<Journal.Journal, "begunAt"> {
  readonly file: ExportedFile
}

// What is complete gets its name, and what led to it goes.
const settle = (
  path: string,
  names: State.Names,
  { begunAt, bytes, crc, rows, skipped }: Whole,
  onFile: OnFile,
  resumed: boolean
): Effect.Effect<Begun, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    if (Option.isSome(yield* LocalFile.sizeOf(names.result))) yield* LocalFile.rename(names.result, path)
    yield* onFile(begunAt)
    yield* LocalFile.remove(names.rows)
    yield* LocalFile.remove(names.archive)
    // The last of all: as long as it is there, the file can be shown to be whole.
    yield* LocalFile.remove(names.journal)
    return {
      begunAt,
      file: {
        path,
        ...(rows === undefined ? {} : { rows, skipped: skipped ?? 0 }),
        bytes,
        crc32: crc,
        resumed
      }
    }
  })

// An earlier run that had everything and did not come to its end.
const settled = (
  path: string,
  names: State.Names,
  { begunAt, reading, whole }: Journal.Journal,
  source: Source,
  as: Writing["as"],
  onFile: OnFile
) =>
  Effect.gen(function* () {
    if (whole === undefined || (whole.rows === undefined) !== (as === "archive")) return Option.none()
    // An archive is the same under every row policy.
    if (as === "rows" && reading !== source.names.reading) return Option.none()
    const end = settle(path, names, { ...whole, begunAt }, onFile, true)
    if (yield* holds(names.result, whole)) return Option.some(yield* end)
    if (!(yield* holds(path, whole))) return Option.none()
    // Something else has taken the place of what was renamed already.
    yield* LocalFile.remove(names.result)
    return Option.some(yield* end)
  })

const write = (names: State.Names, begun: Journal.Journal, source: Source, writing: Writing) =>
  Effect.gen(function* () {
    const state = yield* State.open(names, begun, { ...source.names, ...writing })
    yield* Effect.onError(passes(state, names, source, writing), () => Effect.ignore(state.leave))
    const result = writing.as === "rows" ? state.output : state.archive
    const { bytes, crc } = result.extent()
    const size = yield* LocalFile.sizeOf(names.result)
    if (!Option.contains(size, bytes)) {
      return yield* LocalFile.changedBelow(names.result)
    }
    const whole = {
      bytes,
      crc,
      ...(writing.as === "rows" ? { rows: state.rows(), skipped: state.skipped() } : {})
    }
    yield* state.checkpoint(whole)
    return { ...whole, begunAt: state.journal().begunAt }
  })

/** Exports to a file, or goes on with that. No other run may be at this file: {@link toFile} sees to it. */
export const toFileAlone = (
  path: string,
  source: Source,
  writing: Writing,
  onFile: OnFile = () => Effect.void
): Effect.Effect<Begun, ExportError | FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const names = State.namesOf(path, writing.as)
    const found = writing.restart ? Option.none() : yield* Journal.read(names.journal, source.names.export)
    if (Option.isSome(found)) {
      const ended = yield* settled(path, names, found.value, source, writing.as, onFile)
      if (Option.isSome(ended)) return ended.value
    }
    const begun = Option.getOrElse(found, () => Journal.empty(source.names))
    // Both files are closed before one of them gets its name.
    const whole = yield* Effect.scoped(write(names, begun, source, writing))
    return yield* settle(path, names, whole, onFile, Option.isSome(found))
  })

/** The same, while no other run is at this file. */
export const toFile = (
  path: string,
  source: Source,
  writing: Writing
): Effect.Effect<ExportedFile, ExportError | FileError, LocalFile.Files> =>
  lock(path).pipe(
    Effect.zipRight(toFileAlone(path, source, writing)),
    Effect.map(({ file }) => file),
    Effect.scoped
  )
