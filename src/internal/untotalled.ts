// Lists that take pages and tell no total (dossier A.6): their end can only be seen by asking on.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type CallError, ListTooLong } from "../AngoError.js"
import { label, type Operation } from "../api/Operations.js"
import { refuse } from "./refuse.js"
import { where } from "./where.js"

/**
 * Which page of a list that tells no total.
 *
 * @since 0.1.0
 */
export interface UntotalledPage {
  /** Counted from 1; default the hub's first. */
  readonly page?: number | undefined
  /** Items per page, 1 to 1000; default the hub's, which is 10. */
  readonly limit?: number | undefined
}

/** How to read one page. */
export type ReadPage<A> = (page: number, limit: number) => Effect.Effect<ReadonlyArray<A>, CallError>

interface Cursor {
  readonly page: number
  readonly limit: number
}

/**
 * Every page that holds something new, without the items of earlier ones, until a page holds nothing new: that is an
 * empty page, or the same page again from a hub that does not page this list.
 */
export const everyPage = <A extends { readonly id: string }>(
  pageSize: number,
  read: ReadPage<A>
): Stream.Stream<ReadonlyArray<A>, CallError> =>
  // The ids seen belong to one run: a stream value can be run again.
  Stream.suspend(() => {
    const seen = new Set<string>()
    return Stream.unfoldEffect({ page: 1, limit: pageSize } as Cursor, ({ limit, page }) =>
      Effect.map(read(page, limit), (items) => {
        const fresh = items.filter(({ id }) => !seen.has(id) && seen.add(id))
        // A hub may give fewer items than were asked for: the size that came back is the page size.
        const size = page === 1 ? Math.min(items.length, limit) : limit
        return fresh.length === 0
          ? Option.none()
          : Option.some([fresh, { page: page + 1, limit: size }] as const)
      })
    )
  })

/** Every item of {@link everyPage}, one by one. */
export const everyItem = <A extends { readonly id: string }>(
  pageSize: number,
  read: ReadPage<A>
): Stream.Stream<A, CallError> => Stream.flattenIterables(everyPage(pageSize, read))

/** The same in an array. */
export const everyItemOf = <A extends { readonly id: string }>(
  pageSize: number,
  read: ReadPage<A>
): Effect.Effect<ReadonlyArray<A>, CallError> =>
  Effect.map(Stream.runCollect(everyItem(pageSize, read)), Chunk.toReadonlyArray)

/** The same in an array of at most `limit` items; a longer list fails, and is not read to its end. */
export const atMost = <A extends { readonly id: string }>(
  operation: Operation,
  pageSize: number,
  read: ReadPage<A>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, CallError | ListTooLong> => {
  if (!Number.isInteger(limit) || limit < 1) {
    return Effect.fail(refuse(operation, "limit", `It must be a whole number of 1 or more, got ${limit}.`))
  }
  return Effect.flatMap(Stream.runCollect(Stream.take(everyItem(pageSize, read), limit + 1)), (items) =>
    items.length <= limit
      ? Effect.succeed(Chunk.toReadonlyArray(items))
      : new ListTooLong({
          ...where(
            operation,
            `${label(operation)} holds more than ${limit} items, and collect was limited to ${limit}. ` +
              "Raise the limit, narrow the filter, or use the stream."
          ),
          limit,
          total: items.length
        })
  )
}
