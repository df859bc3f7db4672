/**
 * Attachments on their way to the assets of a project.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Attachment } from "./Asset.js"
import * as Open from "./open.js"

/**
 * What is to be attached, and to which asset: the one with this `externalId`, with this `data`, or with both.
 * External ids need not be unique: all assets that fit get the attachments.
 *
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
 * An attachment in the flat form that the newest documents show and no client sends
 * (docs/api-notes.md#attachment-body).
 *
 * @since 0.1.0
 */
export const FlatAttachment = Open.struct({
  externalId: Open.maybe(Schema.String),
  assetId: Open.maybe(Schema.String),
  attachmentUrl: Schema.String,
  attachmentType: Schema.String
}).annotations({ identifier: "FlatAttachment" })

/**
 * How many attachments were imported, and how many assets got some.
 *
 * @since 0.1.0
 */
export const AttachmentCounts = Open.struct({
  attachmentsImported: Open.maybe(Schema.Number),
  assetsUpdated: Open.maybe(Schema.Number)
}).annotations({ identifier: "AttachmentCounts" })

/** @since 0.1.0 */
export type AttachmentCounts = typeof AttachmentCounts.Type
