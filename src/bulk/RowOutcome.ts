/**
 * What became of one row of a bulk write. Every row that is read has exactly one outcome, in the order of the rows.
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
 * Which row: its place in the input, counted from 0, and its key there (its external id, for assets).
 *
 * @since 0.1.0
 */
export interface Place {
  readonly index: number
  readonly key: string
}

/**
 * The row made something that was not there.
 *
 * @since 0.1.0
 */
export interface Created<out A> extends Place {
  readonly _tag: "Created"
  readonly value: A
}

/**
 * The row changed something that was there.
 *
 * @since 0.1.0
 */
export interface Updated<out A> extends Place {
  readonly _tag: "Updated"
  readonly value: A
}

/**
 * Why nothing was to be done: an earlier run with the same ledger did it, it is on the hub already, what was to be
 * deleted is gone, or the same row stood in the input before.
 *
 * @since 0.1.0
 */
export type SkipReason = "done-before" | "exists" | "gone" | "duplicate"

/**
 * Nothing was to be done for the row; `value` is what is there, where it is known.
 *
 * @since 0.1.0
 */
export interface Skipped<out A> extends Place {
  readonly _tag: "Skipped"
  readonly reason: SkipReason
  readonly message: string
  readonly value?: A
}

/**
 * Nothing was done for the row. `retryable` tells whether the same row may do better in another run; else it, or
 * something on the hub, has to be mended first.
 *
 * @since 0.1.0
 */
export interface Failed<out E> extends Place {
  readonly _tag: "Failed"
  readonly error: E
  readonly retryable: boolean
}

/**
 * The row was sent, and nobody knows what became of it. `message` says why and how to find out, `reconcile` which read
 * shows it; `error` is what happened, unless that was in an earlier run.
 *
 * @since 0.1.0
 */
export interface Unknown extends Place {
  readonly _tag: "Unknown"
  readonly message: string
  readonly error?: AmbiguousOutcome | DecodeError
  readonly reconcile?: Reconcile
}

/** @since 0.1.0 */
export type RowOutcome<A, E> = Created<A> | Updated<A> | Skipped<A> | Failed<E> | Unknown

/** @since 0.1.0 */
export const created = <A>(place: Place, value: A): Created<A> => ({ _tag: "Created", ...place, value })

/** @since 0.1.0 */
export const updated = <A>(place: Place, value: A): Updated<A> => ({ _tag: "Updated", ...place, value })

/** @since 0.1.0 */
export const skipped = <A>(
  place: Place,
  why: { readonly reason: SkipReason; readonly message: string; readonly value?: A }
): Skipped<A> => ({ _tag: "Skipped", ...place, ...why })

/** @since 0.1.0 */
export const failed = <E>(place: Place, error: E, retryable: boolean): Failed<E> => ({
  _tag: "Failed",
  ...place,
  error,
  retryable
})

/** @since 0.1.0 */
export const unknown = (place: Place, why: Omit<Unknown, "_tag" | keyof Place>): Unknown => ({
  _tag: "Unknown",
  ...place,
  ...why
})

/** @since 0.1.0 */
export const isCreated = <A, E>(outcome: RowOutcome<A, E>): outcome is Created<A> =>
  outcome._tag === "Created"

/** @since 0.1.0 */
export const isUpdated = <A, E>(outcome: RowOutcome<A, E>): outcome is Updated<A> =>
  outcome._tag === "Updated"

/** @since 0.1.0 */
export const isSkipped = <A, E>(outcome: RowOutcome<A, E>): outcome is Skipped<A> =>
  outcome._tag === "Skipped"

/** @since 0.1.0 */
export const isFailed = <A, E>(outcome: RowOutcome<A, E>): outcome is Failed<E> => outcome._tag === "Failed"

/** @since 0.1.0 */
export const isUnknown = <A, E>(outcome: RowOutcome<A, E>): outcome is Unknown => outcome._tag === "Unknown"

/**
 * How many rows were read, and how many of them ended in each way: the five add up to `rows`.
 *
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
 * A summary with one more outcome.
 *
 * @since 0.1.0
 */
export const count = (summary: Summary, outcome: RowOutcome<unknown, unknown>): Summary => {
  const counter = counters[outcome._tag]
  return { ...summary, rows: summary.rows + 1, [counter]: summary[counter] + 1 }
}

/**
 * Counts the outcomes of a stream: `Stream.run(RowOutcome.summarize)`.
 *
 * @since 0.1.0
 */
export const summarize: Sink.Sink<Summary, RowOutcome<unknown, unknown>> = Sink.foldLeft(none, count)
