// Lists without a total (docs/api-notes.md#pagination): only the next page shows whether the list has ended, and only a
// second pass shows that the first one was complete. They are read again until two passes match.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operations.js"
import { maxPageSize } from "../api/queryEncoding.js"
import {
  type CallError,
  type FilterNotApplied,
  type InvalidRequest,
  ListTooLong,
  PaginationError
} from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import { begin } from "./completeness.js"
import type { PageSizes } from "./pageSizes.js"

/**
 * One page of a list that has no total.
 *
 * @category options
 * @since 0.1.0
 */
export interface PageRequest {
  /** Page number, from 1; without one the API returns its first page. */
  readonly page?: number | undefined
  /** Items per page, 1 to 1000; the API's default is 10. */
  readonly limit?: number | undefined
}

/** Reads one page. */
export type ReadPage<A, E> = (page: number, limit: number) => Effect.Effect<ReadonlyArray<A>, E>

/** A list without a total, and how to read its pages. */
export interface StableScan<A, E extends CallError | FilterNotApplied = CallError> {
  readonly operation: Operation
  /** Made once, so that what is learnt of page sizes is kept. */
  readonly pageSizes: PageSizes
  readonly read: ReadPage<A, E>
}

// A consumer that removes each item it receives leaves about half of the remaining items to the next pass.
const maxPasses = 20

interface Cursor {
  /** The number of the pass, from 1. */
  readonly pass: number
  readonly page: number
  readonly limit: number
  /** Ids of the previous pass that this pass has not returned yet. */
  readonly expected: Set<string>
  /** Ids of this pass. */
  readonly received: Set<string>
  /** Whether this pass returned a new item that the previous passes should have returned. */
  readonly hasMissedItem: boolean
}

const changedInEachPass = (operation: Operation, ids: Set<string>, page: number): PaginationError =>
  new PaginationError({
    ...operationContext(
      operation,
      `${label(operation)} cannot be read to its end: the list changed during each of ${maxPasses} passes ` +
        `(${ids.size} items so far). Read it again when it changes less often.`
    ),
    reason: "endless",
    page,
    lastIds: Array.from(ids).slice(-3),
    expected: ids.size,
    received: ids.size
  })

/**
 * All pages of a list, without items that an earlier page had. A pass ends with a page that adds nothing: an empty
 * one, or the first one again from a hub that ignores `page`. When an item leaves the list during a pass, later
 * ones move to pages that were read already. So passes are repeated until one returns all items of the pass before
 * it, and no new item before those: then no item left the list, and none was missed.
 */
export const stablePages = <A extends { readonly id: string }, E extends CallError | FilterNotApplied>({
  operation,
  pageSizes,
  read
}: StableScan<A, E>): Stream.Stream<ReadonlyArray<A>, E | PaginationError> =>
  // Suspended, since a stream can run more than once and `returned` belongs to one run.
  Stream.suspend(() => {
    const returned = new Set<string>()
    const pageSize = pageSizes.of(operation.name, begin(maxPageSize))
    const firstPage = (pass: number, expected: Set<string>): Cursor => ({
      pass,
      page: 1,
      limit: pageSize.next(0),
      expected,
      received: new Set(),
      hasMissedItem: false
    })

    const ingest = (cursor: Cursor, items: ReadonlyArray<A>) => {
      const { expected, limit, page, pass, received } = cursor
      const receivedBefore = received.size
      pageSize.learn({ size: limit, rows: items.length, bytes: 0, millis: 0, isClamped: false })
      let { hasMissedItem } = cursor
      const newItems = items.filter(({ id }) => {
        expected.delete(id)
        received.add(id)
        if (returned.has(id)) return false
        // After all expected items come those that were added to the list since the previous pass.
        if (expected.size > 0) hasMissedItem = true
        return returned.add(id)
      })
      const matchesPreviousPass = pass > 1 && expected.size === 0 && !hasMissedItem
      const isPassOver = received.size === receivedBefore
      if (matchesPreviousPass || received.size === 0) {
        return Effect.succeed([newItems, Option.none<Cursor>()] as const)
      }
      if (isPassOver && pass === maxPasses) return changedInEachPass(operation, returned, page)
      // A hub may return fewer items than requested: the length of the first page is the page size then.
      const size = page === 1 ? Math.min(items.length, limit) : limit
      const next = isPassOver
        ? firstPage(pass + 1, received)
        : { ...cursor, page: page + 1, limit: size, hasMissedItem }
      return Effect.succeed([newItems, Option.some<Cursor>(next)] as const)
    }

    // A page was too long for the hub: the pass begins again with smaller ones.
    const restart = ({ expected, hasMissedItem, pass, received }: Cursor): Cursor => ({
      ...firstPage(pass, pass === 1 ? new Set() : new Set([...expected, ...received])),
      hasMissedItem
    })

    return Stream.paginateEffect(firstPage(1, new Set()), (cursor) =>
      Effect.matchEffect(read(cursor.page, cursor.limit), {
        onSuccess: (items) => ingest(cursor, items),
        onFailure: (error) =>
          error._tag === "FilterNotApplied" || pageSize.smaller(cursor.limit, error) === undefined
            ? Effect.fail(error)
            : Effect.succeed([[] as A[], Option.some(restart(cursor))] as const)
      })
    ).pipe(Stream.filter((newItems) => newItems.length > 0))
  })

/** All items of a list, each once; see {@link stablePages}. */
export const stableItems = <A extends { readonly id: string }, E extends CallError | FilterNotApplied>(
  list: StableScan<A, E>
): Stream.Stream<A, E | PaginationError> => Stream.flattenIterables(stablePages(list))

/** All items of a list in an array; see {@link stablePages}. */
export const collectAll = <A extends { readonly id: string }, E extends CallError | FilterNotApplied>(
  list: StableScan<A, E>
): Effect.Effect<ReadonlyArray<A>, E | PaginationError> =>
  Effect.map(Stream.runCollect(stableItems(list)), Chunk.toReadonlyArray)

/** All items in an array of at most `limit`. A longer list fails with `ListTooLong`, and is not read to its end. */
export const collectAtMost = <A extends { readonly id: string }, E extends CallError | FilterNotApplied>(
  list: StableScan<A, E>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, E | InvalidRequest | ListTooLong | PaginationError> => {
  const { operation } = list
  if (!Number.isInteger(limit) || limit < 1) {
    return Effect.fail(
      invalidRequest(operation, "limit", `It must be a whole number of 1 or more, got ${limit}.`)
    )
  }
  return Effect.flatMap(Stream.runCollect(Stream.take(stableItems(list), limit + 1)), (items) =>
    items.length <= limit
      ? Effect.succeed(Chunk.toReadonlyArray(items))
      : new ListTooLong({
          ...operationContext(
            operation,
            `${label(operation)} has more than ${limit} items, and collect was limited to ${limit}. ` +
              "Raise the limit, narrow the filter, or use the stream."
          ),
          limit,
          total: items.length
        })
  )
}
