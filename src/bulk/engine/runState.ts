// A bulk write under way: what its parts share.

import type { Place, RowOutcome } from "../RowOutcome.js"
import type { Book } from "./ledgerFormat.js"
import type { RowError, Stop, Tagged, Writer } from "./writer.js"

/** A row on its way: what is sent of it, and what a ledger calls it. */
export interface Pending<Item> {
  readonly place: Place
  readonly name: string
  readonly digest: string
  readonly item: Item
}

/** One bulk write. */
export interface Run<Row, Item, A, Own extends Tagged> {
  readonly writer: Writer<Row, Item, A, Own>
  readonly book: Book | undefined
  /** Why no more rows are tried. */
  stop: Stop<Own> | undefined
  /** How the requests for several rows have gone of late, and how making single rows ready. */
  readonly streaks: Readonly<Record<Step, Streak>>
}

/** What may go wrong again and again: a request for several rows, or what one row needs before. */
export type Step = "request" | "ready"

/** How something has gone of late. */
interface Streak {
  /** So many times in a row it failed for reasons that may pass. */
  troubles: number
  /** So many rows in a row were refused one by one. */
  refusals: number
}

/** The ends of the rows of one chunk, by their places. */
export type Ends<A, Own> = Map<number, RowOutcome<A, RowError<Own>>>

/** So many steps may fail in a row, for reasons that may pass, before the rest is left for another run. */
const maxConsecutiveFailures = 5

/** So many rows may be refused in a row, each by itself, before that is taken for a matter of all rows. */
const maxConsecutiveRejections = 50

/** A write of which nothing has been tried. */
export const begin = <Row, Item, A, Own extends Tagged>(
  writer: Writer<Row, Item, A, Own>,
  book: Book | undefined
): Run<Row, Item, A, Own> => ({
  writer,
  book,
  stop: undefined,
  streaks: { request: { troubles: 0, refusals: 0 }, ready: { troubles: 0, refusals: 0 } }
})

/** A step has gone well. */
export const recordSuccess = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  step: Step = "request"
): void => {
  run.streaks[step].troubles = 0
  run.streaks[step].refusals = 0
}

/** No more rows are tried; the first reason counts. */
export const end = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  reason: Stop<Own>
): void => {
  run.stop ??= reason
}

/** A step has failed for a reason that may pass. What a guard of the caller's holds back is no trouble. */
export const recordTransientFailure = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  error: Stop<Own>,
  step: Step = "request"
): void => {
  if (error._tag === "WriteBlocked") return
  run.streaks[step].troubles++
  if (run.streaks[step].troubles >= maxConsecutiveFailures) end(run, error)
}

/** A row has been refused by itself. */
export const recordRejection = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  error: Stop<Own>,
  step: Step = "request"
): void => {
  run.streaks[step].refusals++
  if (run.streaks[step].refusals >= maxConsecutiveRejections) end(run, error)
}
