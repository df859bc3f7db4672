/**
 * What can go wrong while a list is read to its end.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { CallError } from "./CallError.js"
import type { OperationContext } from "./OperationContext.js"
import type { StoreUnavailable } from "./StoreUnavailable.js"

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
 * `collect` was asked for at most `limit` items, and the list holds `total`. Nothing is cut off silently.
 *
 * @since 0.1.0
 */
export class ListTooLong extends Data.TaggedError("ListTooLong")<
  OperationContext & { readonly limit: number; readonly total: number }
> {}

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
export type ListError = (CallError | IncompleteListing | PaginationError | StoreUnavailable) & Resumable
