/**
 * The metrics of the client. They are Effect metrics: exporters see them, and `Metric.value(Telemetry.requests)` reads
 * one. Tags are the operation (`tasks.list`), outcomes and error tags; never an id, a query or a body.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricLabel from "effect/MetricLabel"

/**
 * Requests sent, by `operation` and `outcome`: the status, or `no-answer`.
 *
 * @category metrics
 * @since 0.1.0
 */
export const requests = Metric.counter("ango_requests", {
  description: "Requests sent to the hub",
  incremental: true
})

/**
 * Retries, by `operation` and `reason`: the tag of the error before the retry.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries = Metric.counter("ango_retries", {
  description: "Attempts after the first one",
  incremental: true
})

/**
 * How long requests waited for the rate limit, or for a pause after a 429, in milliseconds.
 *
 * @category metrics
 * @since 0.1.0
 */
export const rateLimitWait = Metric.histogram(
  "ango_rate_limit_wait",
  MetricBoundaries.fromIterable([1, 10, 100, 500, 1_000, 5_000, 15_000, 30_000, 60_000, 300_000]),
  "Milliseconds that requests waited for the rate limit"
)

/**
 * Responses that do not match their schema, by `operation`.
 *
 * @category metrics
 * @since 0.1.0
 */
export const decodeDrift = Metric.counter("ango_decode_drift", {
  description: "Responses of a shape that this version does not know",
  incremental: true
})

/**
 * Unknown fields and values in responses that were decoded, by `operation` and `kind` (`field` or `value`). Each is
 * counted once per client (see `Drift`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const drift = Metric.counter("ango_drift", {
  description: "Fields and values that this version does not know",
  incremental: true
})

// Few combinations exist: operations, statuses and error tags.
const taggedCounters = new WeakMap<
  Metric.Metric.Counter<number>,
  Map<string, Metric.Metric.Counter<number>>
>()

const taggedCounter = (
  counter: Metric.Metric.Counter<number>,
  tags: Readonly<Record<string, string>>
): Metric.Metric.Counter<number> => {
  const byTags = taggedCounters.get(counter) ?? new Map<string, Metric.Metric.Counter<number>>()
  taggedCounters.set(counter, byTags)
  const key = JSON.stringify(tags)
  const metric =
    byTags.get(key) ??
    Metric.taggedWithLabels(
      counter,
      Object.entries(tags).map(([tag, value]) => MetricLabel.make(tag, value))
    )
  byTags.set(key, metric)
  return metric
}

/**
 * Increments a counter with tags.
 *
 * @category utilities
 * @since 0.1.0
 */
export const count = (
  counter: Metric.Metric.Counter<number>,
  tags: Readonly<Record<string, string>>
): Effect.Effect<void> => Metric.increment(taggedCounter(counter, tags))

/**
 * Updates a metric from a running fiber, with the tags of that fiber: what `Metric.update` does, without an effect.
 *
 * @category utilities
 * @since 0.1.0
 */
export const updateNow = <Type, In, Out>(
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  metric: Metric.Metric<Type, In, Out>,
  input: In
): void => metric.unsafeUpdate(input, fiber.getFiberRef(FiberRef.currentMetricLabels))

/**
 * Increments a counter with tags from a running fiber; see {@link updateNow}.
 *
 * @category utilities
 * @since 0.1.0
 */
export const countNow = (
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  counter: Metric.Metric.Counter<number>,
  tags: Readonly<Record<string, string>>
): void => updateNow(fiber, taggedCounter(counter, tags), 1)
