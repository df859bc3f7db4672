/**
 * Instants as the hub writes them.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

// How the hub writes them, but for the last days of a month: of most texts this tells what `Date.parse` would, sooner.
const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/**
 * An instant as ISO-8601 text, in UTC with milliseconds as the hub writes it (`2025-01-02T03:04:05.678Z`).
 *
 * It stays text: re-encoding a task gives the very bytes that were read, and reading a million tasks does not
 * pay for dates that nobody looks at. The text is checked to be a date, so {@link toDateTime} cannot fail.
 *
 * @since 0.1.0
 */
export const Timestamp = Schema.String.pipe(
  Schema.filter((text) => usual.test(text) || !Number.isNaN(Date.parse(text)), {
    identifier: "Timestamp",
    description: "an ISO-8601 instant",
    arbitrary: () => (fc) => fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  }),
  Schema.brand("Timestamp")
)

/** @since 0.1.0 */
export type Timestamp = typeof Timestamp.Type

/**
 * The instant as a `DateTime.Utc`, to compare, add and format.
 *
 * @example
 * ```ts
 * import * as DateTime from "effect/DateTime"
 * import { Timestamp } from "effect-ango"
 *
 * const at = Timestamp.make("2025-01-02T03:04:05.678Z")
 * DateTime.formatIsoDateUtc(Timestamp.toDateTime(at)) // "2025-01-02"
 * ```
 *
 * @since 0.1.0
 */
export const toDateTime = (timestamp: Timestamp): DateTime.Utc => DateTime.unsafeMake(timestamp)

/**
 * The text of an instant.
 *
 * @since 0.1.0
 */
export const fromDateTime = (instant: DateTime.DateTime): Timestamp =>
  Timestamp.make(DateTime.formatIso(instant))
