// Decides how a run continues after a pass over the archive has failed. Pure: `archivePasses.ts` carries decisions out.
import {
  type ArchiveError,
  type DownloadError,
  type ExportError,
  type FileError,
  TransferError
} from "../../errors/AngoError.js"
import { isTruncated } from "../../errors/ArchiveError.js"
import { downloadContext } from "../../layers/transfer/downloadBody.js"
import type { ArchiveChanged } from "../../layers/transfer/resumableDownload.js"

/** What a run fails with. */
export type RunError = ExportError | FileError

/** The download failed, so that an archive that ends early says nothing about the archive in the storage. */
export interface DownloadFailed {
  readonly _tag: "DownloadFailed"
  readonly error: DownloadError | ArchiveChanged
}

/** The rows of the archive differ from those that an earlier pass wrote to the file. */
export interface RowsChanged {
  readonly _tag: "RowsChanged"
}

/** How a pass over the archive can fail. */
export type PassFailure = RunError | DownloadFailed | RowsChanged

/** How far a run is when a pass fails. */
export interface RunState {
  /** The number of the pass, from 1. */
  readonly pass: number
  /** How many exports this run has requested; 0 while it uses the link of an earlier run. */
  readonly requests: number
  /** Bytes of the archive on disk. */
  readonly bytes: number
  /** Length of the archive in bytes, if the storage declared it. */
  readonly length: number | undefined
  /** Bytes on disk when an earlier pass found the archive truncated; 0 if none did. */
  readonly truncatedAt: number
}

/**
 * What to do next:
 *
 * - `Retry`: delete a part of what is on disk, add `note` to the journal, and start another pass. Discarding the
 *   `export` discards the link, the archive and the rows, so that the pass requests a new export.
 * - `Continue`: start another pass, which downloads what the storage may have after the bytes on disk.
 * - `Verify`: read the whole archive without its rows. If it is damaged, fail as {@link failDamaged}; otherwise fail
 *   with `error` and keep everything.
 * - `Fail`: fail with `error`, after discarding the export if `discard` says so.
 */
export type Decision =
  | { readonly _tag: "Retry"; readonly discard: "rows" | "export"; readonly note: string }
  | { readonly _tag: "Continue" }
  | { readonly _tag: "Verify"; readonly error: RunError }
  | {
      readonly _tag: "Fail"
      readonly error: RunError
      readonly discard?: "export"
      readonly note?: string
    }

/** How many passes a run makes over archives that change or end early, and how many exports it requests. */
export const maxAttempts = 3

const fail = (error: RunError): Decision => ({ _tag: "Fail", error })

/** Fails and discards the export, which no later run can use. */
export const failDamaged = (error: RunError): Decision => ({
  _tag: "Fail",
  error,
  discard: "export",
  note: "The archive is damaged or incomplete. The next run requests a new export."
})

/** Whether the archive in the storage is at fault. */
export const isDamage = (failure: PassFailure): failure is ArchiveError =>
  failure._tag === "ArchiveError" && failure.reason !== "too-large" && failure.reason !== "row-too-large"

const decideOnDownload = (error: DownloadError | ArchiveChanged, { bytes, requests }: RunState): Decision => {
  switch (error._tag) {
    // The hub keeps one export file per project: another export may have replaced it, with other rows.
    case "ArchiveChanged":
      return requests < maxAttempts
        ? {
            _tag: "Retry",
            discard: "export",
            note: "The archive behind the link has changed. A new export is requested."
          }
        : fail(
            new TransferError({
              direction: "download",
              ...downloadContext(
                "returned a different archive on each attempt. Request a new export (restart: true)."
              ),
              reason: "changed"
            })
          )
    case "TransferError": {
      if (error.reason === "length") return fail(error)
      if (error.reason === "link-expired") {
        return requests < maxAttempts
          ? { _tag: "Retry", discard: "export", note: "The link has expired. A new export is requested." }
          : fail(error)
      }
      // Some storages reject an expired link with another status. Such a link worked before; one that never did is
      // not worth another request.
      const hasWorked = requests === 0 || bytes > 0
      return hasWorked && requests < maxAttempts
        ? {
            _tag: "Retry",
            discard: "export",
            note: "The storage rejected the link. A new export is requested."
          }
        : { _tag: "Fail", error, discard: "export" }
    }
    default:
      return fail(error)
  }
}

const decideOnArchive = (error: ArchiveError, { bytes, length, pass, truncatedAt }: RunState): Decision => {
  // A damaged archive may show in a row before it shows in the checksum after all rows.
  if (error.reason === "row-too-large") return { _tag: "Verify", error }
  if (error.reason === "too-large") return fail(error)
  if (!isTruncated(error)) return failDamaged(error)
  const mayContinue = error.reason === "truncated" && length === undefined
  return mayContinue && bytes > truncatedAt && pass < maxAttempts ? { _tag: "Continue" } : failDamaged(error)
}

/** Decides what to do about a failed pass. */
export const decide = (failure: PassFailure, state: RunState): Decision => {
  switch (failure._tag) {
    case "DownloadFailed":
      return decideOnDownload(failure.error, state)
    case "RowsChanged":
      return {
        _tag: "Retry",
        discard: "rows",
        note: "The rows differ from those written earlier. They are written again."
      }
    case "ArchiveError":
      return decideOnArchive(failure, state)
    case "RowDecodeError":
      return { _tag: "Verify", error: failure }
    case "FilterNotApplied":
      return {
        _tag: "Fail",
        error: failure,
        discard: "export",
        note: "Rows contradict the conditions of the export. The next run requests a new export."
      }
    default:
      return fail(failure)
  }
}
