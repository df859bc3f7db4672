// How rows come to their ends, and what their ledger hears of it.
import * as Effect from "effect/Effect"
import { label } from "../../api/operations.js"
import type { AmbiguousOutcome, DecodeError } from "../../errors/AngoError.js"
import * as Outcome from "../RowOutcome.js"
import type { Entry } from "./ledgerFormat.js"
import * as Run from "./runState.js"
import type { RowError, Tagged } from "./writer.js"

/** The ways in which the rows of one chunk may end. */
export interface OutcomeRecorder<Item, A, Own extends Tagged> {
  /** They are about to be sent; `false` when that could not be noted, and they must not be. */
  readonly sent: (rows: ReadonlyArray<Run.Pending<Item>>) => Effect.Effect<boolean>
  readonly done: (rows: ReadonlyArray<readonly [Run.Pending<Item>, A]>) => Effect.Effect<void>
  readonly failed: (
    rows: ReadonlyArray<Run.Pending<Item>>,
    error: RowError<Own>,
    retryable: boolean
  ) => Effect.Effect<void>
  /** The hub has had one since an earlier run. */
  readonly there: (
    rows: ReadonlyArray<readonly [Run.Pending<Item>, A]>,
    why: (row: Run.Pending<Item>) => Pick<Outcome.Skipped<A>, "reason" | "message">
  ) => Effect.Effect<void>
  /** A ledger goes on saying that they were sent. */
  readonly unknown: (
    rows: ReadonlyArray<Run.Pending<Item>>,
    why: string,
    error?: AmbiguousOutcome | DecodeError
  ) => Effect.Effect<void>
}

/** Writes the ends of rows into `ends` and into the book. */
export const makeOutcomeRecorder = <Row, Item, A, Own extends Tagged>(
  run: Run.Run<Row, Item, A, Own>,
  ends: Run.Ends<A, Own>
): OutcomeRecorder<Item, A, Own> => {
  type Rows = ReadonlyArray<Run.Pending<Item>>
  type Valued = ReadonlyArray<readonly [Run.Pending<Item>, A]>
  const { book, writer } = run
  const { reconcile } = writer.operation
  const makes = writer.makes === "Created" ? Outcome.created : Outcome.updated

  const write = (entries: ReadonlyArray<Entry>): Effect.Effect<boolean> =>
    book === undefined || entries.length === 0
      ? Effect.succeed(true)
      : Effect.match(book.write(entries), {
          onSuccess: () => true,
          onFailure: (error) => {
            Run.end(run, error)
            return false
          }
        })

  const noteSent = (rows: Rows): Effect.Effect<boolean> =>
    write(
      rows.map(({ digest, item, name }) => ({
        key: name,
        digest,
        state: "sent",
        ...(writer.before === undefined ? {} : { value: writer.before.note(item) })
      }))
    )

  const noteUndone = (rows: Rows): Effect.Effect<boolean> =>
    write(rows.map(({ digest, name }) => ({ key: name, digest, state: "undone" })))

  const noteDone = (rows: Valued): Effect.Effect<void> =>
    Effect.asVoid(
      write(
        rows.map(([{ digest, name }, value]) => ({
          key: name,
          digest,
          state: "done",
          value: writer.codec.write(value)
        }))
      )
    )

  return {
    sent: noteSent,

    done: (rows) => {
      for (const [{ place }, value] of rows) ends.set(place.index, makes(place, value))
      return noteDone(rows)
    },

    there: (rows, why) => {
      for (const [row, value] of rows) {
        ends.set(row.place.index, Outcome.skipped(row.place, { ...why(row), value }))
      }
      return noteDone(rows)
    },

    failed: (rows, error, retryable) => {
      for (const { place } of rows) ends.set(place.index, Outcome.failed(place, error, retryable))
      return Effect.asVoid(noteUndone(rows))
    },

    unknown: (rows, why, error) =>
      Effect.sync(() => {
        const findOut =
          reconcile === undefined
            ? "No read of the API shows it."
            : `To find out, read ${reconcile.read} and look for ${reconcile.lookFor}.`
        for (const { place } of rows) {
          const message =
            `${label(writer.operation)} was sent with ${JSON.stringify(place.key)}, and the hub may have done it ` +
            `or not: ${why} ${findOut}`
          ends.set(
            place.index,
            Outcome.unknown(place, {
              message,
              ...(error === undefined ? {} : { error }),
              ...(reconcile === undefined ? {} : { reconcile })
            })
          )
        }
      })
  }
}
