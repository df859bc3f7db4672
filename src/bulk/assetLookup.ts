// Finds the assets of a project by their external ids, or by their data.
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AssetsApi } from "../api/assets.js"
import { maxPageSize } from "../api/queryEncoding.js"
import type { CallError, ListError } from "../errors/AngoError.js"
import type { GroupClient } from "../layers/AngoClient.js"
import type { PageSize } from "../layers/AngoConfig.js"
import type { PageResult } from "../pagination/completeness.js"
import { makeListReader, type Source } from "../pagination/listing.js"
import { oldestFirst } from "../pagination/listOptions.js"
import type { RawPage } from "../pagination/pageQueue.js"
import { singlePageSize } from "../pagination/pageSizes.js"
import type { Asset } from "../schemas/Asset.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import type { AssetCache, AssetNames } from "./assetCache.js"

/** What else a look-up is to find, and where. */
export interface LookupOptions {
  /** Data of further assets. No list can be filtered by data: the list is read. */
  readonly data?: ReadonlySet<string>
  /** The assets of earlier look-ups of the same write, which need no request. */
  readonly cache?: AssetCache
}

/** Returns the assets of a project that have one of these external ids, compared exactly. */
export type Lookup = (
  projectId: IdInput<ProjectId>,
  externalIds: Iterable<string>,
  options?: LookupOptions
) => Effect.Effect<ReadonlyArray<Asset>, ListError>

/** Up to this many external ids are requested one by one while the `in` filter is unverified. */
const maxSingleRequests = 3

/** The most external ids of one request, and the most characters that they can take in its URL. */
const maxIdsPerRequest = 100
const maxUrlLength = 3000

/** More requests than these are worth a page of the list, which shows whether a pass takes fewer. */
const minRequestsToCount = 2

