/**
 * Metrics: what can be asked about a project's progress. No document shows an answer
 * (docs/api-notes.md#metrics-and-performance, #metric-shapes).
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/** The six overview metrics. */
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
 * The name of an overview metric: tasks per stage, durations, tasks per status, answers per class and option,
 * consensus, or asset sizes. Closed, since it goes into the path: a wrong one is refused before any request.
 *
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
 * An instant, as ISO-8601 text in UTC with milliseconds.
 *
 * @since 0.1.0
 */
export const Instant = Schema.transformOrFail(
  Schema.String,
  Schema.declare(DateTime.isDateTime, { title: "a DateTime, which knows its time zone" }),
  {
    strict: true,
    decode: (text, _, ast) => {
      const parsed = DateTime.make(text)
      return parsed._tag === "Some"
        ? ParseResult.succeed<DateTime.DateTime>(parsed.value)
        : ParseResult.fail(new ParseResult.Type(ast, text, "expected an ISO-8601 instant"))
    },
    encode: (instant) => ParseResult.succeed(DateTime.formatIso(instant))
  }
)

/**
 * A stretch of time, from its first instant to its last, as two ISO-8601 texts in UTC.
 *
 * @since 0.1.0
 */
export const Interval = Schema.Tuple(Instant, Instant).pipe(
  Schema.filter(([from, to]) => DateTime.lessThanOrEqualTo(from, to), {
    title: "an interval whose first instant is not after its last"
  })
)

/** @since 0.1.0 */
export type Interval = typeof Interval.Type
