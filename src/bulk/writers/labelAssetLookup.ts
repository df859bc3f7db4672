// Finds the assets that the entries of an import of pre-labels name.
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AssetsApi } from "../../api/assets.js"
import type { ListError } from "../../errors/AngoError.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import type { PageSize } from "../../layers/AngoConfig.js"
import { makeListReader } from "../../pagination/listing.js"
import { oldestFirst } from "../../pagination/listOptions.js"
import type { Asset } from "../../schemas/Asset.js"
import { fromInput, type IdInput, type ProjectId } from "../../schemas/ids.js"
import { makeAssetLookup } from "../assetLookup.js"

/** How an entry names its asset; empty texts are ignored. */
export interface AssetReference {
  readonly externalId?: string | null | undefined
  readonly data?: string | null | undefined
}

/** Returns the assets that each entry names, in the order of the entries. */
export type FindAssets = (
  projectId: IdInput<ProjectId>,
  entries: ReadonlyArray<AssetReference>
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
 * Looks entries up by external id, about a hundred per request. No list can be filtered by data: for entries that have
 * only data, the list of assets is read completely, once for all of them.
 */
export const makeFindAssets = (client: GroupClient<typeof AssetsApi>, pageSize: PageSize): FindAssets => {
  const { budget, lists } = client
  const list = makeListReader({ service: "Assets", operation: AssetsApi.operations.list, pageSize, budget })
  const lookUpExternalIds = makeAssetLookup(client, pageSize)

  const findByData = (projectId: IdInput<ProjectId>, texts: ReadonlySet<string>) =>
    texts.size === 0
      ? Effect.succeed([])
      : Stream.runFold(
          list.pages(
            {
              fetchPage: (page, limit) =>
                lists.assets.ask({
                  path: { projectId: fromInput(projectId) },
                  urlParams: { page, limit, filters: {}, sort: oldestFirst }
                }),
              decode: lists.assets.decode,
              membershipChanges: false,
              key: [projectId, {}]
            },
            {}
          ),
          [] as Array<Asset>,
          (matches, { items }) => {
            for (const asset of items) if (texts.has(asset.data ?? "")) matches.push(asset)
            return matches
          }
        )

  return (projectId, entries) =>
    Effect.gen(function* () {
      const externalIds = entries.flatMap(({ externalId }) => nonEmptyText(externalId) ?? [])
      const dataOnly = entries.flatMap(({ data, externalId }) =>
        nonEmptyText(externalId) === undefined ? (nonEmptyText(data) ?? []) : []
      )
      const byExternalId = groupBy(
        yield* lookUpExternalIds(projectId, externalIds),
        ({ externalId }) => externalId
      )
      const byData = groupBy(yield* findByData(projectId, new Set(dataOnly)), ({ data }) => data)
      return entries.map((entry) => {
        const [externalId, data] = [nonEmptyText(entry.externalId), nonEmptyText(entry.data)]
        if (externalId === undefined) return data === undefined ? [] : (byData.get(data) ?? [])
        const assets = byExternalId.get(externalId) ?? []
        return data === undefined ? assets : assets.filter((asset) => asset.data === data)
      })
    })
}
