/**
 * How an import of pre-labels finds the assets that its entries name.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { operations } from "../../api/operations.js"
import type { ListError } from "../../errors/AngoError.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { makeListReader } from "../../pagination/listing.js"
import { oldestFirst } from "../../pagination/listOptions.js"
import type { Asset } from "../../schemas/Asset.js"
import { fromInput, type IdInput, type ProjectId } from "../../schemas/ids.js"
import { assetLookup } from "../assetLookup.js"

/** What an entry says of its asset; an empty text says nothing. */
export interface Named {
  readonly externalId?: string | null | undefined
  readonly data?: string | null | undefined
}

/** The assets that each of these entries names, in the order of the entries. */
export type FindAssets = (
  projectId: IdInput<ProjectId>,
  entries: ReadonlyArray<Named>
) => Effect.Effect<ReadonlyArray<ReadonlyArray<Asset>>, ListError>

/** A text that names something. */
export const nameIn = (text: unknown): string | undefined =>
  typeof text === "string" && text !== "" ? text : undefined

const groupBy = (assets: ReadonlyArray<Asset>, textOf: (asset: Asset) => unknown) => {
  const groups = new Map<string, Array<Asset>>()
  for (const asset of assets) {
    const text = nameIn(textOf(asset))
    if (text === undefined) continue
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [asset])
    else group.push(asset)
  }
  return groups
}

/**
 * Looks entries up by their external ids, about a hundred to a request. No list can be asked for data: for entries that
 * have nothing else, the list of assets is read through, once for all of them.
 */
export const findAssets = (client: AngoClient["Type"], pageSize: number): FindAssets => {
  const { budget, lists } = client
  const operation = operations["assets.list"]
  const list = makeListReader({ service: "Assets", operation, pageSize, budget })
  const lookup = assetLookup(client, pageSize)

  const byData = (projectId: IdInput<ProjectId>, wanted: ReadonlySet<string>) =>
    wanted.size === 0
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
          (found, { items }) => {
            for (const asset of items) if (wanted.has(asset.data ?? "")) found.push(asset)
            return found
          }
        )

  return (projectId, entries) =>
    Effect.gen(function* () {
      const names = entries.flatMap(({ externalId }) => nameIn(externalId) ?? [])
      const texts = entries.flatMap(({ data, externalId }) =>
        nameIn(externalId) === undefined ? (nameIn(data) ?? []) : []
      )
      const named = groupBy(yield* lookup(projectId, names), ({ externalId }) => externalId)
      const holding = groupBy(yield* byData(projectId, new Set(texts)), ({ data }) => data)
      return entries.map((entry) => {
        const [externalId, data] = [nameIn(entry.externalId), nameIn(entry.data)]
        if (externalId === undefined) return data === undefined ? [] : (holding.get(data) ?? [])
        const some = named.get(externalId) ?? []
        return data === undefined ? some : some.filter((asset) => asset.data === data)
      })
    })
}
