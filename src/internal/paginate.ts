// The one reader of paginated lists. The API has `page`, `limit` and a `total`, and no cursor: whether a list is
// whole can only be told by counting distinct items against the total.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  type CallError,
  IncompleteListing,
  type InvalidRequest,
  type ListError,
  ListTooLong
} from "../AngoError.js"
import { label, type Operation } from "../api/Operations.js"
import * as Query from "../api/Query.js"
import { refuse } from "./refuse.js"
import { where } from "./where.js"

/** What one request for a page answers. */
export interface Answer<A> {
  readonly items: ReadonlyArray<A>
  readonly total: number
}

/**
 * One page of a list.
 *
 * @since 0.1.0
 */
export interface Page<A> {
  /** The items of the page; in a stream of pages without those that an earlier page held already. */
  readonly items: ReadonlyArray<A>
  /** How many items the whole list holds, as told with this page. */
  readonly total: number
  /** The number of the page, counted from 1. */
  readonly page: number
  /** How many distinct items the stream has read so far, this page included. */
  readonly received: number
}

/**
 * Which page of a list, in which order.
 *
 * @since 0.1.0
 */
export interface PageOptions {
  /** Counted from 1; default 1. */
  readonly page?: number | undefined
  /** Items per page, 1 to 1000; default the configured page size. */
  readonly limit?: number | undefined
  /** Fields to sort by, comma-separated, `-` for descending; the hub's default is `-createdAt`. */
  readonly sort?: string | undefined
}

/** A page as lists take it, for those that look something up before they ask for it. */
export const Paging = Schema.typeSchema(Schema.Struct(Query.paging))

/** The limit of `collect`, for the same. */
export const Bound = Schema.Struct({
  limit: Schema.Int.pipe(Schema.positive()).annotations({ title: "a whole number of 1 or more" })
})

/** The order of streams: what is created while the list is read comes at its end, where it shifts nothing. */
export const oldestFirst = "createdAt"

/** How to read one page. */
export type Read<A> = (page: number, limit: number) => Effect.Effect<Answer<A>, CallError>

interface Cursor {
  readonly page: number
  readonly limit: number
  /** The largest total told so far. */
  readonly peak: number
}

const advice: Record<IncompleteListing["reason"], string> = {
  "ended-early": "the list ended before its own total was reached",
  "shrank-while-read": "items were deleted while it was read, so that others may have been skipped",
  "no-progress": "a page held nothing new, so that going on would not end"
}

// Every page in order, each item once, or an `IncompleteListing` at the end.
const pages = <A extends { readonly id: string }>(
  operation: Operation,
  pageSize: number,
  read: Read<A>
): Stream.Stream<Page<A>, ListError> =>
  // The ids seen belong to one run: a stream value can be run again.
  Stream.suspend(() => {
    const seen = new Set<string>()

    const step = (cursor: Cursor) =>
      Effect.gen(function* () {
        const { items, total } = yield* read(cursor.page, cursor.limit)
        const fresh = items.filter((item) => {
          if (seen.has(item.id)) return false
          seen.add(item.id)
          return true
        })
        const peak = Math.max(cursor.peak, total)
        const received = seen.size
        const page: Page<A> = { items: fresh, total, page: cursor.page, received }

        const incomplete = (reason: IncompleteListing["reason"]) =>
          new IncompleteListing({
            ...where(
              operation,
              `${label(operation)} is incomplete: ${received} of ${peak} items were received up to page ${cursor.page}; ` +
                `${advice[reason]}. Run it again when the project is quiet.`
            ),
            reason,
            expected: peak,
            received,
            page: cursor.page
          })

        if (received >= total) {
          // A deletion before the cursor moves later items to a page that was read already: nothing says which.
          return total < peak ? failAfter(page, incomplete("shrank-while-read")) : last(page)
        }
        if (items.length === 0) return failAfter(page, incomplete("ended-early"))
        if (fresh.length === 0) return failAfter(page, incomplete("no-progress"))
        // A hub may give fewer items than were asked for: the size that came back is the page size.
        const limit = cursor.page === 1 ? Math.min(items.length, cursor.limit) : cursor.limit
        return more(page, { page: cursor.page + 1, limit, peak })
      })

    type Step = { readonly page: Page<A>; readonly end?: IncompleteListing }
    const last = (page: Page<A>) => [{ page } as Step, Option.none<Cursor>()] as const
    const more = (page: Page<A>, next: Cursor) => [{ page } as Step, Option.some(next)] as const
    const failAfter = (page: Page<A>, end: IncompleteListing) =>
      [{ page, end } as Step, Option.none<Cursor>()] as const

    return Stream.paginateEffect({ page: 1, limit: pageSize, peak: 0 } as Cursor, step).pipe(
      Stream.flatMap(({ end, page }) =>
        end === undefined ? Stream.succeed(page) : Stream.concat(Stream.succeed(page), Stream.fail(end))
      )
    )
  })

const flatten = <A, E>(stream: Stream.Stream<Page<A>, E>): Stream.Stream<A, E> =>
  Stream.flattenIterables(Stream.map(stream, (page) => page.items))

const tooLong = (operation: Operation, limit: number, total: number): ListTooLong =>
  new ListTooLong({
    ...where(
      operation,
      `${label(operation)} holds ${total} items, and collect was limited to ${limit}. ` +
        "Raise the limit, narrow the filter, or use the stream."
    ),
    limit,
    total
  })

const collect = <A, E>(
  operation: Operation,
  stream: Stream.Stream<Page<A>, E>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, E | InvalidRequest | ListTooLong> =>
  Number.isInteger(limit) && limit >= 1
    ? Stream.runFoldEffect(stream, [] as Array<A>, (all, page) => {
        const total = Math.max(page.total, page.received)
        if (total > limit) return Effect.fail(tooLong(operation, limit, total))
        for (const item of page.items) all.push(item)
        return Effect.succeed(all)
      })
    : Effect.fail(refuse(operation, "limit", `It must be a whole number of 1 or more, got ${limit}.`))

/** The four ways to read one list: a page, all pages, all items, or a bounded array. */
export const listing = (name: string, operation: Operation, pageSize: number) => ({
  page: <A>(read: Read<A>, options: PageOptions): Effect.Effect<Page<A>, CallError> => {
    const { limit = pageSize, page = 1 } = options
    return read(page, limit).pipe(
      Effect.map((answer) => ({ ...answer, page, received: answer.items.length })),
      Effect.withSpan(`${name}.page`)
    )
  },
  pages: <A extends { readonly id: string }>(read: Read<A>): Stream.Stream<Page<A>, ListError> =>
    Stream.withSpan(pages(operation, pageSize, read), `${name}.pages`),
  stream: <A extends { readonly id: string }>(read: Read<A>): Stream.Stream<A, ListError> =>
    Stream.withSpan(flatten(pages(operation, pageSize, read)), `${name}.stream`),
  collect: <A extends { readonly id: string }>(
    read: Read<A>,
    limit: number
  ): Effect.Effect<ReadonlyArray<A>, ListError | ListTooLong> =>
    Effect.withSpan(collect(operation, pages(operation, pageSize, read), limit), `${name}.collect`)
})
