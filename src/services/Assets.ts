/**
 * Assets: list and stream the files of a project, import and delete them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import { assetLookup } from "../bulk/assetLookup.js"
import type { RowOutcome } from "../bulk/RowOutcome.js"
import type { DesiredAsset, SyncPlan } from "../bulk/SyncPlan.js"
import {
  type AssetImportResult,
  type ChatImport,
  type CloudAssetInput,
  type CloudImportOptions,
  makeAssetImport
} from "../bulk/writers/assetImport.js"
import {
  makeAssetSync,
  type SyncedAsset,
  type SyncOptions,
  type SyncPlanOptions
} from "../bulk/writers/assetSync.js"
import type { ImportError, ImportedAsset, ImportRowError } from "../bulk/writers/cloudImport.js"
import type { CallError, ListError, ListTooLong, RowRejected, UnknownBatch } from "../errors/AngoError.js"
import { type AssetFilter, Conditions, filters, problemOf } from "../filters/assetQuery.js"
import { condition } from "../filters/batchFilter.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { listing, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import type { Asset } from "../schemas/Asset.js"
import { type AssetId, fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import { omitUndefined } from "../utils/omitUndefined.js"

export type { AssetFilter } from "../filters/assetQuery.js"

/** @since 0.1.0 */
export interface AssetsService {
  /**
   * One page of a project's assets (`GET /project/{projectId}/assets`), newest first unless sorted otherwise. Fails
   * with `UnknownBatch` when the project has no such batch, as all lists of assets do.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.PageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<Asset, Policy>>, CallError | UnknownBatch>

  /**
   * All assets of a project, page by page, oldest first. Every asset comes once; the stream ends in
   * `IncompleteListing` when the list, changed by others meanwhile, cannot be shown to be whole.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<Asset, Policy>>, ListError | UnknownBatch>

  /** All assets of a project, one by one, oldest first; as {@link AssetsService.pages} otherwise. */
  readonly stream: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.Row<Asset, Policy>, ListError | UnknownBatch>

  /**
   * All assets of a project in an array of at most `limit`; a longer list fails with `ListTooLong` and is not
   * read.
   */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options: AssetFilter & List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<Asset, Policy>>, ListError | ListTooLong | UnknownBatch>

