// A bulk write under way: what its parts share.
import type { Book } from "./ledger.js"
import type { Place, RowOutcome } from "./outcome.js"
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
  /** Requests in a row that failed for reasons that may pass. */
  troubles: number
  /** Rows in a row that were refused one by one. */
  refusals: number
}

/** The ends of the rows of one chunk, by their places. */
export type Ends<A, Own> = Map<number, RowOutcome<A, RowError<Own>>>

/** So many requests may fail in a row, for reasons that may pass, before the rest is left for another run. */
const patience = 5

/** So many rows may be refused in a row, each by itself, before that is taken for a matter of all rows. */
const hopeless = 50

/** A write of which nothing has been tried. */
export const begin = <Row, Item, A, Own extends Tagged>(
  writer: Writer<Row, Item, A, Own>,
  book: Book | undefined
): Run<Row, Item, A, Own> => ({ writer, book, stop: undefined, troubles: 0, refusals: 0 })

/** A request has been answered well. */
export const wentWell = <Row, Item, A, Own extends Tagged>(run: Run<Row, Item, A, Own>): void => {
  run.troubles = 0
  run.refusals = 0
}

/** No more rows are tried; the first reason counts. */
export const end = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  reason: Stop<Own>
): void => {
  run.stop ??= reason
}

/** A request has failed for a reason that may pass. What a guard of the caller's holds back is no trouble. */
export const wentBadly = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  error: Stop<Own>
): void => {
  if (error._tag === "NotSent") return
  run.troubles++
  if (run.troubles >= patience) end(run, error)
}

/** A row has been refused by itself. */
export const wasRefused = <Row, Item, A, Own extends Tagged>(
  run: Run<Row, Item, A, Own>,
  error: Stop<Own>
): void => {
  run.refusals++
  if (run.refusals >= hopeless) end(run, error)
}
