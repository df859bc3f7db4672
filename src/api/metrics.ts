/**
 * The metric endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BatchId, ProjectId } from "../schemas/ids.js"
import { Instant, Interval, MetricName } from "../schemas/Metric.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { safe } from "./Repeatability.js"

/** N1. The path begins with the id. No document shows a response (docs/api-notes.md#metric-shapes). */
const overview = endpoint.get("overview", "/:projectId/overview/:metric", {
  repeat: safe,
  schemas: () => ({
    path: { projectId: ProjectId, metric: MetricName },
    success: undocumented,
    errors: [BadRequest]
  })
})

/**
 * The conditions of a performance report: `interval` and `batches` of the SDK, the others of the documents
 * (docs/api-notes.md#performance-body).
 */
export const PerformanceQuery = Schema.Struct({
  interval: Query.optional(Interval),
  batches: Query.optional(Schema.Array(BatchId)),
  startDate: Query.optional(Instant),
  endDate: Query.optional(Instant),
  users: Query.optional(Schema.Array(Schema.String))
})

/** N2. The content of the report is not documented (docs/api-notes.md#metric-shapes). */
const performance = endpoint.post("performance", "/performance/:projectId", {
  repeat: safe,
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: PerformanceQuery,
    success: success({ performance: Query.optional(Schema.Unknown) }),
    errors: [BadRequest]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const MetricsApi = endpoint.group("metrics", [overview, performance])