  /**
   * Makes assets, and a task for each, of files that are in a storage already
   * (`POST /project/{projectId}/cloud`): rows in, from a stream or anything iterable, and one outcome for each row
   * out, in their order. See `RowOutcome`.
   *
   * Rows go in chunks. Each chunk is looked up by its external ids first (`GET /project/{projectId}/assets`, about a
   * hundred to a request once the hub has shown that it understands that), unless duplicates are allowed. One that the hub refuses is halved until the offending rows
   * are known, and the others go through. One that it takes in part, or of which the answer is lost, is read back by
   * its external ids and never sent again before that: what is not there is `Failed`, `retryable`, and for the next
   * run. With a ledger an asset is made exactly once, however often the program is killed and run again, as long as
   * one process at a time imports and the hub's reads show its writes. Rows without an external id cannot be read
   * back: after a lost answer they are `Unknown`.
   *
   * Batches are looked up once for the whole import (`GET /project/{projectId}`, only when some are given). One of the
   * options that is not there fails the whole with `UnknownBatch`, before any other request; one of a row that row.
   *
   * The stream fails, after the outcomes that are known, with what no other row could escape: a bad option
   * (`InvalidRequest`), a key or a project that the hub does not take, five requests in a row that failed for reasons
   * that may pass, fifty rows refused in a row, or a ledger that cannot be written.
   *
   * Memory holds a few chunks, and of each row its key with about a hundred bytes.
   *
   * @example
   * ```ts
   * import { Assets, RowOutcome } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const imported = Effect.gen(function*() {
   *   const assets = yield* Assets
   *   return yield* assets.importFromCloud(
   *     "65aa0000000000000000a001",
   *     [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }],
   *     { batches: ["Week 1"], priority: 10 }
   *   ).pipe(Stream.run(RowOutcome.summarize))
   * })
   * ```
   */
  readonly importFromCloud: {
    (
      projectId: IdInput<ProjectId>,
      rows: Iterable<CloudAssetInput>,
      options?: CloudImportOptions
    ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, ImportError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      rows: Stream.Stream<CloudAssetInput, E, R>,
      options?: CloudImportOptions
    ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, E | ImportError, R>
  }

  /**
   * Makes assets of conversations, or of empty ones that are to be held (`POST /project/{projectId}/chat`, a
   * form). Nothing to import, a file together with conversations, or more than 10,000 of them is an
   * `InvalidRequest`; batches as in {@link AssetsService.importFromCloud}.
   */
  readonly importChat: (
    projectId: IdInput<ProjectId>,
    chat: ChatImport
  ) => Effect.Effect<AssetImportResult, CallError | UnknownBatch>

  /**
   * What has to be done for a project to have the assets that are wanted, and no others if `delete` says so: reads the
   * project's assets once (`GET /project/{projectId}/assets`), compares external ids to the letter, and changes
   * nothing. Print the plan (`SyncPlan.format`), and give it to {@link AssetsService.sync}.
   *
   * Fails with `InvalidRequest` for a row without an external id, with `DuplicateRow` for two of one external id and
   * different content, and with `IncompleteListing` when it is not known that all assets were seen: nothing is ever
   * deleted because of a reading that was incomplete. Memory holds the wanted rows and the plan.
   */
  readonly planSync: {
    (
      projectId: IdInput<ProjectId>,
      wanted: Iterable<DesiredAsset>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, ListError | UnknownBatch | RowRejected>
    <E, R>(
      projectId: IdInput<ProjectId>,
      wanted: Stream.Stream<DesiredAsset, E, R>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, E | ListError | UnknownBatch | RowRejected, R>
  }

  /**
   * Carries out a plan: makes what is to be made, as {@link AssetsService.importFromCloud} does, then deletes what is
   * to be deleted (`DELETE /project/{projectId}/assets`), one outcome for each. What others have made meanwhile is
   * looked up first and not made twice (`Skipped`, `exists`), what they have deleted is `Skipped` (`gone`): it is safe to
   * run again. A deleted asset is `Updated`. A plan that deletes more than `maxDeletes` is an `InvalidRequest` before
   * any request.
   *
   * @example
   * ```ts
   * import { Assets, RowOutcome, SyncPlan } from "effect-ango"
   * import { Console, Effect, Stream } from "effect"
   *
   * const synced = Effect.gen(function*() {
   *   const assets = yield* Assets
   *   const wanted = [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]
   *   const plan = yield* assets.planSync("65aa0000000000000000a001", wanted, { delete: true })
   *   yield* Console.log(SyncPlan.format(plan))
   *   return yield* assets.sync("65aa0000000000000000a001", plan, { maxDeletes: 10 }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly sync: (
    projectId: IdInput<ProjectId>,
    plan: SyncPlan,
    options?: SyncOptions
  ) => Stream.Stream<RowOutcome<SyncedAsset, ImportRowError>, ImportError>

  /**
   * Deletes assets, with their tasks (`DELETE /project/{projectId}/assets`); the files stay in their storage. At
   * least one id, else `InvalidRequest`.
   */
  readonly delete: (
    projectId: IdInput<ProjectId>,
    assets: ReadonlyArray<IdInput<AssetId>>
  ) => Effect.Effect<void, CallError>
}

/** @since 0.1.0 */
export const make: Effect.Effect<AssetsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const clients = yield* AngoClient
  const { budget, lists, assets: client } = clients
  const { pageSize } = yield* AngoConfig
  const operation = operations["assets.list"]
  const list = listing({ service: "Assets", operation, pageSize, budget })

  // A list of assets, once the batches are known by their ids.
  const source = (
    projectId: IdInput<ProjectId>,
    filter: AssetFilter,
    sort: string | undefined
  ): Effect.Effect<Source<Asset>, CallError | UnknownBatch> =>
    validateInput(operation, Conditions, filter, () => problemOf(filter)).pipe(
      Effect.zipRight(
        condition(operation, clients, projectId, filter.batches, "assets of every batch, or of none")
      ),
      Effect.map((batches) => {
        const conditions = filters({ ...filter, batches })
        return {
          ask: (page, limit) =>
            lists.assets.ask({
              path: { projectId: fromInput(projectId) },
              urlParams: omitUndefined({ page, limit, filters: conditions, sort })
            }),
          decode: lists.assets.decode,
          changes: List.isConditional(conditions),
          of: [projectId, conditions]
        }
      })
    )

  const whole = <Policy extends List.RowPolicy>(
    projectId: IdInput<ProjectId>,
    options: AssetFilter & List.ListOptions<Policy>
  ) =>
    Effect.zipRight(
      validateInput(operation, List.Listing, options),
      source(projectId, options, List.oldestFirst)
    )

  const lookup = assetLookup(clients, pageSize)

  const imports = makeAssetImport(clients, lookup)
  const all = (projectId: IdInput<ProjectId>) =>
    Stream.unwrap(Effect.map(whole(projectId, {}), (some) => list.stream(some, {})))

  return {
    page: (projectId, options = {}) =>
      validateInput(operation, List.Paging, options).pipe(
        Effect.zipRight(source(projectId, options, options.sort)),
        Effect.flatMap((some) => list.page(some, options))
      ),
    pages: (projectId, options = {}) =>
      Stream.unwrap(Effect.map(whole(projectId, options), (all) => list.pages(all, options))),
    stream: (projectId, options = {}) =>
      Stream.unwrap(Effect.map(whole(projectId, options), (all) => list.stream(all, options))),
    collect: (projectId, options) =>
      Effect.flatMap(whole(projectId, options), (all) => list.collect(all, options)),

    ...imports,
    ...makeAssetSync(clients, { ...imports, lookup, stream: all }),

    delete: Effect.fn("Assets.delete")(function* (projectId, assets) {
      const project = fromInput(projectId)
      yield* client.delete({
        path: { projectId: project },
        payload: { project, assets: assets.map(fromInput) }
      })
    })
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
