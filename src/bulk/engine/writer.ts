// One kind of bulk write, as its writer describes it to the engine.
import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Operation } from "../../api/operation.js"
import { decoder } from "../../decoding/decoder.js"
import type { ListError, RowRejected, StoreUnavailable } from "../../errors/AngoError.js"
import { changesNothing } from "../../schemas/schemaShape.js"
import type { SkipReason } from "../RowOutcome.js"

/** The least that the engine knows of a writer's own errors. */
export interface Tagged {
  readonly _tag: string
  readonly message: string
}

/** What a row can fail with, given the errors `E` of its writer. */
export type RowError<E> = E | ListError | RowRejected | StoreUnavailable

/** What can end a bulk write as a whole, given the errors `E` of its writer. */
export type StopError<E> = E | ListError | StoreUnavailable

/** What to do with a row after the look-up. */
export type Decision<Item, A, E> =
  | { readonly _tag: "Send"; readonly item: Item }
  | { readonly _tag: "Skip"; readonly reason: SkipReason; readonly message: string; readonly value?: A }
  | { readonly _tag: "Reject"; readonly error: E | RowRejected }

/** What the hub shows of a row that was sent. `why` completes the message of an `Unknown` outcome. */
export type ReadBack<A> =
  | { readonly _tag: "Present"; readonly value: A }
  | { readonly _tag: "Absent" }
  /** `why` completes "its result is unknown: …"; `advice` says how to find out, if not by the read of the operation. */
  | { readonly _tag: "Undecidable"; readonly why: string; readonly advice?: string }

/** The result of one row of an accepted request. */
export type RowResult<A, E> =
  | ReadBack<A>
  | { readonly _tag: "Rejected"; readonly error: E; readonly retryable: boolean }

/** The response to an accepted request: one result per row in order, a count of the rows written, or neither. */
export type BulkResponse<A, E> =
  | { readonly _tag: "PerRow"; readonly results: ReadonlyArray<RowResult<A, E>> }
  | { readonly _tag: "Count"; readonly written: number }
  | { readonly _tag: "Done" }

/** How rows of the input become items, and which of them are the same row. */
export interface RowInput<Row, Item, E> {
  /** The key of a row, such as its external id. A row without a key is identified by its content. */
  readonly keyOf: (row: Row) => string | undefined
  /** Whether rows with the same key are the same row. If not, content identifies rows, and may repeat. */
  readonly isUnique: boolean
  /** What a row is about, where its key is only a part of that. Rows about the same are the same row. */
  readonly identityOf?: (row: Row) => unknown
  /** Whether equal rows write the same; default `true`. `false` where a row lacks content, as files do. */
  readonly isContentComplete?: boolean
  /** Validates a row, before any request for it. `index` is its position in the input, from 0. */
  readonly toItem: (row: Row, index: number) => Effect.Effect<Item, E | ListError>
}

/** What one row needs before it is sent, such as its file in a storage. */
export interface Preparation<Item, E> {
  readonly prepare: (item: Item) => Effect.Effect<Item, E | ListError>
  /** Rows prepared at the same time. */
  readonly concurrency: number
}

/** The request that writes rows. */
export interface BulkRequest<Item, A, E> {
  /** One request for several rows. The engine never repeats it while its result is unknown. */
  readonly send: (items: ReadonlyArray<Item>) => Effect.Effect<BulkResponse<A, E>, E | ListError>
  /** Rows of the same group can share a request; by default all can. */
  readonly groupOf?: (item: Item) => string
  /** Whether a failure that usually affects every row is that of one row here. */
  readonly isRowError?: (error: { readonly _tag: string; readonly status?: number }) => boolean
}

/** How the hub shows rows that were sent. */
export interface RowReadBack<Item, A, E> {
  /** One entry per row, in order. */
  readonly read: (items: ReadonlyArray<Item>) => Effect.Effect<ReadonlyArray<ReadBack<A>>, E | ListError>
  /** Whether to read after a request that succeeded too, for values that its response lacks. */
  readonly afterSuccess: boolean
  /** What `read` needs to know from before the row was sent, kept in the ledger for the next run. */
  readonly snapshot?: {
    readonly save: (item: Item) => unknown
    readonly restore: (item: Item, saved: unknown) => Item
  }
}

/** The value of a row that was written. */
export interface RowValue<Item, A> {
  /** The value of a row that was not read back. */
  readonly of: (item: Item) => A
  readonly codec: RowCodec<A>
  /** Called with the value of each row that the ledger lists as written by an earlier run. */
  readonly onEarlier?: (value: A) => void
}

/** The part of a writer behind the admission of rows: what the stages from the look-up on use. */
export interface ItemWriter<Item, A, E> {
  readonly operation: Operation
  /** Distinguishes this write from others that might use the same ledger: operation, project and settings. */
  readonly name: string
  /** The outcome of a row that was written. */
  readonly outcome: "Created" | "Updated"
  /** Compares rows to the state of the hub before they are sent. One decision per row, in order. */
  readonly lookUp?: (
    items: ReadonlyArray<Item>
  ) => Effect.Effect<ReadonlyArray<Decision<Item, A, E>>, E | ListError>
  readonly preparation?: Preparation<Item, E>
  readonly request: BulkRequest<Item, A, E>
  readonly readBack?: RowReadBack<Item, A, E>
  readonly value: RowValue<Item, A>
}

/**
 * One kind of bulk write. A `Row` of the input becomes an `Item`, which is looked up, prepared and sent; `A` is the
 * value of a row that was written, and `E` are the errors beyond those that any row can fail with.
 */
export interface Writer<Row, Item, A, E> extends ItemWriter<Item, A, E> {
  readonly input: RowInput<Row, Item, E>
}

/** How a ledger stores a value. */
export interface RowCodec<A> {
  readonly encode: (value: A) => unknown
  readonly decode: (stored: unknown) => Option.Option<A>
}

/** The codec of a schema; a value is stored as it is where the schema allows. */
export const rowCodec = <A, I>(schema: Schema.Schema<A, I>): RowCodec<A> => {
  const decode = decoder(schema)
  return {
    encode: changesNothing(schema.ast) ? identity : Schema.encodeSync(schema),
    decode: (stored) => Either.getRight(decode(stored))
  }
}
