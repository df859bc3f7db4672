// Sends rows, and finds out what happened to each of them. A chunk that the hub rejects is halved until the invalid
// rows are known. Rows whose result is unknown are read back, and not sent again by this run.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { label } from "../../api/operation.js"
import {
  type AmbiguousOutcome,
  type DecodeError,
  type ListError,
  RowRejected
} from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { Run } from "./bulkRun.js"
import { classifyFailure, isResultUnknown } from "./failureClass.js"
import type { FailedRow, Outcomes, PendingRow, WrittenRow } from "./outcomeRecorder.js"
import { readRowsBack } from "./readBack.js"
import type { BulkResponse, ReadBack, RowResult, Tagged } from "./writer.js"

/** How often rows are sent again that the hub accepted, did not count and does not show. */
const maxResends = 2

/** Sends one group of rows, which the ledger already lists as sent, until each of them has an outcome. */
export const deliverRows = <Item, A, E extends Tagged>(
  run: Run<Item, A, E>,
  group: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<Outcomes<A, E>> => {
  type Rows = ReadonlyArray<PendingRow<Item>>
  type Result = Effect.Effect<Outcomes<A, E>>
  const { chunkSize, interruptible, record, signal, writer } = run
  const { operation, readBack, request, value } = writer

  const both = (first: Result, second: () => Result): Result =>
    Effect.flatMap(first, (some) => Effect.map(second(), (others) => [...some, ...others]))

  const notApplied = (sent: number, accepted: number): RowRejected =>
    new RowRejected({
      reason: "not-applied",
      ...operationContext(
        operation,
        `${label(operation)} was sent with ${sent} rows. The hub wrote ${accepted} of them, not this one, and gave no ` +
          "reason. Check the row, or run it again."
      ),
      sent,
      accepted
    })

  /** Reads rows for their state only: a failure of the read changes nothing. */
  const statesOf = (rows: Rows): Effect.Effect<ReadonlyArray<ReadBack<A>>> =>
    readBack === undefined
      ? Effect.succeed([])
      : interruptible(readBack.read(rows.map(({ item }) => item))).pipe(Effect.orElseSucceed(() => []))

  const send = (rows: Rows, resends: number): Result =>
    Effect.suspend(() => {
      const reason = signal.reason()
      if (reason !== undefined) return record.failed(rows, reason, true)
      const fitting = chunkSize.count(rows)
      return fitting < rows.length
        ? both(send(rows.slice(0, fitting), resends), () => send(rows.slice(fitting), resends))
        : sendAtOnce(rows, resends)
    })

  const sendAtOnce = (rows: Rows, resends: number): Result =>
    Effect.flatMap(Clock.currentTimeMillis, (start) => {
      const millis = Effect.map(Clock.currentTimeMillis, (end) => end - start)
      return Effect.matchEffect(interruptible(request.send(rows.map(({ item }) => item))), {
        onFailure: (error) =>
          Effect.flatMap(millis, (elapsed) => {
            if (error._tag === "AmbiguousOutcome") chunkSize.recordLost(rows, elapsed)
            return onFailure(rows, resends, error)
          }),
        onSuccess: (response) =>
          Effect.flatMap(millis, (elapsed) => {
            chunkSize.recordAccepted(rows, elapsed)
            return onResponse(rows, resends, response)
          })
      })
    })

  // A request whose halves are accepted was too large.
  const sendHalves = (rows: Rows, resends: number): Result => {
    const half = rows.length >> 1
    return Effect.map(
      both(send(rows.slice(0, half), resends), () => send(rows.slice(half), resends)),
      (outcomes) => {
        if (outcomes.every(({ _tag }) => _tag !== "Failed")) chunkSize.recordTooLarge(rows)
        return outcomes
      }
    )
  }

  const sendAgain = (rows: Rows, resends: number, error: RowRejected): Result => {
    if (rows.length === 0) return Effect.succeed([])
    return resends < maxResends ? send(rows, resends + 1) : record.failed(rows, error, true)
  }

  const onFailure = (rows: Rows, resends: number, error: E | ListError): Result => {
    const isRowError = request.isRowError?.(error) === true
    if (!isRowError && isResultUnknown(error)) {
      signal.recordTransientFailure(error)
      return onUnknownResult(rows, error)
    }
    const failure = isRowError ? "row" : classifyFailure(error)
    if (failure === "row" || failure === "rejected") {
      if (rows.length > 1) return sendHalves(rows, resends)
      signal.recordRejection(error)
      return record.failed(rows, error, false)
    }
    if (failure === "fatal") signal.stop(error)
    else signal.recordTransientFailure(error)
    return record.failed(rows, error, true)
  }

  // A slow request may still arrive: rows that are absent now are for the next run to send.
  const onUnknownResult = (rows: Rows, error: AmbiguousOutcome | DecodeError): Result =>
    readBack === undefined && operation.repeat === "idempotent"
      ? record.failed(rows, error, true)
      : Effect.flatMap(readRowsBack(run, rows, error), ({ absent, outcomes, present }) =>
          both(
            Effect.map(record.written(present), (written) => [...outcomes, ...written]),
            () => record.failed(absent, error._tag === "AmbiguousOutcome" ? error.cause : error, true)
          )
        )

  const onResponse = (rows: Rows, resends: number, response: BulkResponse<A, E>): Result => {
    signal.recordSuccess()
    if (response._tag === "PerRow") return onRowResults(rows, response.results)
    if (response._tag === "Done" || response.written >= rows.length) return onWritten(rows)
    return response.written <= 0
      ? onNoneWritten(rows, resends)
      : onSomeWritten(rows, resends, response.written)
  }

  const onRowResults = (rows: Rows, results: ReadonlyArray<RowResult<A, E>>): Result => {
    const written: Array<WrittenRow<Item, A>> = []
    const failed: Array<FailedRow<Item, E>> = []
    const unknown: Array<Outcomes<A, E>[number]> = []
    for (const [index, row] of rows.entries()) {
      const result = results[index]
      if (result?._tag === "Present") written.push([row, result.value])
      else if (result?._tag === "Rejected") failed.push([row, result.error, result.retryable])
      else if (result?._tag === "Absent") failed.push([row, notApplied(1, 0), true])
      else {
        const why = result?.why ?? "the response does not mention it."
        unknown.push(...record.unknown([row], why, undefined, result?.advice))
      }
    }
    return both(
      Effect.map(record.written(written), (outcomes) => [...unknown, ...outcomes]),
      () => record.failedEach(failed)
    )
  }

  // The rows are written, whether they can be read back or not, and even if the read is interrupted.
  const onWritten = (rows: Rows): Result => {
    const written = (states: ReadonlyArray<ReadBack<A>>) =>
      record.written(
        rows.map((row, index) => {
          const state = states[index]
          return [row, state?._tag === "Present" ? state.value : value.of(row.item)]
        })
      )
    return readBack?.afterSuccess === true
      ? Effect.flatMap(Effect.exit(statesOf(rows)), (exit) =>
          written(exit._tag === "Success" ? exit.value : [])
        )
      : written([])
  }

  // An update that counts nothing may have been made before; a created row that was not counted is not there.
  const onNoneWritten = (rows: Rows, resends: number): Result =>
    Effect.flatMap(writer.outcome === "Created" ? Effect.succeed([]) : statesOf(rows), (states) => {
      const present = rows.flatMap((row, index): ReadonlyArray<WrittenRow<Item, A>> => {
        const state = states[index]
        return state?._tag === "Present" ? [[row, state.value]] : []
      })
      const others = rows.filter((_, index) => states[index]?._tag !== "Present")
      return both(record.written(present), () => sendAgain(others, resends, notApplied(rows.length, 0)))
    })

  const onSomeWritten = (rows: Rows, resends: number, count: number): Result =>
    Effect.flatMap(readRowsBack(run, rows), ({ absent, outcomes, present }) =>
      both(
        Effect.map(record.written(present), (written) => [...outcomes, ...written]),
        () =>
          // Rows that are counted and not shown yet would be written twice.
          absent.length > rows.length - count
            ? Effect.succeed(
                record.unknown(absent, `the hub counted ${count} of ${rows.length} rows, and shows fewer.`)
              )
            : sendAgain(absent, resends, notApplied(rows.length, count))
      )
    )

  return send(group, 0)
}
