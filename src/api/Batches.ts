/**
 * The batch endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Batch } from "../schemas/Batch.js"
import { ProjectId } from "../schemas/Id.js"
import { BadRequest, success } from "./Envelope.js"

/** B1 `GET /batches/{projectId}`; the answer's shape is derived, not documented. */
const list = HttpApiEndpoint.get("list", "/batches/:projectId")
  .setPath(Schema.Struct({ projectId: ProjectId }))
  .addSuccess(success({ batches: Schema.Array(Batch) }))

/** @since 0.1.0 */
export const BatchesApi = HttpApiGroup.make("batches").add(list).addError(BadRequest)
