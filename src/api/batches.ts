/**
 * The batch endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Batch, BatchName, NewBatch, ProjectBatches } from "../schemas/Batch.js"
import { AssetId, BatchId, ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import { idempotent, never, safe } from "./Repeatability.js"

/**
 * B1. Unproven: one old page names it, no SDK uses it, and the shape of the response is derived from other endpoints
 * (docs/api-notes.md#list-batches). Only for projects whose response has no batches.
 */
const list = endpoint.get("list", "/batches/:projectId", {
  repeat: safe,
  schemas: () => ({
    path: { projectId: ProjectId },
    success: success({ batches: Schema.Array(Batch) }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * B2. `{name}` adds one batch. `{batches}` is the complete list, which replaces the current one: existing batches with
 * their `_id`, new ones without; or, in the oldest documents, the name of one batch to add
 * (docs/api-notes.md#batch-creation).
 */
const update = endpoint.post("update", "/batches/:projectId", {
  repeat: never("projects.get", "the batches that were written"),
  schemas: () => ({
    path: { projectId: ProjectId },
    payload: Schema.Union(
      Open.struct({ batches: Schema.Array(Schema.Union(Batch, NewBatch)) }),
      Open.struct({ batches: BatchName }),
      NewBatch
    ),
    success: success({ project: ProjectBatches }),
    errors: [BadRequest, NotFound]
  })
})

const assets = () => Open.atLeastOne(AssetId, "at least one asset id")

/**
 * B3. The newest SDK sends ids and the project; the oldest documents have names, a string instead of an array, and no
 * project (docs/api-notes.md#batch-references).
 */
const assign = endpoint.post("assign", "/assignBatches", {
  repeat: idempotent("assets.list", "the batches of the assets"),
  schemas: () => ({
    payload: Schema.Union(
      Open.struct({ assets: assets(), batches: Schema.Array(BatchId), projectId: ProjectId }),
      Open.struct({
        assets: Schema.Union(AssetId, assets()),
        batches: Schema.Union(Schema.String, Schema.Array(Schema.String)),
        projectId: Open.maybe(ProjectId)
      })
    ),
    success: success({ assets: Schema.Number }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const BatchesApi = endpoint.group("batches", [list, update, assign])
