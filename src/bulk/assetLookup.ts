// Finds the assets of a project by their external ids.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AssetsApi } from "../api/assets.js"
import type { ListError } from "../errors/AngoError.js"
import type { GroupClient } from "../layers/AngoClient.js"
import type { PageSize } from "../layers/AngoConfig.js"
import { makeListReader, type Source } from "../pagination/listing.js"
import { oldestFirst } from "../pagination/listOptions.js"
import type { Asset } from "../schemas/Asset.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"

/** Returns the assets of a project that have one of these external ids, compared exactly. */
export type Lookup = (
  projectId: IdInput<ProjectId>,
  externalIds: ReadonlyArray<string>
) => Effect.Effect<ReadonlyArray<Asset>, ListError>

/** Up to this many external ids are requested one by one while the `in` filter is unverified. */
const maxSingleRequests = 3

/** The most external ids of one request, and the most characters that they can take in its URL. */
const maxIdsPerRequest = 100
const maxUrlLength = 3000

// Requests that fit into a URL, and whose results mostly fit on a page.
const splitIntoRequests = (externalIds: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const requests: Array<Array<string>> = []
  let remaining = 0
  for (const externalId of externalIds) {
    const length = encodeURIComponent(JSON.stringify(externalId)).length + 3
    const request = requests.at(-1)
    if (request === undefined || request.length >= maxIdsPerRequest || length > remaining) {
      requests.push([externalId])
      remaining = maxUrlLength - length
    } else {
      request.push(externalId)
      remaining -= length
    }
  }
  return requests
}

const externalIdsOf = (assets: ReadonlyArray<Asset>): ReadonlyArray<string> => [
  ...new Set(assets.flatMap(({ externalId }) => (externalId == null || externalId === "" ? [] : externalId)))
]

/**
 * Makes the lookup of one client. A filter by one external id is documented; a filter by several (`{"in":[…]}`) is not,
 * and a hub that ignored or misread it would hide existing assets, which would then be created again. The `in` filter
 * is used once it has returned two assets that a page of the list has shown, and nothing else. Until then, and on hubs
 * that fail this test, either the list is read or one id at a time is requested, whichever takes fewer requests.
 */
export const makeAssetLookup = (
  { budget, lists }: GroupClient<typeof AssetsApi>,
  pageSize: PageSize
): Lookup => {
  const operation = AssetsApi.operations.list
  const list = makeListReader({
    service: "Assets",
    operation,
    pageSize: pageSize === "adaptive" ? pageSize : Math.max(pageSize, maxIdsPerRequest),
    budget
  })
  let supportsIn: boolean | undefined

  const source = (projectId: IdInput<ProjectId>, externalId?: unknown): Source<Asset> => {
    const filters = externalId === undefined ? {} : { externalId }
    return {
      fetchPage: (page, limit) =>
        lists.assets.ask({
          path: { projectId: fromInput(projectId) },
          urlParams: { page, limit, filters, sort: oldestFirst }
        }),
      decode: lists.assets.decode,
      membershipChanges: externalId !== undefined,
      key: [projectId, filters]
    }
  }

  // Most results fit on one page, which is complete if it has as many items as the total.
  const readAll = (assets: Source<Asset>): Effect.Effect<ReadonlyArray<Asset>, ListError> =>
    Effect.flatMap(list.page(assets, {}), ({ items, total }) =>
      items.length >= total
        ? Effect.succeed(items)
        : Effect.map(Stream.runCollect(list.stream(assets, {})), Chunk.toReadonlyArray)
    )

  const request = (projectId: IdInput<ProjectId>, requests: ReadonlyArray<ReadonlyArray<string>>) =>
    Effect.map(
      Effect.forEach(requests, (ids) => readAll(source(projectId, ids.length === 1 ? ids[0] : { in: ids })), {
        concurrency: 4
      }),
      (assets) => assets.flat()
    )

  const scanList = (projectId: IdInput<ProjectId>, ids: ReadonlySet<string>) =>
    Stream.runFold(list.pages(source(projectId), {}), [] as Array<Asset>, (matches, { items }) => {
      for (const asset of items) if (ids.has(asset.externalId ?? "")) matches.push(asset)
      return matches
    })

  const testInFilter = (projectId: IdInput<ProjectId>, shown: ReadonlyArray<Asset>) =>
    Effect.gen(function* () {
      const sample = externalIdsOf(shown).slice(0, 2)
      if (sample.length < 2) return false
      const { items } = yield* list.page(source(projectId, { in: sample }), {})
      const returned = new Set(items.map(({ id }) => id))
      supportsIn =
        items.every(({ externalId }) => externalId != null && sample.includes(externalId)) &&
        shown.every(({ externalId, id }) => !sample.includes(externalId ?? "") || returned.has(id))
      return supportsIn
    })

  return (projectId, externalIds) =>
    Effect.gen(function* () {
      const wanted = new Set(externalIds)
      const ids = [...wanted]
      const matching = (assets: ReadonlyArray<Asset>) =>
        assets.filter(({ externalId }) => wanted.has(externalId ?? ""))
      const requestOneByOne = request(
        projectId,
        ids.map((id) => [id])
      )
      if (supportsIn !== true && ids.length <= maxSingleRequests) return matching(yield* requestOneByOne)
      if (supportsIn !== true) {
        const { items, total } = yield* list.page(source(projectId), {})
        if (items.length >= total) return matching(items)
        if (supportsIn === false || !(yield* testInFilter(projectId, items))) {
          const pages = Math.ceil(total / Math.max(1, items.length))
          return pages <= ids.length ? yield* scanList(projectId, wanted) : matching(yield* requestOneByOne)
        }
      }
      return matching(yield* request(projectId, splitIntoRequests(ids)))
    })
}
