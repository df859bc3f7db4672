// Finds the assets that the entries of an import of pre-labels name.
import * as Effect from "effect/Effect"
import type { AssetsApi } from "../../api/assets.js"
import type { ListError } from "../../errors/AngoError.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import type { PageSize } from "../../layers/AngoConfig.js"
import type { Asset } from "../../schemas/Asset.js"
import type { IdInput, ProjectId } from "../../schemas/ids.js"
import type { AssetCache } from "../assetCache.js"
import { makeAssetLookup } from "../assetLookup.js"

/** How an entry names its asset; empty texts are ignored. */
export interface AssetReference {
  readonly externalId?: string | null | undefined
  readonly data?: string | null | undefined
}

/** Returns the assets that each entry names, in the order of the entries; those in the `cache` without a request. */
export type FindAssets = (
  projectId: IdInput<ProjectId>,
  entries: ReadonlyArray<AssetReference>,
  cache?: AssetCache
) => Effect.Effect<ReadonlyArray<ReadonlyArray<Asset>>, ListError>

/** A text that is not empty. */
export const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

const groupBy = (assets: ReadonlyArray<Asset>, textOf: (asset: Asset) => unknown) => {
  const groups = new Map<string, Array<Asset>>()
  for (const asset of assets) {
    const text = nonEmptyText(textOf(asset))
    if (text === undefined) continue
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [asset])
    else group.push(asset)
  }
  return groups
}

/**
 * Looks entries up by external id, or by data where they have only that. No list can be filtered by data: for such
 * entries the list of assets is read completely, once for all of them.
 */
export const makeFindAssets = (client: GroupClient<typeof AssetsApi>, pageSize: PageSize): FindAssets => {
  const lookup = makeAssetLookup(client, pageSize)

  return (projectId, entries, cache) => {
    const externalIds = new Set<string>()
    const dataOnly = new Set<string>()
    for (const entry of entries) {
      const [externalId, data] = [nonEmptyText(entry.externalId), nonEmptyText(entry.data)]
      if (externalId !== undefined) externalIds.add(externalId)
      else if (data !== undefined) dataOnly.add(data)
    }
    return Effect.map(
      lookup(projectId, externalIds, { data: dataOnly, ...(cache === undefined ? {} : { cache }) }),
      (assets) => {
        const byExternalId = groupBy(assets, ({ externalId }) => externalId)
        const byData = dataOnly.size === 0 ? new Map() : groupBy(assets, ({ data }) => data)
        return entries.map((entry) => {
          const [externalId, data] = [nonEmptyText(entry.externalId), nonEmptyText(entry.data)]
          if (externalId === undefined) return data === undefined ? [] : (byData.get(data) ?? [])
          const assets = byExternalId.get(externalId) ?? []
          return data === undefined ? assets : assets.filter((asset) => asset.data === data)
        })
      }
    )
  }
}
