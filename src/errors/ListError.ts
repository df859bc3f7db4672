/**
 * Errors of reading a whole list.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { CallError } from "./CallError.js"
import type { OperationContext } from "./OperationContext.js"
import type { StoreUnavailable } from "./StoreUnavailable.js"

/**
 * The list may be incomplete: it ended before its total, or changed during the scan in a way that can hide items. Items
 * emitted before are valid and distinct. At most `missing` of the items that existed during the whole scan are missing
 * (exactly that number if none was deleted meanwhile).
 *
 * `expected` is the largest total that the hub returned, `received` the number of distinct items, `page` the last page.
 * `shifted` describes the change: the first total (`from`), the last one (`to`), and the number of rows that came again or
 * in a part of the list that had been read already (`late`). The scan resumes from `checkpoint`.
 *
 * @category errors
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
 * The end of the list cannot be reached. `reason` says why: the hub returns the `same-page` repeatedly, an `empty-page`
 * before the total, or `endless` pages. A list without a total that changes during each of several scans is `endless` too.
 * `page` is the last page requested, `lastIds` the last ids on it.
 *
 * @category errors
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
 * Rows of a list or an export contradict a condition: the hub ignored it, or reads it in another way. None of the rows of
 * that page, or of that part of the export, is emitted.
 *
 * `parameter` is the option that the condition comes from (`filter.…` for one in the API's form), `page` the page of a
 * list, `count` the number of its rows that contradict the condition, `rows` the ids of at most ten of them.
 *
 * @category errors
 * @since 0.1.0
 */
export class FilterNotApplied extends Data.TaggedError("FilterNotApplied")<
  OperationContext & {
    readonly parameter: string
    readonly page?: number
    readonly rows: ReadonlyArray<string>
    readonly count: number
  }
> {}

/**
 * `collect` was called with `limit`, and the list holds more items: `total` (`limit + 1` for lists without a total). A list is never truncated.
 *
 * @category errors
 * @since 0.1.0
 */
export class ListTooLong extends Data.TaggedError("ListTooLong")<
  OperationContext & { readonly limit: number; readonly total: number }
> {}

/**
 * The position at which a list failed. Resume with `{ checkpoint: error.checkpoint }`. Missing if the first page failed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Resumable {
  readonly checkpoint?: string
}

/**
 * The errors of reading a whole list.
 *
 * @category errors
 * @since 0.1.0
 */
export type ListError = (
  | CallError
  | FilterNotApplied
  | IncompleteListing
  | PaginationError
  | StoreUnavailable
) &
  Resumable
