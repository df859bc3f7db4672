/**
 * The state of an export to a file while a run writes it: the open files, and the journal that says how much of them is
 * flushed to disk.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { FileError } from "../../errors/AngoError.js"
import { none } from "../../files/extent.js"
import * as LocalFile from "../../files/localFile.js"
import { operation } from "../../layers/transfer/downloadBody.js"
import type { PartialDownload } from "../../layers/transfer/resumableDownload.js"
import * as Journal from "./progressJournal.js"

/** The files of an export to `path`; `result` is the one that is renamed to `path` at the end. */
export const pathsOf = (path: string, output: "rows" | "archive") => {
  const paths = { path, archive: `${path}.archive.part`, rows: `${path}.part`, journal: `${path}.journal` }
  return { ...paths, result: output === "rows" ? paths.rows : paths.archive }
}

/** @since 0.1.0 */
export type Paths = ReturnType<typeof pathsOf>

type Save = Effect.Effect<void, FileError, LocalFile.Files>

/** Rows in the file, and unreadable rows that this run skipped. */
export interface RowCounts {
  readonly rows: number
  readonly skipped: number
}

/** An export to a file that is being written. */
export interface FileState {
  readonly archiveFile: LocalFile.AppendableFile
  readonly rowsFile: LocalFile.AppendableFile
  readonly journal: () => Journal.Journal
  /** The archive on disk, as the download resumes it. */
  readonly partialArchive: PartialDownload
  readonly counts: () => RowCounts
  readonly setCounts: (counts: RowCounts) => void
  readonly setLink: (link: Redacted.Redacted, requestedAt: number | undefined) => void
  /** Writes an event to the log and to the journal. */
  readonly record: (event: string) => Effect.Effect<void>
  /** Flushes both files to disk, then writes the journal; `complete` describes the complete file. */
  readonly checkpoint: (complete?: Journal.Journal["complete"]) => Save
  /** Counts written bytes; makes a checkpoint every `syncEvery` bytes. */
  readonly addBytes: (bytes: number) => Save
  /** Deletes the rows; the archive stays. */
  readonly discardRows: Effect.Effect<void, FileError>
  /** Deletes the link, the archive and the rows. */
  readonly discardExport: Effect.Effect<void, FileError>
  /** Ends an incomplete run: makes a checkpoint, or deletes all files when there is nothing to resume. */
  readonly saveOrDelete: Save
}

/** Opens the files of an export and resumes where `start`, the journal of an earlier run, says. */
export const open = (
  paths: Paths,
  start: Journal.Journal,
  {
    modeOf = paths.path,
    rowPolicy,
    syncEvery
  }: { readonly rowPolicy: string; readonly syncEvery: number; readonly modeOf?: string }
): Effect.Effect<FileState, FileError, LocalFile.Files | Scope.Scope> =>
  Effect.gen(function* () {
    const { complete: _, ...incomplete } = start
    let journal: Journal.Journal = incomplete
    const archiveFile = yield* LocalFile.openAppendable(paths.archive, journal.archive, modeOf)
    const isSamePolicy = journal.rowPolicy === rowPolicy
    const rowsFile = yield* LocalFile.openAppendable(paths.rows, isSamePolicy ? journal.output : none, modeOf)
    let counts: RowCounts = {
      rows: rowsFile.extent().bytes === 0 ? 0 : journal.output.rows,
      skipped: 0
    }
    let unsyncedBytes = 0
    const extents = () => JSON.stringify([archiveFile.extent(), rowsFile.extent()])
    let syncedExtents = extents()

    const record: FileState["record"] = (event) =>
      Effect.flatMap(Journal.addEvent(journal, event), (next) => {
        journal = next
        return Effect.annotateLogs(Effect.logInfo(event), { operation: operation.name })
      })

    const checkpoint: FileState["checkpoint"] = (complete) =>
      Effect.gen(function* () {
        unsyncedBytes = 0
        if (syncedExtents !== extents()) yield* Effect.zipRight(archiveFile.sync, rowsFile.sync)
        syncedExtents = extents()
        journal = {
          ...journal,
          rowPolicy,
          archive: archiveFile.extent(),
          output: { ...rowsFile.extent(), rows: counts.rows },
          ...(complete === undefined ? {} : { complete })
        }
        yield* Journal.write(paths.journal, journal)
      })

    if (archiveFile.extent().bytes < start.archive.bytes) {
      yield* record("The partial archive is not what was written. It is downloaded again from the start.")
    }
    if (isSamePolicy && rowsFile.extent().bytes < start.output.bytes) {
      yield* record("The partial rows are not what was written. They are written again.")
    }

    return {
      archiveFile,
      rowsFile,
      journal: () => journal,
      counts: () => counts,
      setCounts: (next) => {
        counts = next
      },
      setLink: (link, requestedAt) => {
        journal = { ...journal, link, ...(requestedAt === undefined ? {} : { requestedAt }) }
      },
      record,
      checkpoint,
      addBytes: (bytes) =>
        Effect.suspend(() => {
          unsyncedBytes += bytes
          return unsyncedBytes >= syncEvery ? checkpoint() : Effect.void
        }),
      discardRows: Effect.suspend(() => {
        counts = { rows: 0, skipped: 0 }
        return rowsFile.reset
      }),
      discardExport: Effect.suspend(() => {
        const { etag: _, length: __, link: ___, requestedAt: ____, ...others } = journal
        journal = others
        counts = { ...counts, rows: 0 }
        return Effect.zipRight(archiveFile.reset, rowsFile.reset)
      }),
      saveOrDelete: Effect.suspend(() =>
        journal.link === undefined && journal.history.length === 0
          ? Effect.forEach([paths.rows, paths.archive, paths.journal], LocalFile.remove, { discard: true })
          : checkpoint()
      ),
      partialArchive: {
        received: archiveFile.extent,
        version: () => journal,
        onEvent: ({ etag, length }, event) =>
          Effect.suspend(() => {
            const { etag: _, length: __, ...others } = journal
            journal = {
              ...others,
              ...(etag === undefined ? {} : { etag }),
              ...(length === undefined ? {} : { length })
            }
            return event === "comparing"
              ? record("The storage sent the archive from its start. It is compared with the part on disk.")
              : Effect.void
          })
      }
    }
  })
