// The stages between the admission of rows and their delivery: read back what an earlier run has sent, look rows up on
// the hub, and prepare each of them.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Outcome from "../RowOutcome.js"
import type { Run, StageResult } from "./bulkRun.js"
import { classifyFailure } from "./failureClass.js"
import type { Outcomes, PendingRow } from "./outcomeRecorder.js"
import { readRowsBack } from "./readBack.js"
import type { StopError, Tagged } from "./writer.js"

/** Reads back the rows that the ledger lists as sent, with an unknown result, by an earlier run. */
export const resumeRows = <Item, A, E extends Tagged>(
  run: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<StageResult<Item, A, E>> =>
  Effect.gen(function* () {
    const { ledger, record, writer } = run
    const snapshot = writer.readBack?.snapshot
    // Repeating an idempotent write does no harm, and there is no read for it.
    const canRepeat = writer.readBack === undefined && writer.operation.repeat === "idempotent"
    const entryOf = ({ key }: PendingRow<Item>) => ledger?.entries.get(key)
    const wasSent = (row: PendingRow<Item>) => !canRepeat && entryOf(row)?.state === "sent"
    const withSnapshot = (row: PendingRow<Item>): PendingRow<Item> =>
      snapshot === undefined ? row : { ...row, item: snapshot.restore(row.item, entryOf(row)?.value) }

    const { absent, outcomes, present } = yield* readRowsBack(run, rows.filter(wasSent).map(withSnapshot))
    const skipped = yield* record.present(present, (pending) => {
      const key = JSON.stringify(pending.id.key)
      return entryOf(pending)?.digest === pending.digest
        ? { reason: "done-before", message: `An earlier run sent ${key}, and the hub has it.` }
        : { reason: "exists", message: `An earlier run sent ${key} with other content, and the hub has it.` }
    })
    const toRepeat = new Set(absent.map(({ key }) => key))
    return {
      pending: rows.filter((row) => !wasSent(row) || toRepeat.has(row.key)),
      outcomes: [...outcomes, ...skipped]
    }
  })

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

  const recordFailure = (error: StopError<E>): void => {
    const failure = classifyFailure(error)
    if (failure === "fatal") signal.stop(error)
    if (failure === "transient") signal.recordTransientFailure(error, "preparation")
    if (failure === "rejected" || failure === "unknown") signal.recordRejection(error, "preparation")
  }

  const prepare = (row: PendingRow<Item>): Effect.Effect<PendingRow<Item>, StopError<E>> =>
    Effect.suspend((): Effect.Effect<Item, StopError<E>> => {
      const reason = signal.reason()
      return reason === undefined ? preparation.prepare(row.item) : Effect.fail(reason)
    }).pipe(
      // Preparations overlap: count each as it ends, so that one success resets the count.
      Effect.tapBoth({
        onFailure: (error) => Effect.sync(() => recordFailure(error)),
        onSuccess: () => Effect.sync(() => signal.recordSuccess("preparation"))
      }),
      Effect.map((item) => ({ ...row, item }))
    )

  return Effect.gen(function* () {
    const prepared = yield* interruptible(
      Effect.forEach(rows, (row) => Effect.either(prepare(row)), { concurrency: preparation.concurrency })
    )
    const pending: Array<PendingRow<Item>> = []
    const outcomes: Array<Outcomes<A, E>[number]> = []
    for (const [index, row] of rows.entries()) {
      const result = prepared[index]
      if (result === undefined) continue
      if (Either.isRight(result)) pending.push(result.right)
      else {
        const isRetryable = ["transient", "fatal"].includes(classifyFailure(result.left))
        outcomes.push(...(yield* record.failed([row], result.left, isRetryable)))
      }
    }
    return { pending, outcomes }
  })
}
