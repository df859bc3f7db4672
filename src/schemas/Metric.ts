/**
 * Requests for metrics of a project. Their responses are not documented
 * (docs/api-notes.md#metrics-and-performance, #metric-shapes).
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { partialTransform } from "./parseIssue.js"

const metricNames = [
  "LabelStageGroups",
  "TimePerTask",
  "AnnotationStatus",
  "AnswerDistribution",
  "ConsensusRanges",
  "AssetSize"
] as const

/** @since 0.1.0 */
export type MetricName = (typeof metricNames)[number]

/**
 * The name of an overview metric: `LabelStageGroups` (tasks per stage), `TimePerTask`, `AnnotationStatus` (tasks per
 * status), `AnswerDistribution` (answers per class and option), `ConsensusRanges` or `AssetSize`. Other names fail before
 * any request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MetricName = Object.assign(
  Schema.String.pipe(
    Schema.filter((name): name is MetricName => metricNames.some((known) => known === name), {
      title: `a metric: ${metricNames.join(", ")}`,
      arbitrary: () => (fc) => fc.constantFrom(...metricNames)
    })
  ),
  { known: metricNames }
)

/**
 * A `DateTime`, encoded as ISO-8601 text in UTC with milliseconds.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Instant = partialTransform(
  Schema.String,
  Schema.declare(DateTime.isDateTime, {
    title: 'a DateTime (Utc or Zoned), such as DateTime.unsafeMake("2024-01-01")'
  }),
  {
    expected: "an ISO-8601 instant",
    decode: (text) => DateTime.make(text),
    encode: (instant) => DateTime.formatIso(instant)
  }
)

/**
 * An interval from its first to its last instant, encoded as two ISO-8601 texts in UTC.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Interval = Schema.Tuple(Instant, Instant).pipe(
  Schema.filter(([from, to]) => DateTime.lessThanOrEqualTo(from, to), {
    title: "an interval whose first instant is not after its last"
  })
)

/** @since 0.1.0 */
export type Interval = typeof Interval.Type
