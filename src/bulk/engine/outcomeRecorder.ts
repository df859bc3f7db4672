// Outcomes of rows, recorded in the ledger when it has to know of them.
import * as Effect from "effect/Effect"
import { label } from "../../api/operation.js"
import { describeReconcile } from "../../api/Repeatability.js"
import type { AmbiguousOutcome, DecodeError } from "../../errors/AngoError.js"
import * as Outcome from "../RowOutcome.js"
import type { Sized } from "./chunkSize.js"
import type { Entry, LedgerSession } from "./ledgerCodec.js"
import type { StopSignal } from "./stopSignal.js"
import type { ItemWriter, RowError, StopError } from "./writer.js"

/** A row of the input that is to be written. */
export interface PendingRow<Item> extends Sized {
  readonly id: Outcome.RowId
  /** Identifies the row in the ledger. */
  readonly key: string
  /** Of its content. */
  readonly digest: string
  readonly item: Item
}

/** A row that is on the hub, with its value. */
export type WrittenRow<Item, A> = readonly [row: PendingRow<Item>, value: A]

/** A row that is not on the hub: why, and whether a later run may write it. */
export type FailedRow<Item, E> = readonly [row: PendingRow<Item>, error: RowError<E>, retryable: boolean]

/** The outcomes of some rows, in any order. */
export type Outcomes<A, E> = ReadonlyArray<Outcome.RowOutcome<A, RowError<E>>>

/** Turns rows into outcomes, and writes what the next run has to know to the ledger first. */
export interface OutcomeRecorder<Item, A, E> {
  /** Records that rows are about to be sent; `false` when the ledger failed, and they must not be sent. */
  readonly sending: (rows: ReadonlyArray<PendingRow<Item>>) => Effect.Effect<boolean>
  /** `Created` or `Updated`. */
  readonly written: (rows: ReadonlyArray<WrittenRow<Item, A>>) => Effect.Effect<Outcomes<A, E>>
  /** `Skipped`: the hub has these rows from before. */
  readonly present: (
    rows: ReadonlyArray<WrittenRow<Item, A>>,
    why: (row: PendingRow<Item>) => Pick<Outcome.Skipped<A>, "reason" | "message">
  ) => Effect.Effect<Outcomes<A, E>>
  readonly failed: (
    rows: ReadonlyArray<PendingRow<Item>>,
    error: RowError<E>,
    retryable: boolean
  ) => Effect.Effect<Outcomes<A, E>>
  /** Each row with its own error. */
  readonly failedEach: (rows: ReadonlyArray<FailedRow<Item, E>>) => Effect.Effect<Outcomes<A, E>>
  /** The ledger keeps them as sent, so that the next run reads them back. */
  readonly unknown: (
    rows: ReadonlyArray<PendingRow<Item>>,
    why: string,
    error?: AmbiguousOutcome | DecodeError,
    advice?: string
  ) => Outcomes<A, E>
}

/** The recorder of one bulk write. A ledger that cannot be written stops the write. */
export const makeOutcomeRecorder = <Item, A, E>(
  writer: ItemWriter<Item, A, E>,
  ledger: LedgerSession | undefined,
  { stop }: Pick<StopSignal<StopError<E>>, "stop">
): OutcomeRecorder<Item, A, E> => {
  const { operation, readBack, value } = writer
  const { reconcile } = operation
  const outcome = writer.outcome === "Created" ? Outcome.created : Outcome.updated

  const record = <Recorded>(
    rows: ReadonlyArray<Recorded>,
    toEntry: (row: Recorded) => Entry
  ): Effect.Effect<boolean> =>
    ledger === undefined || rows.length === 0
      ? Effect.succeed(true)
      : Effect.match(ledger.write(rows.map(toEntry)), {
          onSuccess: () => true,
          onFailure: (error) => {
            stop(error)
            return false
          }
        })

  const recordWritten = (rows: ReadonlyArray<WrittenRow<Item, A>>): Effect.Effect<boolean> =>
    record(rows, ([{ digest, key }, written]) => ({
      key,
      digest,
      state: "done",
      value: value.codec.encode(written)
    }))

  const failedEach = (rows: ReadonlyArray<FailedRow<Item, E>>): Effect.Effect<Outcomes<A, E>> =>
    Effect.as(
      record(rows, ([{ digest, key }]) => ({ key, digest, state: "undone" })),
      rows.map(([{ id }, error, retryable]) => Outcome.failed(id, error, retryable))
    )

  const howToFindOut =
    reconcile === undefined ? "No read of the API shows the result." : describeReconcile(reconcile)

  // A row without a key is called by its index (`#0`), which its number in the sentence states already.
  const describeSent = ({ index, key }: Outcome.RowId): string =>
    `${label(operation)} was sent with row ${index}` +
    (key === `#${index}` ? "" : ` (${JSON.stringify(key)})`)

  return {
    sending: (rows) =>
      record(rows, ({ digest, item, key }) => ({
        key,
        digest,
        state: "sent",
        ...(readBack?.snapshot === undefined ? {} : { value: readBack.snapshot.save(item) })
      })),

    written: (rows) =>
      Effect.as(
        recordWritten(rows),
        rows.map(([{ id }, written]) => outcome(id, written))
      ),

    present: (rows, why) =>
      Effect.as(
        recordWritten(rows),
        rows.map(([pending, written]) => Outcome.skipped(pending.id, { ...why(pending), value: written }))
      ),

    failed: (rows, error, retryable) => failedEach(rows.map((row) => [row, error, retryable])),

    failedEach,

    unknown: (rows, why, error, advice = howToFindOut) =>
      rows.map(({ id }) =>
        Outcome.unknown(id, {
          message: `${describeSent(id)}; its result is unknown: ${why} ${advice}`,
          ...(error === undefined ? {} : { error }),
          ...(reconcile === undefined ? {} : { reconcile })
        })
      )
  }
}
