/**
 * Metrics: how far a project is, and how its people work. No document shows an answer, so each comes as unknown
 * JSON, or decoded by a schema of the caller's.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { PerformanceQuery as Payload } from "../api/metrics.js"
import { operations } from "../api/operations.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import type { CallError, UnknownBatch } from "../errors/AngoError.js"
import { condition } from "../filters/batchFilter.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import type { MetricName } from "../schemas/Metric.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Whose performance, and when.
 *
 * @since 0.1.0
 */
export interface PerformanceQuery {
  /** From the first instant to the second, which must not be before it. */
  readonly interval?: readonly [from: DateTime.DateTime, to: DateTime.DateTime] | undefined
  /** By name or by id, at least one. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The newest documents' form of an interval, for a hub that does not know that of the vendor's SDK. */
  readonly startDate?: DateTime.DateTime | undefined
  readonly endDate?: DateTime.DateTime | undefined
  /** People, at least one, as the newest documents have it; the vendor's SDK does not send it. */
  readonly users?: ReadonlyArray<string> | undefined
}

/** A schema of the caller's, for an answer that no document shows. */
interface With<A, I> {
  readonly schema: Schema.Schema<A, I>
}

/** @since 0.1.0 */
export interface MetricsService {
  /**
   * One of the six overview metrics of a project (`GET /{projectId}/overview/{metric}`), as unknown JSON, or
   * decoded by `schema`. Fails with `InvalidRequest` before any request when there is no such metric, and with
   * `DecodeError` when the answer does not fit the schema.
   *
   * @example
   * ```ts
   * import { Metrics } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const durations = Effect.gen(function*() {
   *   const metrics = yield* Metrics
   *   return yield* metrics.overview("65aa0000000000000000a001", "TimePerTask")
   * })
   * ```
   */
  readonly overview: {
    (projectId: IdInput<ProjectId>, metric: MetricName): Effect.Effect<unknown, CallError>
    <A, I>(
      projectId: IdInput<ProjectId>,
      metric: MetricName,
      options: With<A, I>
    ): Effect.Effect<A, CallError>
  }

  /**
   * How the people of a project worked (`POST /performance/{projectId}`), as unknown JSON, or decoded by `schema`.
   * Fails with `InvalidRequest` before any request when the interval ends before it begins. Batches are looked up
   * first (`GET /project/{projectId}`, only when some are given), and one that is not there fails with
   * `UnknownBatch`.
   */
  readonly performance: {
    (
      projectId: IdInput<ProjectId>,
      query?: PerformanceQuery
    ): Effect.Effect<unknown, CallError | UnknownBatch>
    <A, I>(
      projectId: IdInput<ProjectId>,
      query: PerformanceQuery & With<A, I>
    ): Effect.Effect<A, CallError | UnknownBatch>
  }
}

// Batches are judged when they are looked up, the rest before that.
const Fields = Schema.typeSchema(
  Schema.Struct({
    ...Payload.omit("batches", "users").fields,
    users: Open.optional(Open.atLeastOne(Open.condition, "at least one person"))
  })
)

const endsBefore = ({ endDate, startDate }: typeof Fields.Type) =>
  startDate !== undefined && endDate !== undefined && DateTime.greaterThan(startDate, endDate)
    ? { parameter: "endDate", reason: "Expected a time that is not before startDate." }
    : undefined

type AnySchema = Schema.Schema<unknown, unknown>

/** @since 0.1.0 */
export const make: Effect.Effect<MetricsService, never, AngoClient> = Effect.gen(function* () {
  const clients = yield* AngoClient
  const { metrics: client } = clients

  const overview = Effect.fn("Metrics.overview")(function* (
    projectId: IdInput<ProjectId>,
    metric: MetricName,
    options?: { readonly schema?: AnySchema }
  ) {
    const { data } = yield* client.overview({ path: { projectId: fromInput(projectId), metric } })
    return yield* decodeWithCallerSchema(operations["metrics.overview"], data, options?.schema)
  })

  const performance = Effect.fn("Metrics.performance")(function* (
    projectId: IdInput<ProjectId>,
    query: PerformanceQuery & { readonly schema?: AnySchema } = {}
  ) {
    const operation = operations["metrics.performance"]
    const { batches, endDate, interval, schema, startDate, users } = query
    const fields = yield* validateInput(
      operation,
      Fields,
      omitUndefined({ interval, startDate, endDate, users }),
      endsBefore
    )
    const ids = yield* condition(operation, clients, projectId, batches, "every batch")
    const { data } = yield* client.performance({
      path: { projectId: fromInput(projectId) },
      payload: { ...fields, ...omitUndefined({ batches: ids }) }
    })
    return yield* decodeWithCallerSchema(operation, data.performance, schema)
  })

  return {
    // The overloads say what the schema makes of the answer, which the one implementation cannot.
    overview: overview as MetricsService["overview"],
    performance: performance as MetricsService["performance"]
  }
})

/**
 * The metrics of Ango Hub.
 *
 * @since 0.1.0
 */
export class Metrics extends Context.Tag("effect-ango/Metrics")<Metrics, MetricsService>() {
  static readonly layer: Layer.Layer<Metrics, never, AngoClient> = Layer.effect(Metrics, make)
}
