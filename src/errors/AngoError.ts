/**
 * Everything that can go wrong, as tagged errors. Each says what happened and what to do, names the operation,
 * method and route, and holds no key, no query string and no body.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"
import type { CallError, Mismatch, OperationContext } from "./CallError.js"
import type { ArchiveError, DownloadError, FileError, RowError, UnreadableRow } from "./ExportError.js"
import type { InvalidLabels } from "./LabelError.js"
import type { PutError } from "./UploadError.js"

export * from "./CallError.js"
export * from "./ExportError.js"
export * from "./LabelError.js"
export * from "./UploadError.js"

/**
 * A setting is missing or unusable: the key, the region, the base URL, the page size, a time or a policy;
 * `environment` stands for another variable of a `Config`.
 *
 * @since 0.1.0
 */
export class InvalidConfig extends Data.TaggedError("InvalidConfig")<{
  readonly setting:
    | "apiKey"
    | "region"
    | "baseUrl"
    | "pageSize"
    | "deadline"
    | "idleTimeout"
    | "retry"
    | "rateLimit"
    | "concurrency"
    | "environment"
  readonly message: string
}> {}

/**
 * A list cannot be shown to be whole: it ended before its own total, or it changed while it was read in a way that
 * hides items. What was emitted before is real, each item once; up to `missing` of the items that were there all the
 * time may not be among them (exactly so many, when none was deleted meanwhile).
 *
 * `expected` is the largest total that was told, `received` the number of distinct items, `page` the last page.
 * `shifted` says how the list moved: its length at first and at last, and how many rows came again or behind the page
 * that was being read. `checkpoint` goes on with the search where this one was given up.
 *
 * @since 0.1.0
 */
export class IncompleteListing extends Data.TaggedError("IncompleteListing")<
  OperationContext & {
    readonly reason: "ended-early" | "moved-while-read"
    readonly expected: number
    readonly received: number
    readonly missing: number
    readonly page: number
    readonly shifted: { readonly from: number; readonly to: number; readonly late: number }
  }
> {}

/**
 * A list that cannot be read to its end: the hub gives the same page again and again, a page without rows before the
 * total, or more and more pages for ever; or one that tells no total and changes during each of many readings. `page`
 * is the page at which it was given up, `lastIds` the last ids on it.
 *
 * @since 0.1.0
 */
export class PaginationError extends Data.TaggedError("PaginationError")<
  OperationContext & {
    readonly reason: "same-page" | "empty-page" | "endless"
    readonly page: number
    readonly lastIds: ReadonlyArray<string>
    readonly expected: number
    readonly received: number
  }
> {}

/**
 * One row of a list could not be decoded; the others could. `page` and `index` (from 0) say where it was, `id` which
 * item it is when it tells, `mismatches` what is wrong with it. `row` is the row as it came, redacted, since it may
 * hold anything.
 *
 * @since 0.1.0
 */
export class BadRow extends Data.TaggedError("BadRow")<
  OperationContext & {
    readonly page: number
    readonly index: number
    readonly id?: string
    readonly mismatches: ReadonlyArray<Mismatch>
    readonly row: Redacted.Redacted<unknown>
  }
> {}

/**
 * A checkpoint could not be read from its store or written to it, or what the store held is none.
 *
 * @since 0.1.0
 */
export class CheckpointUnavailable extends Data.TaggedError("CheckpointUnavailable")<{
  readonly key: string
  readonly message: string
  readonly cause?: Error
}> {}

/**
 * `collect` was asked for at most `limit` items, and the list holds `total`. Nothing is cut off silently.
 *
 * @since 0.1.0
 */
export class ListTooLong extends Data.TaggedError("ListTooLong")<
  OperationContext & { readonly limit: number; readonly total: number }
> {}

/**
 * Batches were named that the project does not have. `unknown` are those, `known` the names that it has. Nothing
 * was changed.
 *
 * @since 0.1.0
 */
export class UnknownBatch extends Data.TaggedError("UnknownBatch")<
  OperationContext & { readonly unknown: ReadonlyArray<string>; readonly known: ReadonlyArray<string> }
