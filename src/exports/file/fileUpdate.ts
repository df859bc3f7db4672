/**
 * A file of rows that is kept up to date: what has changed since its watermark is exported and put into it.
 *
 * The watermark lies beside the file, as `<path>.watermark`, and follows it: a run that dies in between finds the same
 * changes once more, and puts them where they are already.
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
import { type ExportedFile, type Source, toFileAlone, type Writing } from "./exportFile.js"
import { namesOf } from "./fileState.js"
import { latestOf, merge } from "./rowMerge.js"

/** What is exported, and how it is written. */
export interface Update {
  /** The name of the export, whatever its watermark. */
  readonly name: string
  /** So many milliseconds before the watermark are asked for once more. */
  readonly overlap: number
  /** The tasks that were updated after an instant, in epoch milliseconds, or all. */
  readonly source: (updatedAfter: number | undefined) => Effect.Effect<Source, InvalidRequest>
  readonly writing: Writing
}

/**
 * A file that was brought up to date. Of the tasks that were exported now `added` were not in it, `replaced` were and
 * were others, and `skipped` could not be read.
 *
 * @since 0.1.0
 */
export interface UpdatedFile extends Required<ExportedFile> {
  readonly added: number
  readonly replaced: number
}

const isIncompatible = (error: { readonly _tag: string }): boolean =>
  error instanceof FileError && ["other-export", "newer-version", "unknown-content"].includes(error.reason)

type Run = Effect.Effect<UpdatedFile, ExportError | FileError, LocalFile.Files>

const whole = (path: string, mark: string, { name, source, writing }: Update): Run =>
  Effect.gen(function* () {
    const note = (begunAt: number | undefined) =>
      Effect.flatMap(latestOf(path), (latest) => {
        const millis = Watermark.known(latest, begunAt)
        return millis === undefined
          ? LocalFile.remove(mark)
          : LocalFile.replace(mark, Watermark.write(name, millis))
      })
    // Before the journal goes: until then, the file can be shown to be the whole export.
    const { file } = yield* toFileAlone(path, yield* source(undefined), writing, note)
    const { rows = 0, skipped = 0 } = file
    return { ...file, rows, skipped, added: rows, replaced: 0 }
  })

const since = (watermark: number, path: string, mark: string, update: Update): Run =>
  Effect.gen(function* () {
    const { name, overlap, source, writing } = update
    const changes = `${path}.changes`
    const changed = yield* source(watermark - overlap)
    const alike = { ...writing, like: path }
    // What is left of changes since another watermark is of no use, and of nobody else.
    const { begunAt, file } = yield* Effect.catchIf(
      toFileAlone(changes, changed, alike),
      isIncompatible,
      () => toFileAlone(changes, changed, { ...alike, restart: true })
    )
    const { latest, ...merged } = yield* merge(path, changes)
    yield* LocalFile.replace(
      mark,
      Watermark.write(name, Math.max(watermark, Watermark.known(latest, begunAt) ?? watermark))
    )
    yield* LocalFile.remove(changes)
    return { path, ...merged, skipped: file.skipped ?? 0, resumed: file.resumed }
  })

/** Brings a file up to date, or begins it. */
export const updateFile = (path: string, update: Update): Run =>
  Effect.gen(function* () {
    yield* lock(path)
    const mark = `${path}.watermark`
    const text = yield* LocalFile.read(mark)
    // Of a file that somebody emptied, what changes from now on would look like everything.
    const isThere = Option.exists(yield* LocalFile.sizeOf(path), (size) => size > 0)
    // An export of everything that was begun anew goes first: its journal would lie there for good.
    const isBegun = Option.isSome(yield* LocalFile.sizeOf(namesOf(path, "rows").journal))
    if (Option.isNone(text) || !isThere || isBegun || update.writing.restart) {
      return yield* whole(path, mark, update)
    }
    const watermark = Watermark.read(update.name, text.value)
    if (Either.isRight(watermark)) return yield* since(watermark.right, path, mark, update)
    return yield* new FileError({
      path: mark,
      reason: watermark.left.startsWith("It belongs") ? "other-export" : "unknown-content",
      message:
        `The watermark ${mark} cannot be used. ${watermark.left} Or give another path, or have everything exported anew ` +
        "(restart: true)."
    })
  }).pipe(Effect.scoped)
