/**
 * Attachments to add to the assets of a project.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Attachment } from "./Asset.js"
import * as Open from "./open.js"

/**
 * Attachments for the assets with this `externalId`, with this `data`, or with both. External ids are not necessarily
 * unique: every matching asset gets the attachments.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssetAttachments = Open.struct({
  data: Open.maybe(Schema.String),
  externalId: Open.maybe(Schema.String),
  attachments: Open.atLeastOne(Attachment, "at least one attachment")
}).pipe(
  Schema.filter((entry) => entry.data != null || entry.externalId != null, {
    title: "an asset by its externalId or its data"
  })
)

/** @since 0.1.0 */
export type AssetAttachments = typeof AssetAttachments.Type

/**
 * An attachment in the flat form of the newest documents. This client does not send it
 * (docs/api-notes.md#attachment-body).
 *
 * @category schemas
 * @since 0.1.0
 */
export const FlatAttachment = Open.struct({
  externalId: Open.maybe(Schema.String),
  assetId: Open.maybe(Schema.String),
  attachmentUrl: Schema.String,
  attachmentType: Schema.String
}).annotations({ identifier: "FlatAttachment" })

/**
 * The numbers of imported attachments and of assets with new attachments.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AttachmentCounts = Open.struct({
  attachmentsImported: Open.maybe(Schema.Number),
  assetsUpdated: Open.maybe(Schema.Number)
}).annotations({ identifier: "AttachmentCounts" })

/** @since 0.1.0 */
export type AttachmentCounts = typeof AttachmentCounts.Type
