// The stages between the admission of rows and their delivery: read back what an earlier run has sent, look rows up on
// the hub, and prepare each of them.
import * as Effect from "effect/Effect"
import * as Outcome from "../RowOutcome.js"
import type { Run, StageResult } from "./bulkRun.js"
import { classifyFailure } from "./failureClass.js"
import type { FailedRow, Outcomes, PendingRow } from "./outcomeRecorder.js"
import { readRowsBack } from "./readBack.js"
import type { StopError, Tagged } from "./writer.js"

/** Reads back the rows that the ledger lists as sent, with an unknown result, by an earlier run. */
export const resumeRows = <Item, A, E extends Tagged>(
  run: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<StageResult<Item, A, E>> => {
  const { ledger, record, writer } = run
  const snapshot = writer.readBack?.snapshot
  // Repeating an idempotent write does no harm, and there is no read for it.
  const canRepeat = writer.readBack === undefined && writer.operation.repeat === "idempotent"
  const entryOf = ({ key }: PendingRow<Item>) => ledger?.entries.get(key)
  const wasSent = (row: PendingRow<Item>) => !canRepeat && entryOf(row)?.state === "sent"
  const withSnapshot = (row: PendingRow<Item>): PendingRow<Item> =>
    snapshot === undefined ? row : { ...row, item: snapshot.restore(row.item, entryOf(row)?.value) }

  const sent = rows.filter(wasSent)
  if (sent.length === 0) return Effect.succeed({ pending: rows, outcomes: [] })
  return Effect.flatMap(readRowsBack(run, sent.map(withSnapshot)), ({ absent, outcomes, present }) => {
    const skipped = record.present(present, (pending) => {
      const key = JSON.stringify(pending.id.key)
      return entryOf(pending)?.digest === pending.digest
        ? { reason: "done-before", message: `An earlier run sent ${key}, and the hub has it.` }
        : { reason: "exists", message: `An earlier run sent ${key} with other content, and the hub has it.` }
    })
    const toRepeat = new Set(absent.map(({ key }) => key))
    return Effect.map(skipped, (all) => ({
      pending: rows.filter((row) => !wasSent(row) || toRepeat.has(row.key)),
      outcomes: [...outcomes, ...all]
    }))
  })
}

/** Asks the writer which rows to send, to skip and to reject. */
export const lookUpRows = <Item, A, E extends Tagged>(
  { interruptible, record, signal, writer }: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<StageResult<Item, A, E>> =>
  writer.lookUp === undefined || rows.length === 0
    ? Effect.succeed({ pending: rows, outcomes: [] })
    : Effect.matchEffect(interruptible(writer.lookUp(rows.map(({ item }) => item))), {
        onFailure: (error) => {
          signal.recordReadFailure(error)
          return Effect.map(record.failed(rows, error, true), (outcomes) => ({ pending: [], outcomes }))
        },
        onSuccess: (decisions) => {
          const pending: Array<PendingRow<Item>> = []
          const outcomes: Array<Outcomes<A, E>[number]> = []
          for (const [index, row] of rows.entries()) {
            const decision = decisions[index]
            if (decision?._tag === "Skip") {
              const { _tag, ...why } = decision
              outcomes.push(Outcome.skipped(row.id, why))
            } else if (decision?._tag === "Reject") {
              outcomes.push(Outcome.failed(row.id, decision.error, false))
            } else pending.push(decision === undefined ? row : { ...row, item: decision.item })
          }
          return Effect.succeed({ pending, outcomes })
        }
      })

/** Prepares rows one by one, several at the same time. */
export const prepareRows = <Item, A, E extends Tagged>(
  { interruptible, record, signal, writer: { preparation } }: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<StageResult<Item, A, E>> => {
  if (preparation === undefined) return Effect.succeed({ pending: rows, outcomes: [] })

  const failedRow = (row: PendingRow<Item>, error: StopError<E>): FailedRow<Item, E> => {
    const failure = classifyFailure(error)
    if (failure === "fatal") signal.stop(error)
    if (failure === "transient") signal.recordTransientFailure(error, "preparation")
    if (failure === "rejected" || failure === "unknown") signal.recordRejection(error, "preparation")
    return [row, error, failure === "transient" || failure === "fatal"]
  }

  // Preparations overlap: each is counted as it ends, so that one success resets the count.
  const prepare = (row: PendingRow<Item>): Effect.Effect<PendingRow<Item> | FailedRow<Item, E>> =>
    Effect.suspend(() => {
      const reason = signal.reason()
      if (reason !== undefined) return Effect.succeed(failedRow(row, reason))
      return Effect.match(preparation.prepare(row.item), {
        onFailure: (error) => failedRow(row, error),
        onSuccess: (item): PendingRow<Item> | FailedRow<Item, E> => {
          signal.recordSuccess("preparation")
          return { ...row, item }
        }
      })
    })

  return Effect.flatMap(
    interruptible(Effect.forEach(rows, prepare, { concurrency: preparation.concurrency })),
    (prepared) => {
      const pending: Array<PendingRow<Item>> = []
      const failed: Array<FailedRow<Item, E>> = []
      for (const row of prepared) {
        if ("item" in row) pending.push(row)
        else failed.push(row)
      }
      return Effect.map(record.failedEach(failed), (outcomes) => ({ pending, outcomes }))
    }
  )
}
