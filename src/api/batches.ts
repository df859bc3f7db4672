/**
 * The batch endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Batch, ProjectBatches, BatchName, NewBatch } from "../schemas/Batch.js"
import { AssetId, BatchId, ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { BadRequest, NotFound, success } from "./envelope.js"
import { idempotent, never, Repeatability, safe } from "./Repeatability.js"

/** B1 `GET /batches/{projectId}`; the answer's shape is derived, not documented. */
const list = HttpApiEndpoint.get("list", "/batches/:projectId")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .addSuccess(success({ batches: Schema.Array(Batch) }))
  .annotate(Repeatability, safe)

/**
 * B2 `POST /batches/{projectId}`: the whole list, which replaces the present one: batches that are there with their
 * `_id`, new ones without. The oldest documents send the name of one batch to add (docs/api-notes.md#batch-creation).
 */
const update = HttpApiEndpoint.post("update", "/batches/:projectId")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .setPayload(
    Schema.Union(
      Open.struct({ batches: Schema.Array(Schema.Union(Batch, NewBatch)) }),
      Open.struct({ batches: BatchName })
    )
  )
  .addSuccess(success({ project: ProjectBatches }))
  .annotate(Repeatability, never("batches.list", "the batches that were written"))

const assets = Open.atLeastOne(AssetId, "at least one asset id")

/**
 * B3 `POST /assignBatches`. Ids and the project are what the newest SDK sends; the oldest documents have names, a
 * single text instead of a list, and no project (docs/api-notes.md#batch-references).
 */
const assign = HttpApiEndpoint.post("assign", "/assignBatches")
  .setPayload(
    Schema.Union(
      Open.struct({ assets, batches: Schema.Array(BatchId), projectId: ProjectId }),
      Open.struct({
        assets: Schema.Union(AssetId, assets),
        batches: Schema.Union(Schema.String, Schema.Array(Schema.String)),
        projectId: Open.maybe(ProjectId)
      })
    )
  )
  .addSuccess(success({ assets: Schema.Number }))
  .annotate(Repeatability, idempotent("assets.list", "the batches of the assets"))

/** @since 0.1.0 */
export const BatchesApi = HttpApiGroup.make("batches")
  .add(list)
  .add(update)
  .add(assign)
  .addError(BadRequest)
  .addError(NotFound)
