// The options of lists besides their conditions, and the pages they return.

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
 * What happens to a row that cannot be decoded.
 *
 * - `fail`: the list fails with a `DecodeError` that names the row.
 * - `skip`: the row is skipped, counted, and logged as a warning.
 * - `either`: each row is an `Either`, this one a `RowDecodeError` on the left.
 *
 * @category options
 * @since 0.1.0
 */
export type RowPolicy = "fail" | "skip" | "either"

/**
 * The type of an item under a {@link RowPolicy}.
 *
 * @category models
 * @since 0.1.0
 */
export type Row<A, Policy extends RowPolicy> = Policy extends "either" ? Either.Either<A, RowDecodeError> : A

/**
 * One page of a list.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page<A> {
  /** The items of the page; in a stream of pages without those that an earlier page had. */
  readonly items: ReadonlyArray<A>
  /** Length of the whole list, from the latest response. */
  readonly total: number
  /** Number of the page, from 1. */
  readonly page: number
  /** Distinct rows read so far, including this page and rows that cannot be decoded. */
  readonly received: number
  /** The rows of the page that cannot be decoded, under the policy `skip`. */
  readonly skipped: ReadonlyArray<RowDecodeError>
}

/**
 * One page of a list that is read to its end.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResumablePage<A> extends Page<A> {
  /** The position after this page: `{ checkpoint: page.checkpoint }` resumes there. */
  readonly checkpoint: Checkpoint
}

/**
 * Stores how far one list has been read; `Checkpoints` makes them. A custom one is an object with these effects.
 *
 * @category models
 * @since 0.1.0
 */
export interface Bookmark {
  /** The name of the bookmark. */
  readonly key: string
  /** Loads the entry that was saved last. */
  readonly load: Effect.Effect<Option.Option<BookmarkEntry>, StoreUnavailable>
  /** Saves a checkpoint, and a text of your choice with it, such as the length of a file at that point. */
  readonly save: (checkpoint: Checkpoint, note?: string) => Effect.Effect<void, StoreUnavailable>
  /** Removes the entry. */
  readonly clear: Effect.Effect<void, StoreUnavailable>
}

/**
 * An entry of a {@link Bookmark}.
 *
 * @category models
 * @since 0.1.0
 */
export interface BookmarkEntry {
  readonly checkpoint: Checkpoint
  /** The text saved with the checkpoint; empty if there was none. */
  readonly note: string
}

/**
 * Which page of a list to read, and the order of the list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PageOptions {
  /** Page number, from 1; default 1. */
  readonly page?: number | undefined
  /** Items per page, 1 to 1000; default the configured page size, or 100. */
  readonly limit?: number | undefined
  /** Comma-separated fields to sort by, `-` for descending; the API's default is `-createdAt`. */
  readonly sort?: string | undefined
}

/**
 * What to do with rows that cannot be decoded.
 *
 * @category options
 * @since 0.1.0
 */
export interface RowOptions<Policy extends RowPolicy = "fail"> {
  /** What happens to a row that cannot be decoded; default `fail`. */
  readonly onRowError?: Policy | undefined
}

/**
 * How to read a list to its end.
 *
 * @category options
 * @since 0.1.0
 */
export interface ListOptions<Policy extends RowPolicy = "fail"> extends RowOptions<Policy> {
  /** Resumes from the checkpoint of a page or of an error. The list and the filter must be the same. */
  readonly checkpoint?: string | undefined
  /**
   * Resumes from this bookmark, and saves progress to it: each page when the next one is pulled, so that a page that
   * was being processed when the program died is returned again. The bookmark is cleared at the end of the list.
   */
  readonly resume?: Bookmark | undefined
  /** How many pages are requested at a time, 1 to 64, as long as they are small; default 8. */
  readonly prefetch?: number | undefined
  /** Runs after each page, before its items are emitted. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
}

/** The order of streams. Rows created during a scan are added at the end, where they do not move other rows. */
export const oldestFirst = "createdAt"

/** Whether there is a condition. If so, updates add rows to the list or remove them. */
export const hasConditions = (conditions: object): boolean =>
  Object.values(conditions).some((condition) => condition !== undefined)

const policy = Schema.optional(
  Schema.Literal("fail", "skip", "either").annotations({ title: "fail, skip or either" })
)

/** Validates the options of one page before any request. */
export const PageInput = Schema.Struct({
  page: Schema.optional(Schema.typeSchema(Query.Page)),
  limit: Schema.optional(Schema.typeSchema(Query.Limit)),
  onRowError: policy
})

const bookmark = Schema.declare(
  (value): value is Bookmark =>
    Predicate.isRecord(value) && Effect.isEffect(value.load) && Predicate.isFunction(value.save),
  { title: "a bookmark from Checkpoints" }
)

/** Validates the options of a whole list, and the limit of `collect`, before any request. */
export const ListInput = Schema.Struct({
  limit: Schema.optional(
    Schema.Int.pipe(Schema.positive()).annotations({ title: "a whole number of 1 or more" })
  ),
  prefetch: Schema.optional(
    Schema.Int.pipe(Schema.between(1, 64)).annotations({ title: "a whole number of 1 to 64" })
  ),
  resume: Schema.optional(bookmark),
  onProgress: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that returns an effect" })
  ),
  onRowError: policy
})
