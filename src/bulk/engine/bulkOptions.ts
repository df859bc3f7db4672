// The options that all bulk writes share.
import type * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { formatThousands } from "../../utils/thousands.js"
import type { Summary } from "../RowOutcome.js"
import type { Ledger } from "./ledgerCodec.js"

/**
 * The options that all bulk writes share.
 *
 * @category options
 * @since 0.1.0
 */
export interface BulkOptions {
  /**
   * The most rows per request, 1 to 10,000. By default the first requests have 1,000 rows, and later ones up to 10,000 while
   * the hub accepts them within five seconds. A request has about a megabyte at first, and eight at most. Requests shrink
   * when the hub refuses one whose halves it accepts, or takes longer than fifteen seconds.
   */
  readonly chunk?: number | undefined
  /** Chunks in flight, 1 to 16; default 2. With 1, rows are written in the order of the input. */
  readonly concurrency?: number | undefined
  /** Records what was written, so that the next run writes only the rest. See `Ledger`. */
  readonly ledger?: Ledger | undefined
  /** Runs once, after the last outcome; also when the stream is about to fail. */
  readonly onSummary?: ((summary: Summary) => Effect.Effect<void>) | undefined
}

/** The default of `concurrency`. */
export const defaultConcurrency = 2

/** An optional whole number of 1 to `max`. */
export const optionalCount = (max: number) =>
  Schema.optional(
    Schema.Int.pipe(Schema.between(1, max)).annotations({
      title: `a whole number of 1 to ${formatThousands(max)}`
    })
  )

/** An optional function; `title` says what it returns. */
export const optionalFunction = (title: string) =>
  Schema.optional(Schema.declare(Predicate.isFunction, { title }))

/** An optional callback. */
export const optionalCallback = optionalFunction("a function that returns an effect")

/** The fields of {@link BulkOptions} as schemas, for the options of each bulk write. */
export const bulkOptionFields = {
  chunk: optionalCount(10_000),
  concurrency: optionalCount(16),
  ledger: Schema.optional(
    Schema.declare(
      (value): value is Ledger => Predicate.isRecord(value) && Predicate.isFunction(value["open"]),
      { title: "a ledger made by Ledger.file or Ledger.make" }
    )
  ),
  onSummary: optionalCallback
}
