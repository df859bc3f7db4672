// Requests, and what became of the rows in them: a chunk that is refused is halved until the offending rows are known,
// one that may have been done is read back, and not sent again by this run.
import * as Effect from "effect/Effect"
import { label } from "../../api/operations.js"
import {
  type AmbiguousOutcome,
  type DecodeError,
  type ListError,
  RowRejected
} from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { classifyFailure, classifyReadFailure } from "./failureClass.js"
import type { OutcomeRecorder } from "./outcomeRecorder.js"
import * as Run from "./runState.js"
import type { BulkResponse, ReadBack, Result, Tagged } from "./writer.js"

/** How often rows are sent again that the hub has left out without a word. */
const rounds = 2

/** Lets an effect be interrupted in a region where others cannot. */
export type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Reads back what became of rows: those that are there, those that are not, and the rest has ended as unknown. */
export const readBack = <Row, Item, A, Own extends Tagged>(
  run: Run.Run<Row, Item, A, Own>,
  { unknown }: OutcomeRecorder<Item, A, Own>,
  restore: Restore
) => {
  type Rows = ReadonlyArray<Run.Pending<Item>>
  const { readBack: find } = run.writer
  const untold = "the hub did not say which rows it took."

  return (
    rows: Rows,
    error?: AmbiguousOutcome | DecodeError
  ): Effect.Effect<{
    readonly there: ReadonlyArray<readonly [Run.Pending<Item>, A]>
    readonly absent: Rows
  }> =>
    Effect.gen(function* () {
      const there: Array<readonly [Run.Pending<Item>, A]> = []
      const absent: Array<Run.Pending<Item>> = []
      if (rows.length === 0) return { there, absent }
      if (find === undefined) {
        yield* unknown(rows, error === undefined ? untold : `${error._tag}.`, error)
        return { there, absent }
      }
      const found = yield* Effect.either(restore(find(rows.map(({ item }) => item))))
      if (found._tag === "Left") {
        if (classifyReadFailure(found.left) === "later") Run.recordTransientFailure(run, found.left)
        else Run.end(run, found.left)
        yield* unknown(rows, `it could not be read back (${found.left._tag}).`, error)
        return { there, absent }
      }
      for (const [at, row] of rows.entries()) {
        const finding = found.right[at]
        if (finding?._tag === "Present") there.push([row, finding.value])
        else if (finding?._tag === "Absent") absent.push(row)
        else yield* unknown([row], finding?.why ?? untold, error)
      }
      return { there, absent }
    })
}

