/**
 * Assets: list and stream the files of a project.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type { CallError, ListError, ListTooLong } from "../AngoError.js"
import { operations } from "../api/Operations.js"
import { listing, oldestFirst, type Page, type PageOptions, type Read } from "../internal/paginate.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import type { Asset } from "../schemas/Asset.js"
import { type AssetId, type BatchId, fromInput, type IdInput, type ProjectId } from "../schemas/Id.js"

/**
 * Which assets of a project. Conditions combine with AND.
 *
 * @since 0.1.0
 */
export interface AssetFilter {
  readonly id?: IdInput<AssetId> | undefined
  /** External ids need not be unique: several assets may match. */
  readonly externalId?: string | undefined
  readonly isPreLabeled?: boolean | undefined
  /** Batch ids; an asset must be in all of them. */
  readonly batches?: ReadonlyArray<IdInput<BatchId>> | undefined
  readonly createdAfter?: DateTime.DateTime | undefined
  readonly createdBefore?: DateTime.DateTime | undefined
}

/** @since 0.1.0 */
export interface AssetsService {
  /**
   * One page of a project's assets (`GET /project/{projectId}/assets`), newest first unless sorted otherwise.
   */
  readonly page: (
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & PageOptions
  ) => Effect.Effect<Page<Asset>, CallError>

  /**
   * All assets of a project, page by page, oldest first. Every asset comes once; the stream ends in
   * `IncompleteListing` when the hub's total was not reached.
   */
  readonly pages: (
    projectId: IdInput<ProjectId>,
    filter?: AssetFilter
  ) => Stream.Stream<Page<Asset>, ListError>

  /** All assets of a project, one by one, oldest first; as {@link AssetsService.pages} otherwise. */
  readonly stream: (projectId: IdInput<ProjectId>, filter?: AssetFilter) => Stream.Stream<Asset, ListError>

  /**
   * All assets of a project in an array of at most `limit`; a longer list fails with `ListTooLong` and is not
   * read.
   */
  readonly collect: (
    projectId: IdInput<ProjectId>,
    options: AssetFilter & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<Asset>, ListError | ListTooLong>
}

// The asset list takes its operators without `$`, unlike the export (dossier A.7).
const filters = (filter: AssetFilter): Record<string, unknown> => {
  const { batches, createdAfter, createdBefore, externalId, id, isPreLabeled } = filter
  const createdAt = {
    ...(createdAfter === undefined ? {} : { gt: DateTime.formatIso(createdAfter) }),
    ...(createdBefore === undefined ? {} : { lt: DateTime.formatIso(createdBefore) })
  }
  return {
    ...(id === undefined ? {} : { _id: id }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(isPreLabeled === undefined ? {} : { isPreLabeled }),
    ...(batches === undefined ? {} : { batches }),
    ...(Object.keys(createdAt).length === 0 ? {} : { createdAt })
  }
}

/** @since 0.1.0 */
export const make: Effect.Effect<AssetsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { assets: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig
  const list = listing("Assets", operations["assets.list"], pageSize)

  const read =
    (projectId: IdInput<ProjectId>, filter: AssetFilter, sort: string | undefined): Read<Asset> =>
    (page, limit) =>
      Effect.map(
        client.list({
          path: { projectId: fromInput(projectId) },
          urlParams: { page, limit, filters: filters(filter), ...(sort === undefined ? {} : { sort }) }
        }),
        ({ data }) => ({ items: data.assets, total: data.total })
      )

  return {
    page: (projectId, options = {}) => list.page(read(projectId, options, options.sort), options),
    pages: (projectId, filter = {}) => list.pages(read(projectId, filter, oldestFirst)),
    stream: (projectId, filter = {}) => list.stream(read(projectId, filter, oldestFirst)),
    collect: (projectId, { limit, ...filter }) => list.collect(read(projectId, filter, oldestFirst), limit)
  }
})

/**
 * The assets of Ango Hub.
 *
 * @since 0.1.0
 */
export class Assets extends Context.Tag("effect-ango/Assets")<Assets, AssetsService>() {
  static readonly layer: Layer.Layer<Assets, never, AngoClient | AngoConfig> = Layer.effect(Assets, make)
}
