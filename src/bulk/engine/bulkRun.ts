// What the stages of one bulk write share.
import type * as Effect from "effect/Effect"
import type { ChunkSize } from "./chunkSize.js"
import type { LedgerSession } from "./ledgerCodec.js"
import type { OutcomeRecorder, Outcomes, PendingRow } from "./outcomeRecorder.js"
import type { StopSignal } from "./stopSignal.js"
import type { ItemWriter, StopError } from "./writer.js"

/** One bulk write, from the look-up of its rows on. */
export interface Run<Item, A, E> {
  readonly writer: ItemWriter<Item, A, E>
  readonly ledger: LedgerSession | undefined
  readonly chunkSize: ChunkSize
  readonly signal: StopSignal<StopError<E>>
  readonly record: OutcomeRecorder<Item, A, E>
  /** Makes requests interruptible; all else in the stages is not, so that the ledger stays true. */
  readonly interruptible: <B, Err, R>(effect: Effect.Effect<B, Err, R>) => Effect.Effect<B, Err, R>
}

/** The result of a stage before delivery: rows that go to the next stage, and outcomes of the others. */
export interface StageResult<Item, A, E> {
  readonly pending: ReadonlyArray<PendingRow<Item>>
  readonly outcomes: Outcomes<A, E>
}
