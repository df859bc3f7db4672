/**
 * The asset endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Asset } from "../schemas/Asset.js"
import { ProjectId } from "../schemas/Id.js"
import { BadRequest, success, Total } from "./Envelope.js"
import * as Query from "./Query.js"

/**
 * A1 `GET /project/{projectId}/assets`. `filters` is a JSON object that the SDK always sends; the bare keys
 * `_id` and `externalId` are what older SDKs sent (dossier A.7).
 */
const list = HttpApiEndpoint.get("list", "/project/:projectId/assets")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setUrlParams(
    Schema.Struct({
      ...Query.paging,
      filters: Query.optional(Query.JsonObject),
      _id: Query.optional(Schema.String),
      externalId: Query.optional(Schema.String),
      sort: Query.optional(Query.Sort)
    })
  )
  .addSuccess(success({ assets: Schema.Array(Asset), total: Total }))

/** @since 0.1.0 */
export const AssetsApi = HttpApiGroup.make("assets").add(list).addError(BadRequest)
