/**
 * What the client counts. The values are Effect metrics; every exporter of metrics sees them, and
 * `Metric.value(Telemetry.requests)` reads one. Tags are the operation (`tasks.list`) and, of requests, the outcome;
 * never an id, a query or a body.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricLabel from "effect/MetricLabel"

/**
 * Requests that left, by `operation` and `outcome`: the status, or `no-answer`.
 *
 * @since 0.1.0
 */
export const requests = Metric.counter("ango_requests", {
  description: "Requests sent to the hub",
  incremental: true
})

/**
 * Calls that were made again, by `operation` and `reason`: the tag of the error that came before.
 *
 * @since 0.1.0
 */
export const retries = Metric.counter("ango_retries", {
  description: "Attempts after the first one",
  incremental: true
})

/**
 * Time that requests waited for the rate limit or for a pause that the hub asked for, in milliseconds.
 *
 * @since 0.1.0
 */
export const rateLimitWait = Metric.histogram(
  "ango_rate_limit_wait",
  MetricBoundaries.fromIterable([1, 10, 100, 500, 1_000, 5_000, 15_000, 30_000, 60_000, 300_000]),
  "Milliseconds that requests waited for the rate limit"
)

/**
 * Answers that differ from their schema, by `operation`.
 *
 * @since 0.1.0
 */
export const decodeDrift = Metric.counter("ango_decode_drift", {
  description: "Answers of a shape that this version does not know",
  incremental: true
})

/**
 * What answers held that this version does not know and could read all the same, by `operation` and `kind` (`field` or
 * `value`). Each is counted once per client (see `Drift`).
 *
 * @since 0.1.0
 */
export const drift = Metric.counter("ango_drift", {
  description: "Fields and values that this version does not know",
  incremental: true
})

// There are few: operations, statuses and tags of errors.
const tagged = new WeakMap<Metric.Metric.Counter<number>, Map<string, Metric.Metric.Counter<number>>>()

/** One more, with these tags. */
export const count = (
  counter: Metric.Metric.Counter<number>,
  tags: Readonly<Record<string, string>>
): Effect.Effect<void> => {
  const known = tagged.get(counter) ?? new Map<string, Metric.Metric.Counter<number>>()
  tagged.set(counter, known)
  const name = JSON.stringify(tags)
  const metric =
    known.get(name) ??
    Metric.taggedWithLabels(
      counter,
      Object.entries(tags).map(([key, value]) => MetricLabel.make(key, value))
    )
  known.set(name, metric)
  return Metric.increment(metric)
}
