// Lists that take pages and tell no total (docs/api-notes.md#pagination): nothing but asking on shows their end, and
// nothing but reading them again shows that they are whole.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operations.js"
import { type CallError, ListTooLong, PaginationError } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"

/**
 * Which page of a list that tells no total.
 *
 * @since 0.1.0
 */
export interface PageRequest {
  /** Counted from 1; default the hub's first. */
  readonly page?: number | undefined
  /** Items per page, 1 to 1000; default the hub's, which is 10. */
  readonly limit?: number | undefined
}

/** How to read one page. */
export type ReadPage<A> = (page: number, limit: number) => Effect.Effect<ReadonlyArray<A>, CallError>

/** A list: how it is called, how many items a page holds, and how to read one. */
export interface StableScan<A> {
  readonly operation: Operation
  readonly pageSize: number
  readonly read: ReadPage<A>
}

// Each reading of a list whose items are taken out of it as they come finds half of the rest.
const mostReadings = 20

interface Cursor {
  /** Which reading of the list, from 1. */
  readonly reading: number
  readonly page: number
  readonly limit: number
  /** What the reading before held, and this one has not yet. */
  readonly left: Set<string>
  readonly held: Set<string>
  /** Whether this reading brought something that the ones before it should have. */
  readonly isNews: boolean
}

const restless = (operation: Operation, ids: Set<string>, page: number): PaginationError =>
  new PaginationError({
    ...operationContext(
      operation,
      `${label(operation)} cannot be read to its end: it changed during each of ${mostReadings} readings ` +
        `(${ids.size} items so far). Read it again when less is done in it.`
    ),
    reason: "endless",
    page,
    lastIds: Array.from(ids).slice(-3),
    expected: ids.size,
    received: ids.size
  })

/**
 * Every page that holds something new, without the items of earlier ones. A reading ends with a page of which it holds
 * all: an empty one, or the same again from a hub that does not page this list. An item that leaves meanwhile draws those
 * behind it to the page before, which has been read: so the list is read again, until everything of one reading is there
 * in the next, and nothing new before it. Then nothing has left, and nothing was passed over.
 */
export const everyPage = <A extends { readonly id: string }>({
  operation,
  pageSize,
  read
}: StableScan<A>): Stream.Stream<ReadonlyArray<A>, CallError | PaginationError> =>
  // The ids seen belong to one run: a stream value can be run again.
  Stream.suspend(() => {
    const seen = new Set<string>()
    const begin = (reading: number, left: Set<string>): Cursor => ({
      reading,
      page: 1,
      limit: pageSize,
      left,
      held: new Set(),
      isNews: false
    })

    const taken = (cursor: Cursor, items: ReadonlyArray<A>) => {
      const { held, left, limit, page, reading } = cursor
      const before = held.size
      let { isNews } = cursor
      const fresh = items.filter(({ id }) => {
        left.delete(id)
        held.add(id)
        if (seen.has(id)) return false
        // What comes behind everything else came into the list after it had been read.
        if (left.size > 0) isNews = true
        return seen.add(id)
      })
      const isSame = reading > 1 && left.size === 0 && !isNews
      const isEnd = held.size === before
      if (isSame || held.size === 0) return Effect.succeed([fresh, Option.none<Cursor>()] as const)
      if (isEnd && reading === mostReadings) return restless(operation, seen, page)
      // A hub may give fewer items than were asked for: the size that came back is the page size.
      const size = page === 1 ? Math.min(items.length, limit) : limit
      const next = isEnd ? begin(reading + 1, held) : { ...cursor, page: page + 1, limit: size, isNews }
      return Effect.succeed([fresh, Option.some<Cursor>(next)] as const)
    }

    return Stream.paginateEffect(begin(1, new Set()), (cursor) =>
      Effect.flatMap(read(cursor.page, cursor.limit), (items) => taken(cursor, items))
    ).pipe(Stream.filter((fresh) => fresh.length > 0))
  })

/** Every item of {@link everyPage}, one by one. */
export const everyItem = <A extends { readonly id: string }>(
  list: StableScan<A>
): Stream.Stream<A, CallError | PaginationError> => Stream.flattenIterables(everyPage(list))

/** The same in an array. */
export const everyItemOf = <A extends { readonly id: string }>(
  list: StableScan<A>
): Effect.Effect<ReadonlyArray<A>, CallError | PaginationError> =>
  Effect.map(Stream.runCollect(everyItem(list)), Chunk.toReadonlyArray)

/** The same in an array of at most `limit` items; a longer list fails, and is not read to its end. */
export const atMost = <A extends { readonly id: string }>(
  list: StableScan<A>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, CallError | ListTooLong | PaginationError> => {
  const { operation } = list
  if (!Number.isInteger(limit) || limit < 1) {
    return Effect.fail(
      invalidRequest(operation, "limit", `It must be a whole number of 1 or more, got ${limit}.`)
    )
  }
  return Effect.flatMap(Stream.runCollect(Stream.take(everyItem(list), limit + 1)), (items) =>
    items.length <= limit
      ? Effect.succeed(Chunk.toReadonlyArray(items))
      : new ListTooLong({
          ...operationContext(
            operation,
            `${label(operation)} holds more than ${limit} items, and collect was limited to ${limit}. ` +
              "Raise the limit, narrow the filter, or use the stream."
          ),
          limit,
          total: items.length
        })
  )
}
