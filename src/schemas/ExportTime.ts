/**
 * Times of exports: ISO-8601 text or epoch milliseconds.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Timestamp } from "./Timestamp.js"

// The range of JavaScript dates: 100,000,000 days before and after 1970.
const maxMillis = 8_640_000_000_000_000

/**
 * Milliseconds since 1970.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EpochMillis = Schema.Number.pipe(
  Schema.filter((millis) => millis >= -maxMillis && millis <= maxMillis, {
    title: "milliseconds since 1970",
    arbitrary: () => (fc) => fc.date({ noInvalidDate: true }).map((date) => date.getTime())
  })
)

/**
 * A time of an export, unchanged. The documents say milliseconds and show ISO-8601 text
 * (docs/api-notes.md#annotation-dates); {@link toDateTime} reads both.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportTime = Schema.Union(Timestamp, EpochMillis).annotations({
  title: "an instant: ISO-8601 text or milliseconds since 1970"
})

/** @since 0.1.0 */
export type ExportTime = typeof ExportTime.Type

/**
 * Converts a time into a `DateTime.Utc`, to compare, add and format. Cannot fail: the time was validated by decoding.
 *
 * @example
 * ```ts
 * import { type ExportObject, ExportTime } from "effect-ango"
 * import { DateTime } from "effect"
 *
 * // The day on which an object was drawn: "2024-02-01".
 * const drawnOn = ({ metadata }: ExportObject.ExportObject) =>
 *   metadata?.createdAt == null
 *     ? undefined
 *     : DateTime.formatIsoDateUtc(ExportTime.toDateTime(metadata.createdAt))
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const toDateTime = (time: ExportTime): DateTime.Utc => DateTime.unsafeMake(time)