> {}

/**
 * Batches were written, and each time another writer replaced the project's list by one without them. `missing`
 * are the names that are not there; trying again creates only those.
 *
 * @since 0.1.0
 */
export class LostUpdate extends Data.TaggedError("LostUpdate")<
  OperationContext & { readonly missing: ReadonlyArray<string>; readonly writes: number }
> {}

/**
 * A row of a bulk write names what another one does: a row before it in the input, with other content, or something
 * that the project has already, where that was to be refused. Nothing was sent for it.
 *
 * @since 0.1.0
 */
export class DuplicateRow extends Data.TaggedError("DuplicateRow")<
  OperationContext & { readonly key: string; readonly of: "input" | "project" }
> {}

/**
 * The hub took a request of a bulk write, counted fewer rows than were sent, and this one is not there. It did not say
 * why. `sent` is how many rows the request held, `taken` how many the hub counted.
 *
 * @since 0.1.0
 */
export class RowLeftOut extends Data.TaggedError("RowLeftOut")<
  OperationContext & { readonly sent: number; readonly taken: number }
> {}

/**
 * A row of a bulk write names an asset that the project does not have. Nothing was sent for it. `key` is its external
 * id, or its place in the input.
 *
 * @since 0.1.0
 */
export class UnknownAsset extends Data.TaggedError("UnknownAsset")<
  OperationContext & { readonly key: string }
> {}

/**
 * A row of a bulk write names several assets: external ids need not be unique, and the hub would take all of them.
 * Nothing was sent for it. `assets` are their ids.
 *
 * @since 0.1.0
 */
export class AmbiguousAsset extends Data.TaggedError("AmbiguousAsset")<
  OperationContext & { readonly key: string; readonly assets: ReadonlyArray<string> }
> {}

/**
 * No task of an asset is in a stage in which the hub does what a row of a bulk write asks for. Nothing was done for it.
 * `stages` are the names of those that they are in.
 *
 * @since 0.1.0
 */
export class WrongStage extends Data.TaggedError("WrongStage")<
  OperationContext & { readonly key: string; readonly stages: ReadonlyArray<string> }
> {}

/**
 * The ledger of a bulk write could not be read or written, is in use by another run, or is none, or that of another
 * write. What had been sent before is known by its outcomes; nothing was sent without being noted first.
 *
 * @since 0.1.0
 */
export class LedgerUnavailable extends Data.TaggedError("LedgerUnavailable")<{
  readonly ledger: string
  readonly message: string
  readonly cause?: Error
}> {}

/**
 * The hub took the export and named no link to it, as one that exports in the background does.
 *
 * @since 0.1.0
 */
export class NoExportLink extends Data.TaggedError("NoExportLink")<OperationContext> {}

/**
 * How far a list had been read when it failed, to go on from: `{ checkpoint: error.checkpoint }`. There is none when not
 * even the first page came.
 *
 * @since 0.1.0
 */
export interface Resumable {
  readonly checkpoint?: string
}

/**
 * What reading a whole list can fail with.
 *
 * @since 0.1.0
 */
export type ListError = (CallError | IncompleteListing | PaginationError | CheckpointUnavailable) & Resumable

/**
 * What reading the rows of an export can fail with, from the request to the last row.
 *
 * @since 0.1.0
 */
export type ExportError =
  | CallError
  | UnknownBatch
  | NoExportLink
  | DownloadError
  | ArchiveError
  | RowError
  | UnreadableRow

/**
 * What uploading one file can fail with, from the request for its link to the last byte.
 *
 * @since 0.1.0
 */
export type UploadError = CallError | PutError

/**
 * Every error of this library.
 *
 * @since 0.1.0
 */
export type AngoError =
  | InvalidConfig
  | ListError
  | ListTooLong
  | BadRow
  | LostUpdate
  | DuplicateRow
  | RowLeftOut
  | LedgerUnavailable
  | UnknownAsset
  | AmbiguousAsset
  | WrongStage
  | ExportError
  | FileError
  | InvalidLabels
  | UploadError
