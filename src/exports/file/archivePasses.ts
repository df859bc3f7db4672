/**
 * Passes over the archive of an export: each reads the bytes on disk, then downloads the rest, and writes the rows.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { ExportError, FileError, StoreUnavailable } from "../../errors/AngoError.js"
import { type Comparison, compare } from "../../files/extent.js"
import * as LocalFile from "../../files/localFile.js"
import type { ResumableDownload } from "../../layers/transfer/resumableDownload.js"
import * as Recovery from "./errorRecovery.js"
import type { FileState, Paths } from "./partialFiles.js"
import type { Journal } from "./progressJournal.js"

/** Lines to append to the file. */
export interface RowBlock {
  readonly bytes: Uint8Array
  readonly rows: number
  /** How many unreadable rows were skipped in this block and all before it. */
  readonly skipped: number
}

/** Reads an archive as blocks of rows. */
export type ArchiveReader = <E, R>(
  archive: Stream.Stream<Uint8Array, E, R>
) => Stream.Stream<RowBlock, E | ExportError, R>

/** An export: how it is requested, downloaded and read. */
export interface ExportSource {
  readonly identity: Pick<Journal, "fingerprint" | "rowPolicy">
  /**
   * Requests an export; `requestedAt` is when the hub received the request, by its own clock, in epoch milliseconds.
   */
  readonly request: Effect.Effect<
    { readonly link: Redacted.Redacted; readonly requestedAt: number | undefined },
    ExportError
  >
  /** Runs request and download while no other export of the project is running. */
  readonly whileLocked: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreUnavailable, R>
  readonly download: ResumableDownload
  /** Reads what is written to the file; emits nothing when the file is the archive itself. */
  readonly read: ArchiveReader
  /** Reads the whole archive without its rows; fails when it is damaged. */
  readonly verify: ArchiveReader
}

/**
 * The progress of an export to a file. `rows` and `bytes` are what the file holds; `received` counts the bytes of the
 * archive on disk, out of `length` if the storage declared it.
 *
 * @category models
 * @since 0.1.0
 */
export interface FileProgress {
  readonly rows: number
  readonly bytes: number
  readonly received: number
  readonly length: number | undefined
}

/** How the file is written. */
export interface WriteSettings {
  readonly output: "rows" | "archive"
  /** Bytes between two checkpoints. */
  readonly syncEvery: number
  readonly restart: boolean
  /** The file whose mode the new file gets; by default the file that it replaces. */
  readonly modeOf?: string
  readonly onProgress: (progress: FileProgress) => Effect.Effect<void>
}

const rowsChanged: Recovery.RowsChanged = { _tag: "RowsChanged" }

type Attempt = Pick<Recovery.RunState, "pass" | "requests" | "truncatedAt">

