/**
 * Updates a file of rows: exports the tasks that were updated since its watermark, and merges their rows into it.
 *
 * The watermark is in `<path>.watermark` and is written after the file: a run that dies in between exports the same
 * changes again, and merging them again changes nothing.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { type ExportError, FileError, type InvalidRequest } from "../../errors/AngoError.js"
import { lock } from "../../files/fileLock.js"
import * as LocalFile from "../../files/localFile.js"
import * as Watermark from "../watermark.js"
import { type ExportedFile, type ExportSource, type WriteSettings, writeLockedFile } from "./fileWriter.js"
import { pathsOf } from "./partialFiles.js"
import { latestUpdateIn, mergeRows } from "./rowUpdateMerge.js"

/** What is exported, and how it is written. */
export interface Update {
  /** Identifies the export: its project and options, without the watermark. */
  readonly fingerprint: string
  /** How many milliseconds before the watermark are exported again. */
  readonly overlap: number
  /** The export of the tasks that were updated after an instant (epoch milliseconds), or of all tasks. */
  readonly source: (updatedAfter: number | undefined) => Effect.Effect<ExportSource, InvalidRequest>
  readonly settings: WriteSettings
}

/**
 * An updated file. Of the rows exported by this run, `added` are new in the file, `replaced` differ from the row they
 * replaced, and `skipped` were unreadable.
 *
 * @category models
 * @since 0.1.0
 */
export interface UpdatedFile extends Required<ExportedFile> {
  readonly added: number
  readonly replaced: number
}

const isIncompatible = (error: { readonly _tag: string }): boolean =>
  error instanceof FileError && ["other-export", "newer-version", "unknown-content"].includes(error.reason)

type Run = Effect.Effect<UpdatedFile, ExportError | FileError, LocalFile.Files>

const exportAll = (path: string, markPath: string, { fingerprint, settings, source }: Update): Run =>
  Effect.gen(function* () {
    const writeWatermark = (requestedAt: number | undefined) =>
      Effect.flatMap(latestUpdateIn(path), (latest) => {
        const millis = Watermark.completeUntil(latest, requestedAt)
        return millis === undefined
          ? LocalFile.remove(markPath)
          : LocalFile.replace(markPath, Watermark.encode(fingerprint, millis))
      })
    // The watermark is written before the journal is deleted, which proves that the file is the whole export.
    const { file } = yield* writeLockedFile(path, yield* source(undefined), settings, writeWatermark)
    const { rows = 0, skipped = 0 } = file
    return { ...file, rows, skipped, added: rows, replaced: 0 }
  })

const exportChanges = (watermark: number, path: string, markPath: string, update: Update): Run =>
  Effect.gen(function* () {
    const { fingerprint, overlap, settings, source } = update
    const changesPath = `${path}.changes`
    const changes = yield* source(watermark - overlap)
    const changeSettings = { ...settings, modeOf: path }
    // Changes since another watermark, which an earlier run left, are useless and belong to no other export.
    const { file, requestedAt } = yield* Effect.catchIf(
      writeLockedFile(changesPath, changes, changeSettings),
      isIncompatible,
      () => writeLockedFile(changesPath, changes, { ...changeSettings, restart: true })
    )
    const { latest, ...merged } = yield* mergeRows(path, changesPath)
    const millis = Math.max(watermark, Watermark.completeUntil(latest, requestedAt) ?? watermark)
    yield* LocalFile.replace(markPath, Watermark.encode(fingerprint, millis))
    yield* LocalFile.remove(changesPath)
    return { path, ...merged, skipped: file.skipped ?? 0, resumed: file.resumed }
  })

/** Updates a file, or exports all tasks to it if it does not exist, is empty or has no watermark. */
export const updateFile = (path: string, update: Update): Run =>
  Effect.gen(function* () {
    yield* lock(path)
    const markPath = `${path}.watermark`
    const mark = yield* LocalFile.readText(markPath)
    // An empty file has lost its rows, and changes would not bring back those of unchanged tasks.
    const hasRows = Option.exists(yield* LocalFile.sizeOf(path), (size) => size > 0)
    // An unfinished export of all tasks is resumed first: otherwise its journal would never be deleted.
    const isUnfinished = Option.isSome(yield* LocalFile.sizeOf(pathsOf(path, "rows").journal))
    if (Option.isNone(mark) || !hasRows || isUnfinished || update.settings.restart) {
      return yield* exportAll(path, markPath, update)
    }
    const watermark = Watermark.decode(update.fingerprint, mark.value)
    if (Either.isRight(watermark)) return yield* exportChanges(watermark.right, path, markPath, update)
    const { isForeign, message } = watermark.left
    return yield* new FileError({
      path: markPath,
      reason: isForeign ? "other-export" : "unknown-content",
      message:
        `The watermark ${markPath} cannot be used. ${message} Or use another path, or export everything again ` +
        "(restart: true)."
    })
  }).pipe(Effect.scoped)
