/**
 * The attachment endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { AssetAttachments, AttachmentCounts, FlatAttachment } from "../schemas/AssetAttachments.js"
import { ProjectId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, success } from "./envelope.js"
import { never } from "./Repeatability.js"

/** X4. The newest documents show the flat form, which no client sends (docs/api-notes.md#attachment-body). */
const create = endpoint.post("create", "/attachments", {
  repeat: never("assets.list", "the attachments of the assets"),
  schemas: () => ({
    payload: Open.struct({
      project: ProjectId,
      attachments: Open.atLeastOne(
        Schema.Union(AssetAttachments, FlatAttachment),
        "at least one asset with attachments"
      )
    }),
    success: success({ project: AttachmentCounts }),
    errors: [BadRequest]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const AttachmentsApi = endpoint.group("attachments", [create])
