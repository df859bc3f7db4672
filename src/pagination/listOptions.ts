// What lists take besides their conditions, and what they give.

import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Query from "../api/queryEncoding.js"
import type { RowDecodeError, StoreUnavailable } from "../errors/AngoError.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import type { Progress } from "./Progress.js"

/**
 * What becomes of a row that cannot be decoded: the list fails with `DecodeError`, which names the row; or the row is
 * left out and counted; or rows come as results, this one as a `BadRow` on the left.
 *
 * @since 0.1.0
 */
export type RowPolicy = "fail" | "skip" | "either"

/**
 * An item of a list under a policy.
 *
 * @since 0.1.0
 */
export type Row<A, Policy extends RowPolicy> = Policy extends "either" ? Either.Either<A, RowDecodeError> : A

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
  /** How many distinct items the stream has read so far, this page included, unreadable ones too. */
  readonly received: number
  /** The rows of the page that could not be decoded, under the policy `skip`. */
  readonly skipped: ReadonlyArray<RowDecodeError>
}

/**
 * One page of a list that is read as a whole.
 *
 * @since 0.1.0
 */
export interface ResumablePage<A> extends Page<A> {
  /** How far the list has been read with this page: `{ checkpoint: page.checkpoint }` goes on behind it. */
  readonly checkpoint: Checkpoint
}

/**
 * Where one list keeps how far it has been read. See `Checkpoints`.
 *
 * @since 0.1.0
 */
export interface Bookmark {
  readonly key: string
  /** What was saved last: the checkpoint, and what was saved with it. */
  readonly load: Effect.Effect<Option.Option<Bookmarked>, StoreUnavailable>
  /** `note` is kept with the checkpoint: how long a file was then, for one. */
  readonly save: (checkpoint: Checkpoint, note?: string) => Effect.Effect<void, StoreUnavailable>
  readonly clear: Effect.Effect<void, StoreUnavailable>
}

/**
 * A checkpoint as it was saved.
 *
 * @since 0.1.0
 */
export interface Bookmarked {
  readonly checkpoint: Checkpoint
  readonly note: string
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

/** @since 0.1.0 */
export interface RowOptions<Policy extends RowPolicy = "fail"> {
  /** What becomes of a row that cannot be decoded; default `fail`. */
  readonly onRowError?: Policy | undefined
}

/**
 * How a list is read as a whole.
 *
 * @since 0.1.0
 */
export interface ListOptions<Policy extends RowPolicy = "fail"> extends RowOptions<Policy> {
  /** Goes on behind a page: the checkpoint of the page, or of an error, for the same list with the same filter. */
  readonly checkpoint?: string | undefined
  /**
   * Keeps how far the list has been read, and goes on there the next time: a page is noted when the next one is asked
   * for, and the note is taken away at the end of the list. A page that was being worked on when the program died comes
   * again.
   */
  readonly resume?: Bookmark | undefined
  /** How many pages may be asked for at a time, 1 to 64; default 8. */
  readonly prefetch?: number | undefined
  /** Runs after each page, before its items are given out. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** The order of streams: what is created while the list is read comes at its end, where it shifts nothing. */
export const oldestFirst = "createdAt"

/** Whether there is a condition: then items come and go by being updated, and not only by being made and deleted. */
export const isConditional = (conditions: object): boolean =>
  Object.values(conditions).some((condition) => condition !== undefined)

const policy = Schema.optional(
  Schema.Literal("fail", "skip", "either").annotations({ title: "fail, skip or either" })
)

/** A page as lists take it, for those that look something up before they ask for it. */
export const Paging = Schema.Struct({
  page: Schema.optional(Schema.typeSchema(Query.Page)),
  limit: Schema.optional(Schema.typeSchema(Query.Limit)),
  onRowError: policy
})

const bookmark = Schema.declare(
  (value): value is Bookmark =>
    Predicate.isRecord(value) && Effect.isEffect(value.load) && Predicate.isFunction(value.save),
  { title: "a bookmark, as Checkpoints makes them" }
)

/** How a whole list is read, the limit of `collect` included. */
export const Listing = Schema.Struct({
  limit: Schema.optional(
    Schema.Int.pipe(Schema.positive()).annotations({ title: "a whole number of 1 or more" })
  ),
  prefetch: Schema.optional(
    Schema.Int.pipe(Schema.between(1, 64)).annotations({ title: "a whole number of 1 to 64" })
  ),
  resume: Schema.optional(bookmark),
  onProgress: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
  ),
  onRowError: policy
})
