/**
 * Endpoint of attachments: add attachments to assets.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { Attachment } from "../../schemas/Asset.js"
import type { AssetAttachments, FlatAttachment } from "../../schemas/AssetAttachments.js"
import { rowsToApply } from "../faults/partialWrite.js"
import { HubApi, success } from "../server/hubApi.js"
import type { WireAsset } from "../state/HubState.js"
import { unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"

type Entry = AssetAttachments | typeof FlatAttachment.Type

const attachmentsOf = (entry: Entry): ReadonlyArray<Attachment> =>
  "attachmentUrl" in entry
    ? [{ type: entry.attachmentType.toUpperCase(), value: entry.attachmentUrl }]
    : entry.attachments

const matches = (asset: WireAsset, entry: Entry): boolean => {
  const { assetId, data, externalId } = entry as { readonly [name: string]: unknown }
  const identifiers = [
    [assetId, asset._id],
    [data, asset.data],
    [externalId, asset.externalId]
  ].filter(([value]) => value != null)
  return identifiers.length > 0 && identifiers.every(([value, actual]) => value === actual)
}

/**
 * The handler of the group. New attachments are added to those that an asset has.
 *
 * @remarks undocumented: an entry with an unknown asset is ignored; all assets that share an external id get its
 * attachments.
 */
export const layer = HttpApiBuilder.group(HubApi, "attachments", (handlers) =>
  Effect.map(Hub, ({ state }) =>
    handlers.handle("create", ({ payload: { attachments, project } }) =>
      Effect.gen(function* () {
        const stored = state.projects.get(project)
        if (stored === undefined) return yield* unknownProject(project)
        const entries = yield* rowsToApply<Entry>(attachments)
        let attachmentsImported = 0
        let assetsUpdated = 0
        stored.assets = stored.assets.map((asset) => {
          const added = entries.filter((entry) => matches(asset, entry)).flatMap(attachmentsOf)
          if (added.length === 0) return asset
          attachmentsImported += added.length
          assetsUpdated++
          return { ...asset, attachments: [...(asset.attachments ?? []), ...added] }
        })
        return success({ project: { attachmentsImported, assetsUpdated } })
      })
    )
  )
)
