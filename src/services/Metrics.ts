/**
 * Metrics: the progress of a project, and the performance of its users. The responses are undocumented, so each is
 * returned as unknown JSON, or decoded with a given schema.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { BatchesApi } from "../api/batches.js"
import { MetricsApi, PerformanceQuery as Payload } from "../api/metrics.js"
import { ProjectsApi } from "../api/projects.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import type { CallError, UnknownBatch } from "../errors/AngoError.js"
import { resolveBatchCondition } from "../filters/batchNames.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import type { MetricName } from "../schemas/Metric.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Selects the work to measure.
 *
 * @category options
 * @since 0.1.0
 */
export interface PerformanceQuery {
  /** The time range; its end must not be before its start. */
  readonly interval?: readonly [from: DateTime.DateTime, to: DateTime.DateTime] | undefined
  /** Names or ids of batches, at least one. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The start of the time range, as the newest documentation has it. `interval` is the form of the vendor's SDK. */
  readonly startDate?: DateTime.DateTime | undefined
  /** The end of the time range, as the newest documentation has it; not before `startDate`. */
  readonly endDate?: DateTime.DateTime | undefined
  /** The users, at least one, as the newest documentation has it; the vendor's SDK does not send it. */
  readonly users?: ReadonlyArray<string> | undefined
}

/** A schema for an undocumented response. */
interface SchemaOption<A, I> {
  readonly schema: Schema.Schema<A, I>
}

/**
 * The methods of {@link Metrics}.
 *
 * @category services
 * @since 0.1.0
 */
export interface MetricsService {
  /**
   * Reads one of the six overview metrics of a project (`GET /{projectId}/overview/{metric}`), as unknown JSON or
   * decoded with `schema`. Fails with `InvalidRequest` before any request if the metric does not exist, and with
   * `DecodeError` if the response does not match the schema.
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
      options: SchemaOption<A, I>
    ): Effect.Effect<A, CallError>
  }

  /**
   * Reads the performance of the users of a project (`POST /performance/{projectId}`), as unknown JSON or decoded with
   * `schema`. Batches, if any, are looked up first (`GET /project/{projectId}`); one that does not exist fails with
   * `UnknownBatch`. Fails with `InvalidRequest` before any request if the time range ends before it starts, and with
   * `DecodeError` if the response does not match the schema.
   */
  readonly performance: {
    (
      projectId: IdInput<ProjectId>,
      query?: PerformanceQuery
    ): Effect.Effect<unknown, CallError | UnknownBatch>
    <A, I>(
      projectId: IdInput<ProjectId>,
      query: PerformanceQuery & SchemaOption<A, I>
    ): Effect.Effect<A, CallError | UnknownBatch>
  }
}

// Without the batches, which are validated when they are looked up.
const PerformanceFields = Schema.typeSchema(
  Schema.Struct({
    ...Payload.omit("batches", "users").fields,
    users: Open.optional(Open.atLeastOne(Open.condition, "at least one person"))
  })
)

const checkDates = ({ endDate, startDate }: typeof PerformanceFields.Type) =>
  startDate !== undefined && endDate !== undefined && DateTime.greaterThan(startDate, endDate)
    ? { parameter: "endDate", reason: "Expected a time that is not before startDate." }
    : undefined

type AnySchema = Schema.Schema<unknown, unknown>

/**
 * Makes the service from the client of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<MetricsService, never, AngoClient> = Effect.gen(function* () {
  const clients = (yield* AngoClient).use(MetricsApi, BatchesApi, ProjectsApi)
  const { metrics: client } = clients

  const overview = Effect.fn("Metrics.overview")(function* (
    projectId: IdInput<ProjectId>,
    metric: MetricName,
    options?: { readonly schema?: AnySchema }
  ) {
    const { data } = yield* client.overview({ path: { projectId: fromInput(projectId), metric } })
    return yield* decodeWithCallerSchema(MetricsApi.operations.overview, data, options?.schema)
  })

  const performance = Effect.fn("Metrics.performance")(function* (
    projectId: IdInput<ProjectId>,
    query: PerformanceQuery & { readonly schema?: AnySchema } = {}
  ) {
    const operation = MetricsApi.operations.performance
    const { batches, endDate, interval, schema, startDate, users } = query
    const fields = yield* validateInput(
      operation,
      PerformanceFields,
      omitUndefined({ interval, startDate, endDate, users }),
      checkDates
    )
    const ids = yield* resolveBatchCondition(operation, clients, projectId, batches, "every batch")
    const { data } = yield* client.performance({
      path: { projectId: fromInput(projectId) },
      payload: { ...fields, ...omitUndefined({ batches: ids }) }
    })
    return yield* decodeWithCallerSchema(operation, data.performance, schema)
  })

  return {
    // The result type depends on the schema, which overloads express and one implementation cannot.
    overview: overview as MetricsService["overview"],
    performance: performance as MetricsService["performance"]
  }
})

/**
 * The metrics of a project: progress, and the performance of its users.
 *
 * @category services
 * @since 0.1.0
 */
export class Metrics extends Context.Tag("effect-ango/Metrics")<Metrics, MetricsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Metrics, never, AngoClient> = Layer.effect(Metrics, make)
}
