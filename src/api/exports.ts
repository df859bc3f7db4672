/**
 * The export endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { ExportFormat, ExportType, TimeRange } from "../schemas/Export.js"
import { ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { SignedLink } from "../schemas/Upload.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { safe } from "./Repeatability.js"

const range = () => Query.optional(Schema.parseJson(TimeRange))
const flag = () => Query.optional(Query.Flag)

/**
 * The query of both export endpoints (docs/api-notes.md#export-request), in the order of the SDK. Lists are JSON arrays;
 * the newest documents separate items by commas (#export-lists). Flags are `"true"` and `"false"`, in any case
 * (#export-flags).
 *
 * @category schemas
 * @since 0.1.0
 */
const exportParameters = () => ({
  project: ProjectId,
  format: Query.optional(ExportFormat),
  type: Query.optional(ExportType),
  stage: Query.optional(Query.JsonList),
  batches: Query.optional(Query.JsonList),
  taskTypes: Query.optional(Query.JsonList),
  sendEmail: flag(),
  doNotNotify: flag(),
  includeMetadata: flag(),
  includeHistory: flag(),
  includeOnlyKeyFrames: flag(),
  includeIdleBlurDurations: flag(),
  includeSegmentationPoints: flag(),
  updatedAt: range(),
  createdAt: range(),
  status: Query.optional(Schema.String),
  includeAssets: flag()
})

/**
 * @category models
 * @since 0.1.0
 */
export type ExportParameters = Schema.Struct.Type<ReturnType<typeof exportParameters>>

// The link may be missing when the hub exports in the background (docs/api-notes.md#export-timing).
const link = () => success({ exportPath: Open.maybe(SignedLink) })

/** X2. The path of the newest SDK and documents (docs/api-notes.md#export-path). */
const request = endpoint.get("request", "/export", {
  repeat: safe,
  schemas: () => ({
    query: exportParameters(),
    success: link(),
    errors: [BadRequest, NotFound]
  })
})

/** X3. The path of the oldest documents and older SDKs. */
const requestV3 = endpoint.get("requestV3", "/exportV3", {
  repeat: safe,
  schemas: () => ({
    query: exportParameters(),
    success: link(),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const ExportsApi = endpoint.group("exports", [request, requestV3])
