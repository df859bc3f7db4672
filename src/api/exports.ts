/**
 * The export endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { ExportFormat, ExportType, TimeRange } from "../schemas/Export.js"
import { ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { SignedLink } from "../schemas/Upload.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { Repeatability, safe } from "./Repeatability.js"

const Range = Query.optional(Schema.parseJson(TimeRange))
const Flag = Query.optional(Query.Flag)

/**
 * What both export endpoints take (docs/api-notes.md#export-request), in the order in which the SDK writes it. Lists
 * are JSON arrays, with commas in the newest documents (#export-lists); flags are `"true"` and `"false"`, in any case
 * (#export-flags).
 *
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

/** @since 0.1.0 */
export type ExportParameters = typeof ExportParameters.Type

// A hub that exports in the background may answer without a link (docs/api-notes.md#export-timing).
const link = success({ exportPath: Open.maybe(SignedLink) })

/** X2 `GET /export`: what the newest SDK and documents ask (docs/api-notes.md#export-path). */
const request = HttpApiEndpoint.get("request", "/export")
  .setUrlParams(ExportParameters)
  .addSuccess(link)
  .annotate(Repeatability, safe)

/** X3 `GET /exportV3`: the same, as the oldest documents and older SDKs ask it. */
const requestV3 = HttpApiEndpoint.get("requestV3", "/exportV3")
  .setUrlParams(ExportParameters)
  .addSuccess(link)
  .annotate(Repeatability, safe)

/** @since 0.1.0 */
export const ExportsApi = HttpApiGroup.make("exports")
  .add(request)
  .add(requestV3)
  .addError(BadRequest)
  .addError(NotFound)