/** Makes passes over the archive until one has written everything, or fails in a way that another one cannot fix. */
export const runPasses = (
  state: FileState,
  paths: Paths,
  source: ExportSource,
  { onProgress, output }: WriteSettings
): Effect.Effect<void, Recovery.RunError, LocalFile.Files> => {
  const { archiveFile, checkpoint, journal, rowsFile } = state

  const link = Effect.suspend(() => {
    const known = journal().link
    if (known !== undefined) return Effect.succeed(known)
    return Effect.flatMap(source.request, ({ link, requestedAt }) => {
      state.setLink(link, requestedAt)
      return Effect.as(checkpoint(), link)
    })
  })

  const reportProgress = Effect.suspend(() =>
    onProgress({
      rows: state.counts().rows,
      bytes: (output === "rows" ? rowsFile : archiveFile).extent().bytes,
      received: archiveFile.extent().bytes,
      length: journal().length
    })
  )

  const keep = (bytes: Uint8Array) =>
    archiveFile
      .append(bytes)
      .pipe(
        Effect.zipRight(state.addBytes(bytes.length)),
        Effect.zipRight(output === "archive" ? reportProgress : Effect.void)
      )

  // The whole archive; downloaded bytes are appended to the file on disk.
  const archiveBytes = (link: Redacted.Redacted) => {
    const { bytes: onDisk } = archiveFile.extent()
    const rest = source.download(link, state.partialArchive).pipe(
      Stream.mapError((error): Recovery.DownloadFailed => ({ _tag: "DownloadFailed", error })),
      Stream.mapChunksEffect((chunk) => Effect.as(Effect.forEach(chunk, keep, { discard: true }), chunk))
    )
    return onDisk === 0 ? rest : Stream.concat(LocalFile.streamBytes(paths.archive, onDisk), rest)
  }

  // Rows that are already in the file are compared with it; the others are appended.
  const writeTo = (comparison: Comparison) => {
    let rows = 0
    return (block: RowBlock): Effect.Effect<void, FileError | Recovery.RowsChanged, LocalFile.Files> => {
      rows += block.rows
      const added = comparison.feed(block.bytes)
      if (added === undefined) return Effect.fail(rowsChanged)
      if (!comparison.isOver()) return Effect.void
      return rowsFile.append(added).pipe(
        Effect.zipRight(
          Effect.suspend(() => {
            state.setCounts({ rows, skipped: block.skipped })
            return state.addBytes(added.length)
          })
        ),
        Effect.zipRight(reportProgress)
      )
    }
  }

  const pass = Effect.suspend(() =>
    Effect.flatMap(link, (known) => {
      const comparison = compare(rowsFile.extent())
      const write = writeTo(comparison)
      const end = Effect.suspend(() =>
        output === "rows" && !comparison.isOver() ? Effect.fail(rowsChanged) : Effect.void
      )
      return Effect.zipRight(Stream.runForEach(source.read(archiveBytes(known)), write), end)
    })
  )

  const discard = {
    rows: state.discardRows,
    export: state.discardExport
  }

  const carryOut = (decision: Recovery.Decision): Effect.Effect<void, Recovery.RunError, LocalFile.Files> =>
    Effect.gen(function* () {
      switch (decision._tag) {
        case "Continue":
          return
        case "Retry":
          yield* discard[decision.discard]
          return yield* state.record(decision.note)
        case "Verify":
          yield* Effect.flatMap(link, (known) => Stream.runDrain(source.verify(archiveBytes(known)))).pipe(
            Effect.catchAll((failure) =>
              Recovery.isDamage(failure) ? carryOut(Recovery.failDamaged(failure)) : Effect.void
            )
          )
          return yield* Effect.fail(decision.error)
        case "Fail":
          if (decision.discard !== undefined) yield* discard[decision.discard]
          if (decision.note !== undefined) yield* Effect.zipRight(state.record(decision.note), checkpoint())
          return yield* Effect.fail(decision.error)
      }
    })

  const run = (attempt: Attempt): Effect.Effect<void, Recovery.RunError, LocalFile.Files> =>
    Effect.suspend(() => {
      const requests = attempt.requests + (journal().link === undefined ? 1 : 0)
      return Effect.catchAll(pass, (failure) => {
        const { bytes } = archiveFile.extent()
        const decision = Recovery.decide(failure, { ...attempt, requests, bytes, length: journal().length })
        const next = {
          pass: attempt.pass + 1,
          requests,
          truncatedAt: decision._tag === "Continue" ? bytes : attempt.truncatedAt
        }
        return Effect.zipRight(carryOut(decision), run(next))
      })
    })

  // Nothing shows whether the link of an earlier run still stands for its export when no byte of it is on disk and the
  // storage declared no version: the hub keeps one export file per project, and the project was not locked since.
  const start = Effect.suspend(() => {
    const { etag, link } = journal()
    const isUnverifiable = etag === undefined && archiveFile.extent().bytes === 0
    return link !== undefined && isUnverifiable ? state.discardExport : Effect.void
  })

  return Effect.zipRight(start, run({ pass: 1, requests: 0, truncatedAt: 0 }))
}
