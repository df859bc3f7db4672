// The one reader of paginated lists. The API has `page`, `limit` and a `total`, and no cursor: `reading.ts` says how a
// list is known to be whole all the same.
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
import { withTime } from "./answeredAt.js"
import { prove } from "./gaps.js"
import type { Answer, Item } from "./reading.js"
import * as Reading from "./reading.js"
import { refuse } from "./refuse.js"
import { where } from "./where.js"

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

/** Whether there is a condition: then items come and go by being updated, and not only by being made and deleted. */
export const isConditional = (conditions: object): boolean =>
  Object.values(conditions).some((condition) => condition !== undefined)

/** How to read one page. */
export type Read<A> = (page: number, limit: number) => Effect.Effect<Answer<A>, CallError>

const advice: Record<IncompleteListing["reason"], string> = {
  "ended-early": "the list ended before its own total was reached",
  "moved-while-read": "it changed while it was read, so that others may have been skipped",
  "no-progress": "page after page held nothing new, so that going on would not end"
}

// Two pages in a row may hold nothing new when the list has grown before them; more are the same page again.
const idlePages = 3

// Every page in order, each item once; then, where the list has changed, what turns up in the gaps between the pages;
// or an `IncompleteListing` at the end.
const pages = <A extends Item>(
  operation: Operation,
  pageSize: number,
  read: Read<A>,
  changes: boolean
): Stream.Stream<Page<A>, ListError> =>
  // What was seen belongs to one run: a stream value can be run again.
  Stream.suspend(() => {
    const reading = Reading.begin(pageSize)
    const timed = (page: number, limit: number) =>
      Effect.map(withTime(read(page, limit)), ({ value, ...time }) => ({ ...value, ...time }))

    const pageOf = (items: ReadonlyArray<A>, page: number): Page<A> => ({
      items,
      total: reading.latest,
      page,
      received: reading.seen.size
    })

    const incomplete = (reason: IncompleteListing["reason"], page: number) =>
      new IncompleteListing({
        ...where(
          operation,
          `${label(operation)} is incomplete: ${reading.seen.size} of ${reading.peak} items were received up to page ` +
            `${page}; ${advice[reason]}. Run it again when the project is quiet.`
        ),
        reason,
        expected: reading.peak,
        received: reading.seen.size,
        page
      })

    const inOrder = Stream.paginateEffect({ page: 1, idle: 0 }, ({ idle, page }) =>
      Effect.map(timed(page, reading.limit), (answer) => {
        const offset = (page - 1) * reading.limit
        const items = Reading.take(reading, answer, offset, changes)
        reading.windows.push({ ids: answer.items.map(({ id }) => id), offset })
        const nothingNew = items.length === 0 ? idle + 1 : 0
        const isOver = reading.hasEnded || answer.items.length === 0 || nothingNew >= idlePages
        return [
          { page: pageOf(items, page), isStuck: nothingNew >= idlePages && !reading.hasEnded },
          isOver ? Option.none() : Option.some({ page: page + 1, idle: nothingNew })
        ] as const
      })
    ).pipe(
      Stream.flatMap(({ isStuck, page }) =>
        isStuck
          ? Stream.concat(Stream.succeed(page), Stream.fail(incomplete("no-progress", page.page)))
          : Stream.succeed(page)
      )
    )

    const last = () => reading.windows.length
    const proved = Stream.suspend(() => {
      if (Reading.isWhole(reading)) return Stream.empty
      // A list that never changed and still does not add up is not to be had by looking again.
      if (!reading.hasMoved && !reading.hasEnded) return Stream.fail(incomplete("ended-early", last()))
      return prove(reading, timed, changes).pipe(
        Stream.flatMap(({ isLost, items }) => {
          const found = items.length === 0 ? Stream.empty : Stream.succeed(pageOf(items, last()))
          return isLost ? Stream.concat(found, Stream.fail(incomplete("moved-while-read", last()))) : found
        })
      )
    })

    // Whoever has seen every item has seen as many as there are: a hub that pages wrongly is found out here.
    const counted = Stream.suspend(() =>
      reading.seen.size < reading.latest ? Stream.fail(incomplete("ended-early", last())) : Stream.empty
    )

    return inOrder.pipe(Stream.concat(proved), Stream.concat(counted))
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
  pages: <A extends Item>(read: Read<A>, changes: boolean): Stream.Stream<Page<A>, ListError> =>
    Stream.withSpan(pages(operation, pageSize, read, changes), `${name}.pages`),
  stream: <A extends Item>(read: Read<A>, changes: boolean): Stream.Stream<A, ListError> =>
    Stream.withSpan(flatten(pages(operation, pageSize, read, changes)), `${name}.stream`),
  collect: <A extends Item>(
    read: Read<A>,
    limit: number,
    changes: boolean
  ): Effect.Effect<ReadonlyArray<A>, ListError | ListTooLong> =>
    Effect.withSpan(collect(operation, pages(operation, pageSize, read, changes), limit), `${name}.collect`)
})