// Requests that fit into a URL, and whose results mostly fit on a page.
const splitIntoRequests = (externalIds: Iterable<string>): ReadonlyArray<ReadonlyArray<string>> => {
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

// An asset can be found under both of its names.
const withoutRepeats = (assets: ReadonlyArray<Asset>): ReadonlyArray<Asset> =>
  Array.from(new Map(assets.map((asset) => [asset.id, asset])).values())

const hasName = ({ data, externalIds }: AssetNames, asset: Asset): boolean =>
  externalIds.has(asset.externalId ?? "") || data.has(asset.data ?? "")

// What fails a pass, and not a look-up of other assets: a list that changes too much, or an asset that cannot be decoded.
const isOfWholeList = ({ _tag }: ListError): boolean =>
  _tag === "IncompleteListing" || _tag === "PaginationError" || _tag === "DecodeError"

/** The first page of a list, as it came and decoded. */
interface FirstPage {
  readonly raw: RawPage
  readonly result: PageResult
}

// The list with a first page that was read before. Its rows are decoded once: decoding may change them.
const startingWith = (
  list: Source<Asset>,
  firstLimit: number,
  first: FirstPage | undefined
): Source<Asset> => {
  let remaining = first
  return {
    ...list,
    fetchPage: (page, limit) => {
      const read = page === 1 && limit === firstLimit ? remaining : undefined
      if (read === undefined) return list.fetchPage(page, limit)
      remaining = undefined
      return Effect.succeed({ ...read.raw, decode: Effect.succeed(read.result) })
    }
  }
}

/**
 * Makes the lookup of one client. It requests external ids, about a hundred per request. With `cache` it uses whichever
 * takes fewer requests: external ids, or one pass over the list, which fails if it is not known to be complete. The assets
 * of a pass serve later look-ups of the same write too, so that a pass pays as soon as the write has spent as many
 * requests on external ids.
 *
 * A filter by one external id is documented; a filter by several (`{"in":[…]}`) is not, and a hub that ignored or misread
 * it would hide existing assets, which would then be created again. The `in` filter is used once it has returned two
 * assets that a page of the list has shown, and nothing else. On hubs that fail this test, one id at a time is requested
 * if that is fewer requests than a pass.
 *
 * The list is read in pages of `pageSize`.
 */
export const makeAssetLookup = (
  { budget, lists }: GroupClient<typeof AssetsApi>,
  pageSize: PageSize
): Lookup => {
  const operation = AssetsApi.operations.list
  const readerOf = (size: PageSize) =>
    makeListReader({ service: "Assets", operation, pageSize: size, budget })
  const matches = readerOf(pageSize === "adaptive" ? pageSize : Math.max(pageSize, maxIdsPerRequest))
  let wholeList = { size: pageSize === "adaptive" ? maxPageSize : pageSize, reader: readerOf(pageSize) }
  let supportsIn: boolean | undefined
  /** The pages of lists when they were last read: what a pass takes. */
  const pagesOf = new Map<string, number>()

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
    Effect.flatMap(matches.page(assets, {}), ({ items, total }) =>
      items.length >= total
        ? Effect.succeed(items)
        : Effect.map(Stream.runCollect(matches.stream(assets, {})), Chunk.toReadonlyArray)
    )

  const request = (
    projectId: IdInput<ProjectId>,
    { externalIds }: AssetNames,
    requests: ReadonlyArray<ReadonlyArray<string>>
  ) =>
    Effect.map(
      Effect.forEach(requests, (ids) => readAll(source(projectId, ids.length === 1 ? ids[0] : { in: ids })), {
        concurrency: 4
      }),
      (assets) => assets.flat().filter(({ externalId }) => externalIds.has(externalId ?? ""))
    )

  const oneByOne = (externalIds: Iterable<string>) => Array.from(externalIds, (id) => [id])

  const recordLength = (projectId: IdInput<ProjectId>, rows: number, total: number): number => {
    const pages = Math.ceil(total / Math.max(1, rows))
    pagesOf.set(projectId, pages)
    return pages
  }

  const readFirstPage = (projectId: IdInput<ProjectId>): Effect.Effect<FirstPage, CallError> =>
    source(projectId)
      .fetchPage(1, wholeList.size)
      .pipe(
        Effect.flatMap((raw) => Effect.map(raw.decode, (result) => ({ raw, result }))),
        Effect.catchAll((error) => {
          const size = singlePageSize(pageSize)
          if (error._tag !== "BadRequest" || wholeList.size === size) return Effect.fail(error)
          wholeList = { size, reader: readerOf(size) }
          return readFirstPage(projectId)
        })
      )

  // A list of one page is complete if it has as many rows as its total.
  const readOnePage = (
    projectId: IdInput<ProjectId>,
    names: AssetNames,
    first: FirstPage
  ): Effect.Effect<ReadonlyArray<Asset>, ListError> => {
    const { reader, size } = wholeList
    const page = reader.page(startingWith(source(projectId), size, first), { limit: size })
    return Effect.map(page, ({ items }) => items.filter((asset) => hasName(names, asset)))
  }

  const readList = (
    projectId: IdInput<ProjectId>,
    names: AssetNames,
    cache: AssetCache | undefined,
    first?: FirstPage
  ): Effect.Effect<ReadonlyArray<Asset>, ListError> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { reader, size } = wholeList
      const pass = cache?.startPass(now)
      const pages = reader.pages(startingWith(source(projectId), size, first), {})
      return Effect.map(
        Stream.runFold(pages, [] as Array<Asset>, (matches, { items, page, total }) => {
          if (page === 1) recordLength(projectId, items.length, total)
          for (const asset of items) {
            if (hasName(names, asset)) matches.push(asset)
            else pass?.add(asset)
          }
          return matches
        }),
        (matches) => {
          pass?.end()
          return matches
        }
      )
    })

  // Whether the `in` filter can be used. `first` is the first page of the list, if it was read just now.
  const verifyIn = (
    projectId: IdInput<ProjectId>,
    first: FirstPage | undefined
  ): Effect.Effect<boolean, ListError> =>
    Effect.suspend(() => {
      if (supportsIn !== undefined) return Effect.succeed(supportsIn)
      const { reader, size } = wholeList
      const shown = reader.page(startingWith(source(projectId), size, first), { limit: size })
      return Effect.flatMap(shown, ({ items }) => {
        const sample = externalIdsOf(items).slice(0, 2)
        if (sample.length < 2) return Effect.succeed(false)
        return Effect.map(matches.page(source(projectId, { in: sample }), {}), (matching) => {
          const returned = new Set(matching.items.map(({ id }) => id))
          supportsIn =
            matching.items.every(({ externalId }) => externalId != null && sample.includes(externalId)) &&
            items.every(({ externalId, id }) => !sample.includes(externalId ?? "") || returned.has(id))
          return supportsIn
        })
      })
    })

  const findUnknown = Effect.fnUntraced(function* (
    projectId: IdInput<ProjectId>,
    names: AssetNames,
    cache: AssetCache | undefined
  ) {
    const { data, externalIds } = names
    if (data.size > 0) return yield* readList(projectId, names, cache, yield* readFirstPage(projectId))
    if (supportsIn !== true && externalIds.size <= maxSingleRequests) {
      return yield* request(projectId, names, oneByOne(externalIds))
    }
    const requests = supportsIn === false ? oneByOne(externalIds) : splitIntoRequests(externalIds)
    let pages = pagesOf.get(projectId)
    let first: FirstPage | undefined
    if (supportsIn === undefined || (pages === undefined && requests.length > minRequestsToCount)) {
      first = yield* readFirstPage(projectId)
      pages = recordLength(projectId, first.result.rows.length, first.result.total)
    }
    if (first !== undefined && first.result.rows.length >= first.result.total) {
      return yield* readOnePage(projectId, names, first)
    }
    const remainingPages = (pages ?? Number.POSITIVE_INFINITY) - (first === undefined ? 0 : 1)
    // A write that creates assets keeps nothing of a pass, and makes the list change: it could not be read completely.
    if (cache !== undefined && remainingPages < requests.length + cache.spent() + 1) {
      return yield* Effect.catchIf(readList(projectId, names, cache, first), isOfWholeList, (error) =>
        requestOrFail(projectId, names, error)
      )
    }
    cache?.spend(requests.length)
    if (yield* verifyIn(projectId, first)) return yield* request(projectId, names, requests)
    return (pages ?? Number.POSITIVE_INFINITY) <= externalIds.size
      ? yield* readList(projectId, names, cache)
      : yield* request(projectId, names, oneByOne(externalIds))
  })

  const requestOrFail = (
    projectId: IdInput<ProjectId>,
    names: AssetNames,
    error: ListError
  ): Effect.Effect<ReadonlyArray<Asset>, ListError> =>
    Effect.flatMap(verifyIn(projectId, undefined), (isVerified) =>
      isVerified ? request(projectId, names, splitIntoRequests(names.externalIds)) : Effect.fail(error)
    )

  return (projectId, externalIds, { data = new Set<string>(), cache } = {}) => {
    const names = { externalIds: new Set(externalIds), data }
    if (cache === undefined) return findUnknown(projectId, names, undefined)
    const findRemaining = Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { assets, unknown } = cache.take(names, now)
      if (unknown.externalIds.size + unknown.data.size === 0) return Effect.succeed(assets)
      return Effect.map(findUnknown(projectId, unknown, cache), (others) =>
        assets.length === 0 ? others : withoutRepeats([...assets, ...others])
      )
    })
    return cache.oneAtATime(findRemaining)
  }
}
