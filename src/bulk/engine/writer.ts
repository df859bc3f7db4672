// What a bulk write of one kind says to the engine, and what its callers may choose.
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Operation } from "../../api/operations.js"
import type { ListError, RowRejected, StoreUnavailable } from "../../errors/AngoError.js"
import type { SkipReason, Summary } from "../RowOutcome.js"
import type { Ledger } from "./ledgerFormat.js"

/** An error, as a writer may have of its own. */
export interface Tagged {
  readonly _tag: string
  readonly message: string
}

/** What any row may fail with, beside what its writer knows. */
export type RowError<Own> = Own | ListError | RowRejected | StoreUnavailable

/** What ends a bulk write as a whole, beside what its writer knows. */
export type Stop<Own> = Own | ListError | StoreUnavailable

/** What is to be done with a row, once the hub has been looked at. */
export type Decision<Item, A, Own> =
  | { readonly _tag: "Go"; readonly item: Item }
  | {
      readonly _tag: "Skip"
      readonly reason: SkipReason
      readonly message: string
      readonly value?: A
    }
  | { readonly _tag: "Refuse"; readonly error: Own | RowRejected }

/** What the hub shows of a row that was sent. */
export type ReadBack<A> =
  | { readonly _tag: "Present"; readonly value: A }
  | { readonly _tag: "Absent" }
  /** Nothing that can be read tells. */
  | { readonly _tag: "Undecidable"; readonly why: string }

/** What a request that the hub took made of one row. */
export type Result<A, Own> =
  | ReadBack<A>
  | { readonly _tag: "Refused"; readonly error: Own; readonly retryable: boolean }

/** What the hub said to a request that it took: what became of each row, in order, or how many it did. */
export type BulkResponse<A, Own> =
  | { readonly _tag: "Each"; readonly results: ReadonlyArray<Result<A, Own>> }
  | { readonly _tag: "Count"; readonly done: number }
  /** It says that it was done, without a number. */
  | { readonly _tag: "Done" }

/**
 * One kind of bulk write. A row as it is given becomes an `Item`, which is what is looked up and sent; `A` is what is
 * known of a row that was done, and what a ledger keeps of it.
 *
 * For each row: `keyOf`; `prepare`, before any request; then in chunks `look`, `ready` row by row, and one `send` per
 * group. After an answer that does not tell what became of each row, `find`.
 */
export interface Writer<Row, Item, A, Own extends Tagged> {
  readonly operation: Operation
  /** The project, and whatever else tells this write from others that might use the same ledger. */
  readonly of: string
  /** Whether a row makes something or changes it. */
  readonly makes: "Created" | "Updated"
  /** The name of a row among the others; a row without one is told by its content. */
  readonly keyOf: (row: Row) => string | undefined
  /** Whether the rows of one key are the same row. Else they are told by their content, and may come several times. */
  readonly isUnique: boolean
  /** Whether what rows say is all that there is of them, so that rows that say the same are the same; default true. */
  readonly isWhole?: boolean
  /** What a row is about, where its key tells only a part of that: rows about the same are the same row. */
  readonly subjectOf?: (row: Row) => unknown
  /** Judges a row, before any request for it; `index` is its place in the input, counted from 0. */
  readonly toItem: (row: Row, index: number) => Effect.Effect<Item, Own | ListError>
  /** Hears of the rows that an earlier run has done, as a ledger kept them. */
  readonly remember?: (value: A) => void
  /** What is there already, and whether the rows may go; as many answers as rows, in their order. */
  readonly decide?: (
    items: ReadonlyArray<Item>
  ) => Effect.Effect<ReadonlyArray<Decision<Item, A, Own>>, Own | ListError>
  /** What one row needs before it can be sent, such as its file in a storage; `perRow` at a time. */
  readonly prepare?: (item: Item) => Effect.Effect<Item, Own | ListError>
  readonly perRow?: number
  /** Rows of the same group may share a request; default all. */
  readonly groupOf?: (item: Item) => string
  /** One request for several rows. It is never repeated by the engine while its outcome is unknown. */
  readonly send: (items: ReadonlyArray<Item>) => Effect.Effect<BulkResponse<A, Own>, Own | ListError>
  /** Whether a failure of a request is that of a row in it, and not of all rows, as such failures are by themselves. */
  readonly isOfRow?: (error: Own | ListError) => boolean
  /** Reads back what became of rows that were sent; as many answers as rows, in their order. */
  readonly readBack?: (
    items: ReadonlyArray<Item>
  ) => Effect.Effect<ReadonlyArray<ReadBack<A>>, Own | ListError>
  /** What `find` has to know of a row from before it was sent, as a ledger keeps it for the next run. */
  readonly before?: {
    readonly note: (item: Item) => unknown
    readonly recall: (item: Item, noted: unknown) => Item
  }
  /** Whether `find` is asked after a request that went well too, for what its answer does not tell. */
  readonly readsBack: boolean
  /** What is known of a row that was done and not read back. */
  readonly toValue: (item: Item) => A
  /** How a ledger keeps `A`. */
  readonly codec: RowCodec<A>
}

/** A value as JSON, there and back. */
export interface RowCodec<A> {
  readonly write: (value: A) => unknown
  readonly read: (kept: unknown) => Option.Option<A>
}

/** Values as their schema writes them. */
export const rowCodec = <A, I>(schema: Schema.Schema<A, I>): RowCodec<A> => ({
  write: Schema.encodeSync(schema),
  read: Schema.decodeUnknownOption(schema)
})

/**
 * How a bulk write goes.
 *
 * @since 0.1.0
 */
export interface BulkOptions {
  /** Rows per request, 1 to 10,000. */
  readonly chunk?: number | undefined
  /** Chunks under way at a time, 1 to 16; default 2. With 1, rows are written in the order of the input. */
  readonly concurrency?: number | undefined
  /** Notes what was done, so that the next run does only the rest. See `Ledger`. */
  readonly ledger?: Ledger | undefined
  /** Runs once, after the last outcome; also when the write is about to fail as a whole. */
  readonly onSummary?: ((summary: Summary) => Effect.Effect<void>) | undefined
}

export const defaultConcurrency = 2

/** A whole number from 1, if it is given. */
export const whole = (most: number) =>
  Schema.optional(
    Schema.Int.pipe(Schema.between(1, most)).annotations({
      title: `a whole number of 1 to ${most.toLocaleString("en")}`
    })
  )

/** {@link BulkOptions}, for those that check them before anything else. */
export const Bulk = {
  chunk: whole(10_000),
  concurrency: whole(16),
  ledger: Schema.optional(
    Schema.declare(
      (value): value is Ledger => Predicate.isRecord(value) && Predicate.isFunction(value["open"]),
      { title: "a ledger, as Ledger makes them" }
    )
  ),
  onSummary: Schema.optional(
    Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
  )
}
