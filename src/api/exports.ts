/**
 * The export endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ExportFormat, ExportType, TimeRange } from "../schemas/Export.js"
import { ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { SignedLink } from "../schemas/Upload.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { safe } from "./Repeatability.js"

const Range = Query.optional(Schema.parseJson(TimeRange))
const Flag = Query.optional(Query.Flag)

/**
 * The query of both export endpoints (docs/api-notes.md#export-request), in the order of the SDK. Lists are JSON arrays;
 * the newest documents separate items by commas (#export-lists). Flags are `"true"` and `"false"`, in any case
 * (#export-flags).
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportParameters = Schema.Struct({
  project: ProjectId,
  format: Query.optional(ExportFormat),
  type: Query.optional(ExportType),
  stage: Query.optional(Query.JsonList),
  batches: Query.optional(Query.JsonList),
  taskTypes: Query.optional(Query.JsonList),
  sendEmail: Flag,
  doNotNotify: Flag,
  includeMetadata: Flag,
  includeHistory: Flag,
  includeOnlyKeyFrames: Flag,
  includeIdleBlurDurations: Flag,
  includeSegmentationPoints: Flag,
  updatedAt: Range,
  createdAt: Range,
  status: Query.optional(Schema.String),
  includeAssets: Flag
})

/**
 * @category models
 * @since 0.1.0
 */
export type ExportParameters = typeof ExportParameters.Type

// The link may be missing when the hub exports in the background (docs/api-notes.md#export-timing).
const link = success({ exportPath: Open.maybe(SignedLink) })

/** X2. The path of the newest SDK and documents (docs/api-notes.md#export-path). */
const request = endpoint.get("request", "/export", {
  query: ExportParameters.fields,
  success: link,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** X3. The path of the oldest documents and older SDKs. */
const requestV3 = endpoint.get("requestV3", "/exportV3", {
  query: ExportParameters.fields,
  success: link,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const ExportsApi = HttpApiGroup.make("exports").add(request).add(requestV3)
