/**
 * The metric endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { BatchId, ProjectId } from "../schemas/ids.js"
import { Instant, Interval, MetricName } from "../schemas/Metric.js"
import { BadRequest, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { Repeatability, safe } from "./Repeatability.js"

/**
 * N1 `GET /{projectId}/overview/{metric}`: the path begins with the id. No document shows an answer
 * (docs/api-notes.md#metric-shapes).
 */
const overview = HttpApiEndpoint.get("overview", "/:projectId/overview/:metric")
  .setPath(Schema.Struct({ projectId: ProjectId, metric: MetricName }))
  .addSuccess(undocumented)
  .annotate(Repeatability, safe)

/**
 * What a performance can be asked for: `interval` and `batches` are the SDK's, the rest is the documents'
 * (docs/api-notes.md#performance-body).
 */
export const PerformanceQuery = Schema.Struct({
  interval: Query.optional(Interval),
  batches: Query.optional(Schema.Array(BatchId)),
  startDate: Query.optional(Instant),
  endDate: Query.optional(Instant),
  users: Query.optional(Schema.Array(Schema.String))
})

/**
 * N2 `POST /performance/{projectId}`. What a performance holds is not documented (docs/api-notes.md#metric-shapes).
 */
const performance = HttpApiEndpoint.post("performance", "/performance/:projectId")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setPayload(PerformanceQuery)
  .addSuccess(success({ performance: Query.optional(Schema.Unknown) }))
  .annotate(Repeatability, safe)

/** @since 0.1.0 */
export const MetricsApi = HttpApiGroup.make("metrics").add(overview).add(performance).addError(BadRequest)
