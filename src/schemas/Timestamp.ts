/**
 * Times in responses of the hub.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"

// Matches most times of the hub, except on the last days of a month. Faster than `Date.parse`.
const commonFormat =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/**
 * A time as ISO-8601 text, in UTC with milliseconds (`2025-01-02T03:04:05.678Z`).
 *
 * It stays text, so that encoding gives the same text again and long lists cost no date objects. Decoding checks that it is
 * a date, so that {@link toDateTime} cannot fail.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Timestamp = Schema.String.pipe(
  Schema.filter((text) => commonFormat.test(text) || !Number.isNaN(Date.parse(text)), {
    identifier: "Timestamp",
    description: "an ISO-8601 instant",
    arbitrary: () => (fc) => fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  }),
  Schema.brand("Timestamp")
)

/** @since 0.1.0 */
export type Timestamp = typeof Timestamp.Type

/**
 * Converts a time into a `DateTime.Utc`, to compare, add and format.
 *
 * @example
 * ```ts
 * import * as DateTime from "effect/DateTime"
 * import { Timestamp } from "effect-ango"
 *
 * const at = Timestamp.Timestamp.make("2025-01-02T03:04:05.678Z")
 * DateTime.formatIsoDateUtc(Timestamp.toDateTime(at)) // "2025-01-02"
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const toDateTime = (timestamp: Timestamp): DateTime.Utc => DateTime.unsafeMake(timestamp)

/**
 * Converts a `DateTime` into a {@link Timestamp}.
 *
 * @category utilities
 * @since 0.1.0
 */
export const fromDateTime = (instant: DateTime.DateTime): Timestamp =>
  Timestamp.make(DateTime.formatIso(instant))
