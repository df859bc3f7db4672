/**
 * Writes an export to a file, resuming what an earlier run has written.
 *
 * While it is being written, `<path>.archive.part` holds the archive as downloaded, `<path>.part` the rows, and
 * `<path>.journal` the state. Since compressed data can only be read from its start, a resumed run reads the partial
 * archive again: it downloads only the missing bytes, compares rows that were already written by length and checksum,
 * and appends the others.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ExportError, FileError } from "../../errors/AngoError.js"
import { type Extent, isSame } from "../../files/extent.js"
import { lock } from "../../files/fileLock.js"
import * as LocalFile from "../../files/localFile.js"
import { type ExportSource, runPasses, type WriteSettings } from "./archivePasses.js"
import * as FileState from "./partialFiles.js"
import * as Journal from "./progressJournal.js"

export type { ExportSource, FileProgress, RowBlock, WriteSettings } from "./archivePasses.js"

/**
 * Runs once the complete file has its final name, before its journal is deleted; again in the next run if the program
 * dies in between. `requestedAt` is when the hub received the request for the export, by its own clock.
 */
type OnComplete = (requestedAt: number | undefined) => Effect.Effect<void, FileError, LocalFile.Files>

/**
 * A complete export file of `bytes` bytes with the checksum `crc32`. `rows` counts its lines and `skipped` the
 * unreadable rows that it lacks; an archive has neither. `resumed` says whether an earlier run began it.
 *
 * @category models
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

const hasExtent = (path: string, expected: Extent): Effect.Effect<boolean, FileError, LocalFile.Files> =>
  Effect.map(LocalFile.readExtent(path), (extent) =>
    Option.exists(extent, (actual) => isSame(actual, expected))
  )

type CompleteFile = NonNullable<Journal.Journal["complete"]> & Pick<Journal.Journal, "requestedAt">

/** A complete file, and when the hub received the request for its export, by its own clock. */
interface WrittenFile extends Pick<Journal.Journal, "requestedAt"> {
  readonly file: ExportedFile
}

// Renames the complete file and deletes all others.
const finish = (
  path: string,
  paths: FileState.Paths,
  { bytes, crc, requestedAt, rows, skipped }: CompleteFile,
  onComplete: OnComplete,
  resumed: boolean
): Effect.Effect<WrittenFile, FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    if (Option.isSome(yield* LocalFile.sizeOf(paths.result))) yield* LocalFile.rename(paths.result, path)
    yield* onComplete(requestedAt)
    yield* LocalFile.remove(paths.rows)
    yield* LocalFile.remove(paths.archive)
    // Last, because it proves that the file is complete.
    yield* LocalFile.remove(paths.journal)
    return {
      requestedAt,
      file: {
        path,
        ...(rows === undefined ? {} : { rows, skipped: skipped ?? 0 }),
        bytes,
        crc32: crc,
        resumed
      }
    }
  })

// Finishes the file of an earlier run that was complete and not finished; `None` if no such file fits these options.
const finishEarlierRun = (
  path: string,
  paths: FileState.Paths,
  { complete, requestedAt, rowPolicy }: Journal.Journal,
  source: ExportSource,
  output: WriteSettings["output"],
  onComplete: OnComplete
) =>
  Effect.gen(function* () {
    if (complete === undefined || (complete.rows === undefined) !== (output === "archive"))
      return Option.none()
    // An archive is the same under every row policy.
    if (output === "rows" && rowPolicy !== source.identity.rowPolicy) return Option.none()
    const finished = finish(path, paths, { ...complete, requestedAt }, onComplete, true)
    if (yield* hasExtent(paths.result, complete)) return Option.some(yield* finished)
    if (!(yield* hasExtent(path, complete))) return Option.none()
    // The file was renamed already; a file at the old name is not this one.
    yield* LocalFile.remove(paths.result)
    return Option.some(yield* finished)
  })

const writeResult = (
  paths: FileState.Paths,
  start: Journal.Journal,
  source: ExportSource,
  settings: WriteSettings
) =>
  Effect.gen(function* () {
    const state = yield* FileState.open(paths, start, { ...source.identity, ...settings })
    yield* Effect.onError(source.whileLocked(runPasses(state, paths, source, settings)), () =>
      Effect.ignore(state.saveOrDelete)
    )
    const { bytes, crc } = (settings.output === "rows" ? state.rowsFile : state.archiveFile).extent()
    const size = yield* LocalFile.sizeOf(paths.result)
    if (!Option.contains(size, bytes)) return yield* LocalFile.modifiedError(paths.result)
    const complete = { bytes, crc, ...(settings.output === "rows" ? state.counts() : {}) }
    yield* state.checkpoint(complete)
    return { ...complete, requestedAt: state.journal().requestedAt }
  })

/**
 * Writes an export to a file, or resumes that. The caller must hold the lock of the file, as {@link writeFile} does.
 */
export const writeLockedFile = (
  path: string,
  source: ExportSource,
  settings: WriteSettings,
  onComplete: OnComplete = () => Effect.void
): Effect.Effect<WrittenFile, ExportError | FileError, LocalFile.Files> =>
  Effect.gen(function* () {
    const paths = FileState.pathsOf(path, settings.output)
    const earlier = settings.restart
      ? Option.none()
      : yield* Journal.read(paths.journal, source.identity.fingerprint)
    if (Option.isSome(earlier)) {
      const finished = yield* finishEarlierRun(
        path,
        paths,
        earlier.value,
        source,
        settings.output,
        onComplete
      )
      if (Option.isSome(finished)) return finished.value
    }
    const start = Option.getOrElse(earlier, () => Journal.makeJournal(source.identity))
    // The scope closes both files before one of them is renamed.
    const complete = yield* Effect.scoped(writeResult(paths, start, source, settings))
    return yield* finish(path, paths, complete, onComplete, Option.isSome(earlier))
  })

/** Writes an export to a file, or resumes that, and locks the file meanwhile. */
export const writeFile = (
  path: string,
  source: ExportSource,
  settings: WriteSettings
): Effect.Effect<ExportedFile, ExportError | FileError, LocalFile.Files> =>
  lock(path).pipe(
    Effect.zipRight(writeLockedFile(path, source, settings)),
    Effect.map(({ file }) => file),
    Effect.scoped
  )