/** Sends rows, of which it is noted already that they are sent; each of them comes to an end. */
export const delivery = <Row, Item, A, Own extends Tagged>(
  run: Run.Run<Row, Item, A, Own>,
  settle: OutcomeRecorder<Item, A, Own>,
  restore: Restore
) => {
  type Rows = ReadonlyArray<Run.Pending<Item>>
  type Failure = Own | ListError
  const { writer } = run
  const { readBack: find, operation } = writer
  const { done, failed, unknown } = settle
  const lookBack = readBack(run, settle, restore)

  const leftOut = (sent: number, taken: number): RowRejected =>
    new RowRejected({
      reason: "not-applied",
      ...operationContext(
        operation,
        `${label(operation)} was sent with ${sent} rows, of which the hub took ${taken}, and not this one. It does ` +
          "not say why: look at the row, or run it again."
      ),
      sent,
      accepted: taken
    })

  // What was done is done, whether it can be read back or not.
  const confirmed = (rows: Rows): Effect.Effect<void> => {
    const valued = (findings: ReadonlyArray<ReadBack<A>>) =>
      rows.map((row, at) => {
        const finding = findings[at]
        return [row, finding?._tag === "Present" ? finding.value : writer.toValue(row.item)] as const
      })
    return find === undefined || !writer.readsBack
      ? done(valued([]))
      : Effect.flatMap(Effect.exit(restore(find(rows.map(({ item }) => item)))), (exit) =>
          done(valued(exit._tag === "Success" ? exit.value : []))
        )
  }

  const ended = (row: Run.Pending<Item>, result: Result<A, Own> | undefined): Effect.Effect<void> => {
    switch (result?._tag) {
      case "Present":
        return done([[row, result.value]])
      case "Refused":
        return failed([row], result.error, result.retryable)
      case "Absent":
        return failed([row], leftOut(1, 0), true)
      default:
        return unknown([row], result?.why ?? "the hub did not say.")
    }
  }

  // A change that counts for nothing may have been made before; what was to be new is not there.
  const soAlready = (
    rows: Rows
  ): Effect.Effect<{
    readonly there: ReadonlyArray<readonly [Run.Pending<Item>, A]>
    readonly others: Rows
  }> =>
    find === undefined || writer.makes === "Created"
      ? Effect.succeed({ there: [], others: rows })
      : Effect.map(Effect.either(restore(find(rows.map(({ item }) => item)))), (found) => {
          const findings = found._tag === "Right" ? found.right : []
          return {
            there: rows.flatMap((row, at) => {
              const finding = findings[at]
              return finding?._tag === "Present" ? [[row, finding.value] as const] : []
            }),
            others: rows.filter((_, at) => findings[at]?._tag !== "Present")
          }
        })

  const taken = (rows: Rows, round: number, answer: BulkResponse<A, Own>): Effect.Effect<void> => {
    Run.recordSuccess(run)
    if (answer._tag === "Each") {
      return Effect.forEach(rows, (row, at) => ended(row, answer.results[at]), { discard: true })
    }
    if (answer._tag === "Done" || answer.done >= rows.length) return confirmed(rows)
    const again = (absent: Rows): Effect.Effect<void> => {
      if (absent.length === 0) return Effect.void
      return round < rounds
        ? deliver(absent, round + 1)
        : failed(absent, leftOut(rows.length, answer.done), true)
    }
    if (answer.done <= 0)
      return Effect.flatMap(soAlready(rows), ({ there, others }) =>
        Effect.zipRight(done(there), again(others))
      )
    return Effect.flatMap(lookBack(rows), ({ absent, there }) =>
      Effect.zipRight(
        done(there),
        // What is counted and not shown yet would be made twice.
        absent.length > rows.length - answer.done
          ? unknown(absent, `it counts ${answer.done} of ${rows.length} rows, and does not show as many.`)
          : again(absent)
      )
    )
  }

  // What was slow may come yet: what is not there now is for another run to send.
  const unsure = (rows: Rows, error: AmbiguousOutcome | DecodeError): Effect.Effect<void> =>
    find === undefined && operation.repeat === "idempotent"
      ? failed(rows, error, true)
      : Effect.flatMap(lookBack(rows, error), ({ absent, there }) =>
          Effect.zipRight(
            done(there),
            failed(absent, error._tag === "AmbiguousOutcome" ? error.cause : error, true)
          )
        )

  const notTaken = (rows: Rows, round: number, error: Failure): Effect.Effect<void> => {
    switch (writer.isOfRow?.(error) === true ? "row" : classifyFailure(error)) {
      case "row":
      case "refused": {
        if (rows.length > 1) {
          const half = rows.length >> 1
          return Effect.zipRight(deliver(rows.slice(0, half), round), deliver(rows.slice(half), round))
        }
        Run.recordRejection(run, error)
        return failed(rows, error, false)
      }
      case "unknown":
        Run.recordTransientFailure(run, error)
        return unsure(rows, error as AmbiguousOutcome | DecodeError)
      case "later":
        Run.recordTransientFailure(run, error)
        return failed(rows, error, true)
      case "everyone":
        Run.end(run, error)
        return failed(rows, error, true)
    }
  }

  const deliver = (rows: Rows, round: number): Effect.Effect<void> =>
    Effect.suspend(() =>
      run.stop !== undefined
        ? failed(rows, run.stop, true)
        : Effect.matchEffect(restore(writer.send(rows.map(({ item }) => item))), {
            onFailure: (error) => notTaken(rows, round, error),
            onSuccess: (answer) => taken(rows, round, answer)
          })
    )

  return (rows: Rows): Effect.Effect<void> => deliver(rows, 0)
}
