/**
 * How bulk writes find the assets of a project by their external ids.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import type { ListError } from "../errors/AngoError.js"
import type { AngoClient } from "../layers/AngoClient.js"
import { makeListReader, type Source } from "../pagination/listing.js"
import { oldestFirst } from "../pagination/listOptions.js"
import type { Asset } from "../schemas/Asset.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"

/** The assets of a project that have one of these external ids, to the letter. */
export type Lookup = (
  projectId: IdInput<ProjectId>,
  externalIds: ReadonlyArray<string>
) => Effect.Effect<ReadonlyArray<Asset>, ListError>

/** So few external ids are asked for one by one, as long as a list of them is not believed. */
const few = 3

/** The most external ids of one request, and the most characters that they may take as a URL writes them. */
const most = 100
const longest = 3000

// So many that their list fits into a URL, and what is found mostly on a page.
const inQueries = (externalIds: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const queries: Array<Array<string>> = []
  let room = 0
  for (const externalId of externalIds) {
    const length = encodeURIComponent(JSON.stringify(externalId)).length + 3
    const query = queries.at(-1)
    if (query === undefined || query.length >= most || length > room) {
      queries.push([externalId])
      room = longest - length
    } else {
      query.push(externalId)
      room -= length
    }
  }
  return queries
}

const idsOf = (assets: ReadonlyArray<Asset>): ReadonlyArray<string> => [
  ...new Set(assets.flatMap(({ externalId }) => (externalId == null || externalId === "" ? [] : externalId)))
]

/**
 * The lookup of one client. One external id is asked for by itself, which is documented. That several may be asked for
 * in one request (`{"in":[…]}`) is not: a hub that took it for something else would hide what is there, and it would be
 * made again. It is believed once it has found two assets that a page of the list has shown, and nothing else; until
 * then, and on a hub that fails, the list itself is read, or one id at a time, whichever is less.
 */
export const assetLookup = ({ budget, lists }: AngoClient["Type"], pageSize: number): Lookup => {
  const operation = operations["assets.list"]
  const list = makeListReader({ service: "Assets", operation, pageSize: Math.max(pageSize, most), budget })
  let isBelieved: boolean | undefined

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

  // Mostly they fit on one page, and a page that holds the whole list needs no more to be whole.
  const whole = (some: Source<Asset>): Effect.Effect<ReadonlyArray<Asset>, ListError> =>
    Effect.flatMap(list.page(some, {}), ({ items, total }) =>
      items.length >= total
        ? Effect.succeed(items)
        : Effect.map(Stream.runCollect(list.stream(some, {})), Chunk.toReadonlyArray)
    )

  const query = (projectId: IdInput<ProjectId>, externalIds: ReadonlyArray<string>) =>
    whole(source(projectId, externalIds.length === 1 ? externalIds[0] : { in: externalIds }))

  const queries = (projectId: IdInput<ProjectId>, all: ReadonlyArray<ReadonlyArray<string>>) =>
    Effect.map(
      Effect.forEach(all, (some) => query(projectId, some), { concurrency: 4 }),
      (found) => found.flat()
    )

  const pass = (projectId: IdInput<ProjectId>, wanted: ReadonlySet<string>) =>
    Stream.runFold(list.pages(source(projectId), {}), [] as Array<Asset>, (found, { items }) => {
      for (const asset of items) if (wanted.has(asset.externalId ?? "")) found.push(asset)
      return found
    })

  const finds = (projectId: IdInput<ProjectId>, shown: ReadonlyArray<Asset>) =>
    Effect.gen(function* () {
      const sample = idsOf(shown).slice(0, 2)
      if (sample.length < 2) return false
      const { items } = yield* list.page(source(projectId, { in: sample }), {})
      const found = new Set(items.map(({ id }) => id))
      isBelieved =
        items.every(({ externalId }) => externalId != null && sample.includes(externalId)) &&
        shown.every(({ externalId, id }) => !sample.includes(externalId ?? "") || found.has(id))
      return isBelieved
    })

  return (projectId, externalIds) =>
    Effect.gen(function* () {
      const wanted = new Set(externalIds)
      const known = (assets: ReadonlyArray<Asset>) =>
        assets.filter(({ externalId }) => wanted.has(externalId ?? ""))
      const ids = [...wanted]
      const oneByOne = queries(
        projectId,
        ids.map((id) => [id])
      )
      if (isBelieved !== true && ids.length <= few) return known(yield* oneByOne)
      if (isBelieved !== true) {
        const { items, total } = yield* list.page(source(projectId), {})
        if (items.length >= total) return known(items)
        if (isBelieved === false || !(yield* finds(projectId, items))) {
          const pages = Math.ceil(total / Math.max(1, items.length))
          return pages <= ids.length ? yield* pass(projectId, wanted) : known(yield* oneByOne)
        }
      }
      return known(yield* queries(projectId, inQueries(ids)))
    })
}
