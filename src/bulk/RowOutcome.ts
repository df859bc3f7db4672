/**
 * The outcome of one row of a bulk write. Every row that is read has exactly one outcome, in the order of the rows.
 *
 * @example
 * ```ts
 * import { Assets, RowOutcome } from "effect-ango"
 * import { Effect, Stream } from "effect"
 *
 * const summary = Effect.gen(function*() {
 *   const assets = yield* Assets
 *   const rows = [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]
 *   return yield* assets.importFromCloud("65aa0000000000000000a001", rows).pipe(
 *     Stream.tap((row) => (RowOutcome.isFailed(row) ? Effect.logWarning(row.key, row.error.message) : Effect.void)),
 *     Stream.run(RowOutcome.summarize)
 *   )
 * })
 * ```
 *
 * @since 0.1.0
 */
import * as Sink from "effect/Sink"
import type { Reconcile } from "../api/Repeatability.js"
import type { AmbiguousOutcome, DecodeError } from "../errors/AngoError.js"

/**
 * Identifies a row: its position in the input, from 0, and its key (for assets, the external id). The key of a row
 * without one is `#` and its position, such as `#0`.
 *
 * @category models
 * @since 0.1.0
 */
export interface RowId {
  readonly index: number
  readonly key: string
}

/**
 * The row created something.
 *
 * @category models
 * @since 0.1.0
 */
export interface Created<out A> extends RowId {
  readonly _tag: "Created"
  readonly value: A
}

/**
 * The row changed something.
 *
 * @category models
 * @since 0.1.0
 */
export interface Updated<out A> extends RowId {
  readonly _tag: "Updated"
  readonly value: A
}

/**
 * Why a row was skipped:
 *
 * - `done-before`: an earlier run with the same ledger wrote it.
 * - `exists`: it is already on the hub.
 * - `gone`: it was to be deleted, and no longer exists.
 * - `duplicate`: an earlier row of the input is the same.
 *
 * @category models
 * @since 0.1.0
 */
export type SkipReason = "done-before" | "exists" | "gone" | "duplicate"

/**
 * The row did not have to be written. `value` is what the hub has, if known.
 *
 * @category models
 * @since 0.1.0
 */
export interface Skipped<out A> extends RowId {
  readonly _tag: "Skipped"
  readonly reason: SkipReason
  readonly message: string
  readonly value?: A
}

/**
 * The row was not written. `retryable`: a later run with the same row may succeed once the cause is removed, for example
 * after a rejected key or a missing project, which affect every row; otherwise the row itself has to be changed first.
 * `isRetryable` of the `error` is another question: whether the same request may succeed without any change.
 *
 * @category models
 * @since 0.1.0
 */
export interface Failed<out E> extends RowId {
  readonly _tag: "Failed"
  readonly error: E
  readonly retryable: boolean
}

/**
 * The row was sent; result unknown. `message` says why and how to find out, `reconcile` which operation shows it. `error`
 * is the error of the request, unless an earlier run sent it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Unknown extends RowId {
  readonly _tag: "Unknown"
  readonly message: string
  readonly error?: AmbiguousOutcome | DecodeError
  readonly reconcile?: Reconcile
}

/**
 * The outcome of one row: `A` is the value of a row that was written, `E` the error of a row that failed.
 *
 * @category models
 * @since 0.1.0
 */
export type RowOutcome<A, E> = Created<A> | Updated<A> | Skipped<A> | Failed<E> | Unknown

/**
 * Makes a {@link Created}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const created = <A>(id: RowId, value: A): Created<A> => ({ _tag: "Created", ...id, value })

/**
 * Makes an {@link Updated}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const updated = <A>(id: RowId, value: A): Updated<A> => ({ _tag: "Updated", ...id, value })

/**
 * Makes a {@link Skipped}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const skipped = <A>(
  id: RowId,
  why: { readonly reason: SkipReason; readonly message: string; readonly value?: A }
): Skipped<A> => ({ _tag: "Skipped", ...id, ...why })

/**
 * Makes a {@link Failed}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const failed = <E>(id: RowId, error: E, retryable: boolean): Failed<E> => ({
  _tag: "Failed",
  ...id,
  error,
  retryable
})

/**
 * Makes an {@link Unknown}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const unknown = (id: RowId, why: Omit<Unknown, "_tag" | keyof RowId>): Unknown => ({
  _tag: "Unknown",
  ...id,
  ...why
})

/**
 * Whether the row created something.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isCreated = <A, E>(outcome: RowOutcome<A, E>): outcome is Created<A> =>
  outcome._tag === "Created"

/**
 * Whether the row changed something.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isUpdated = <A, E>(outcome: RowOutcome<A, E>): outcome is Updated<A> =>
  outcome._tag === "Updated"

/**
 * Whether the row did not have to be written.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isSkipped = <A, E>(outcome: RowOutcome<A, E>): outcome is Skipped<A> =>
  outcome._tag === "Skipped"

/**
 * Whether the row was not written.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isFailed = <A, E>(outcome: RowOutcome<A, E>): outcome is Failed<E> => outcome._tag === "Failed"

/**
 * Whether the row was sent and its result is unknown.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isUnknown = <A, E>(outcome: RowOutcome<A, E>): outcome is Unknown => outcome._tag === "Unknown"

/**
 * The number of rows that were read, and of each outcome; the five add up to `rows`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Summary {
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly skipped: number
  readonly failed: number
  readonly unknown: number
}

/**
 * The summary of no rows.
 *
 * @category constructors
 * @since 0.1.0
 */
export const none: Summary = { rows: 0, created: 0, updated: 0, skipped: 0, failed: 0, unknown: 0 }

const counters = {
  Created: "created",
  Updated: "updated",
  Skipped: "skipped",
  Failed: "failed",
  Unknown: "unknown"
} as const satisfies Record<RowOutcome<unknown, unknown>["_tag"], keyof Summary>

/**
 * Adds an outcome to a summary.
 *
 * @category combinators
 * @since 0.1.0
 */
export const count = (summary: Summary, outcome: RowOutcome<unknown, unknown>): Summary => {
  const counter = counters[outcome._tag]
  return { ...summary, rows: summary.rows + 1, [counter]: summary[counter] + 1 }
}

/**
 * Counts the outcomes of a stream: `Stream.run(RowOutcome.summarize)`.
 *
 * @category streams
 * @since 0.1.0
 */
// By chunks: a fold over single outcomes calls itself for each of them, which overflows the stack at some thousands.
export const summarize: Sink.Sink<Summary, RowOutcome<unknown, unknown>> = Sink.foldLeftChunks(
  none,
  (summary, outcomes) => {
    const counts = { ...summary }
    for (const { _tag } of outcomes) {
      counts.rows++
      counts[counters[_tag]]++
    }
    return counts
  }
)
