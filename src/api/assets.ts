/**
 * The asset endpoints.
 *
 * @since 0.1.0
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Schema from "effect/Schema"
import { Asset } from "../schemas/Asset.js"
import { ChatForm, CloudImport, ImportCounts } from "../schemas/AssetImport.js"
import { AssetId, ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"
import { listOf } from "./rowList.js"

/**
 * A1. The SDK always sends `filters`, a JSON object; older SDKs sent the parameters `_id` and `externalId`
 * (docs/api-notes.md#asset-filters).
 */
const list = endpoint.get("list", "/project/:projectId/assets", {
  repeat: safe,
  schemas: () => ({
    path: { projectId: ProjectId },
    query: {
      ...Query.paging,
      filters: Query.optional(Query.JsonObject),
      _id: Query.optional(Schema.String),
      externalId: Query.optional(Schema.String),
      sort: Query.optional(Query.Sort)
    },
    ...listOf("assets", Asset),
    errors: [BadRequest, NotFound]
  })
})

/** A2. The ids are in the body of the DELETE. */
const remove = endpoint.del("delete", "/project/:projectId/assets", {
  repeat: idempotent("assets.list", "the assets being gone"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: Open.struct({ project: ProjectId, assets: Open.atLeastOne(AssetId, "at least one asset id") }),
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

// Counts; a sentence in old versions of the API (docs/api-notes.md#import-counts).
const imported = () => success({ assets: Schema.Union(ImportCounts, Schema.String) })

/**
 * A3. `uploadLocal` is `"true"` for files uploaded by this client. For files that are already in a storage the SDK sends
 * `null`; this client leaves it out. The oldest documents send `assets` alone.
 */
const importFromCloud = endpoint.post("importFromCloud", "/project/:projectId/cloud", {
  status: 201,
  repeat: never("assets.list", "assets with these external ids"),
  schemas: () => ({
    path: { projectId: ProjectId },
    query: { batches: Query.optional(Query.JsonList) },
    payload: CloudImport,
    success: imported(),
    errors: [BadRequest, NotFound]
  })
})

/**
 * A4. A multipart form: the fields of {@link ChatForm}, then the optional part `file`.
 */
const importChat = endpoint.post("importChat", "/project/:projectId/chat", {
  repeat: never("assets.list", "an asset with this external id"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: HttpApiSchema.MultipartStream(ChatForm),
    success: imported(),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const AssetsApi = endpoint.group("assets", [list, remove, importFromCloud, importChat])
