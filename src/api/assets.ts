/**
 * The asset endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
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

const assets = listOf("assets", Asset)

/**
 * A1 `GET /project/{projectId}/assets`. `filters` is a JSON object that the SDK always sends; the bare keys
 * `_id` and `externalId` are what older SDKs sent (docs/api-notes.md#asset-filters).
 */
const list = endpoint.get("list", "/project/:projectId/assets", {
  path: { projectId: ProjectId },
  query: {
    ...Query.paging,
    filters: Query.optional(Query.JsonObject),
    _id: Query.optional(Schema.String),
    externalId: Query.optional(Schema.String),
    sort: Query.optional(Query.Sort)
  },
  ...assets,
  errors: [BadRequest, NotFound],
  repeat: safe
})

/** A2 `DELETE /project/{projectId}/assets`: the ids travel in the body of the DELETE. */
const remove = endpoint.del("delete", "/project/:projectId/assets", {
  path: { projectId: ProjectId },
  payload: Open.struct({ project: ProjectId, assets: Open.atLeastOne(AssetId, "at least one asset id") }),
  success: undocumented,
  errors: [BadRequest, NotFound],
  repeat: idempotent("assets.list", "the assets being gone")
})

// Counts from today's hub, a sentence from old ones (docs/api-notes.md#import-counts).
const imported = success({ assets: Schema.Union(ImportCounts, Schema.String) })

/**
 * A3 `POST /project/{projectId}/cloud`. `uploadLocal` is `"true"` after uploads of one's own; for files that a
 * storage holds already the SDK sends `null`, and we nothing. The oldest documents send `assets` alone.
 */
const importFromCloud = endpoint.post("importFromCloud", "/project/:projectId/cloud", {
  path: { projectId: ProjectId },
  query: { batches: Query.optional(Query.JsonList) },
  payload: CloudImport,
  success: imported,
  status: 201,
  errors: [BadRequest, NotFound],
  repeat: never("assets.list", "assets with these external ids")
})

/**
 * A4 `POST /project/{projectId}/chat`, a form: the fields of {@link ChatForm}, then the part `file` when there is
 * one.
 */
const importChat = endpoint.post("importChat", "/project/:projectId/chat", {
  path: { projectId: ProjectId },
  payload: HttpApiSchema.MultipartStream(ChatForm),
  success: imported,
  errors: [BadRequest, NotFound],
  repeat: never("assets.list", "an asset with this external id")
})

/** @since 0.1.0 */
export const AssetsApi = HttpApiGroup.make("assets")
  .add(list)
  .add(remove)
  .add(importFromCloud)
  .add(importChat)
