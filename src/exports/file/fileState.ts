/**
 * What a run knows of an export on its way into a file: the files, and the journal that tells how much of them is safe.
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
import * as Journal from "./journal.js"

/** The files of an export to `path`; `result` is the one that gets its name. */
export const namesOf = (path: string, as: "rows" | "archive") => {
  const names = { path, archive: `${path}.archive.part`, rows: `${path}.part`, journal: `${path}.journal` }
  return { ...names, result: as === "rows" ? names.rows : names.archive }
}

/** @since 0.1.0 */
export type Names = ReturnType<typeof namesOf>

type Saving = Effect.Effect<void, FileError, LocalFile.Files>

/** An export under way. */
export interface State {
  readonly archive: LocalFile.GrowingFile
  readonly output: LocalFile.GrowingFile
  readonly journal: () => Journal.Journal
  readonly place: PartialDownload
  /** How many rows the output holds. */
  readonly rows: () => number
  /** How many rows this run has left out of it. */
  readonly skipped: () => number
  readonly setRows: (rows: number, skipped: number) => void
  readonly setLink: (link: Redacted.Redacted, begunAt: number | undefined) => void
  /** Tells what happened, in the log and in the journal. */
  readonly note: (what: string) => Effect.Effect<void>
  /** Makes what was written last, and says so in the journal; `whole` when it is everything. */
  readonly checkpoint: (whole?: Journal.Journal["whole"]) => Saving
  /** So many more bytes were written: from time to time they are made to last. */
  readonly wrote: (bytes: number) => Saving
  /** Begins with another archive: nothing of the one before can be relied on. */
  readonly forget: Effect.Effect<void, FileError>
  /** Takes everything away when nothing was begun, and makes it last otherwise. */
  readonly leave: Saving
}

/** Goes on with what an earlier run left, or begins. */
export const open = (
  names: Names,
  begun: Journal.Journal,
  {
    like = names.path,
    reading,
    syncEvery
  }: { readonly reading: string; readonly syncEvery: number; readonly like?: string }
): Effect.Effect<State, FileError, LocalFile.Files | Scope.Scope> =>
  Effect.gen(function* () {
    const { whole: _, ...rest } = begun
    let journal: Journal.Journal = rest
    const archive = yield* LocalFile.grow(names.archive, journal.archive, like)
    const isSame = journal.reading === reading
    const output = yield* LocalFile.grow(names.rows, isSame ? journal.output : none, like)
    let rows = output.extent().bytes === 0 ? 0 : journal.output.rows
    let skipped = 0
    let unsynced = 0
    const written = () => JSON.stringify([archive.extent(), output.extent()])
    let safe = written()

    const note: State["note"] = (what) =>
      Effect.flatMap(Journal.noted(journal, what), (next) => {
        journal = next
        return Effect.annotateLogs(Effect.logInfo(what), { operation: operation.name })
      })

    const checkpoint: State["checkpoint"] = (whole) =>
      Effect.gen(function* () {
        unsynced = 0
        if (safe !== written()) yield* Effect.zipRight(archive.sync, output.sync)
        safe = written()
        journal = {
          ...journal,
          reading,
          archive: archive.extent(),
          output: { ...output.extent(), rows },
          ...(whole === undefined ? {} : { whole })
        }
        yield* Journal.write(names.journal, journal)
      })

    if (archive.extent().bytes < begun.archive.bytes) {
      yield* note("The part of the archive is not what was written: it is downloaded from its beginning.")
    }
    if (isSame && output.extent().bytes < begun.output.bytes) {
      yield* note("The part of the rows is not what was written: they are written anew.")
    }

    return {
      archive,
      output,
      journal: () => journal,
      rows: () => rows,
      skipped: () => skipped,
      setRows: (count, left) => {
        rows = count
        skipped = left
      },
      setLink: (link, begunAt) => {
        journal = { ...journal, link, ...(begunAt === undefined ? {} : { begunAt }) }
      },
      note,
      checkpoint,
      wrote: (bytes) =>
        Effect.suspend(() => {
          unsynced += bytes
          return unsynced >= syncEvery ? checkpoint() : Effect.void
        }),
      forget: Effect.suspend(() => {
        const { begunAt: _, etag: __, length: ___, link: ____, ...others } = journal
        journal = others
        rows = 0
        return Effect.zipRight(archive.reset, output.reset)
      }),
      leave: Effect.suspend(() =>
        journal.link === undefined && journal.history.length === 0
          ? Effect.forEach([names.rows, names.archive, names.journal], LocalFile.remove, { discard: true })
          : checkpoint()
      ),
      place: {
        received: archive.extent,
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
              ? note("The storage gave the archive from its beginning: it is held to the part that is here.")
              : Effect.void
          })
      }
    }
  })
