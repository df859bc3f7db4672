/**
 * Assets: list and stream the files of a project, import, sync and delete them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { AssetsApi } from "../api/assets.js"
import { BatchesApi } from "../api/batches.js"
import { ProjectsApi } from "../api/projects.js"
import { makeAssetLookup } from "../bulk/assetLookup.js"
import { type AssetSyncMethods, makeAssetSync } from "../bulk/writers/assetSync.js"
import { type CloudImportMethods, makeCloudImport } from "../bulk/writers/cloudImport.js"
import type {
  CallError,
  FilterNotApplied,
  ListError,
  ListTooLong,
  UnknownBatch
} from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import {
  AssetConditions,
  type AssetFilter,
  checkAssetFilter,
  toAssetFilters,
  toAssetRowConditions
} from "../filters/assetQuery.js"
import { findConditionBatches, makeBatchResolver } from "../filters/batchNames.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { makeListMethods, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
import type { Asset } from "../schemas/Asset.js"
import { ChatForm, Conversation, type ImportCounts, maxConversations } from "../schemas/AssetImport.js"
import {
  type AssetId,
  fromInput,
  type IdInput,
  type LlmId,
  type ProjectId,
  type StorageId
} from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

export type { AssetFilter } from "../filters/assetQuery.js"

/**
 * Conversations to import: a `file` with an array of them, a list of `conversations`, or a `count` of empty ones to
 * create. At least one of the three is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface ChatImport {
  /** A JSON file with an array of conversations, as the vendor's SDK sends it. Takes precedence over `count`. */
  readonly file?: File | undefined
  /** 1 to 10,000 conversations, sent as text in the form; not together with `file`. */
  readonly conversations?: ReadonlyArray<Conversation> | undefined
  /** How many empty conversations to create, 1 to 10,000. */
  readonly count?: number | undefined
  /** Id of the language model that answers in the conversations (`Llms.list` has the ids); without it none does. */
  readonly llm?: IdInput<LlmId> | undefined
  /** How the API names the assets; default `random`. */
  readonly namingStrategy?: string | undefined
  /** Id of the storage for the files. */
  readonly storage?: IdInput<StorageId> | undefined
  /** A bucket of the storage. */
  readonly bucket?: string | undefined
  /** Priority of the tasks, a whole number from -1000 to 1000, higher first; default 0. */
  readonly priority?: number | undefined
  /** Names or ids of the batches of the assets. */
  readonly batches?: ReadonlyArray<string> | undefined
}

/**
 * The result of an import: the counts of the API, or the sentence (`message`) that older versions of it return.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssetImportResult extends ImportCounts {
  /** The sentence of an older API. */
  readonly message?: string
}

/**
 * The methods of {@link Assets}.
 *
 * @category services
 * @since 0.1.0
 */
export interface AssetsService extends CloudImportMethods, AssetSyncMethods {
  /**
   * Reads one page of a project's assets (`GET /project/{projectId}/assets`), newest first unless `sort` is given.
   * Like all lists of assets, it fails with `UnknownBatch` if a batch of the filter does not exist, and with
   * `InvalidRequest` before any request if a condition is invalid.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.PageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<Asset, Policy>>, CallError | FilterNotApplied | UnknownBatch>

  /**
   * Streams all assets of a project page by page (`GET /project/{projectId}/assets`), oldest first, each asset once.
   * Pages are requested ahead (`prefetch`). If the list changed during the scan, ranges that may be incomplete are
   * read again. Fails with `IncompleteListing` if assets may still be missing.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<Asset, Policy>>, ListError | UnknownBatch>

  /** Streams all assets of a project one by one, oldest first; like {@link AssetsService.pages}. */
  readonly stream: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options?: AssetFilter & List.ListOptions<Policy>
  ) => Stream.Stream<List.Row<Asset, Policy>, ListError | UnknownBatch>

  /**
   * Collects all assets of a project in an array, oldest first. Fails with `ListTooLong` as soon as the first response
   * shows that there are more than `limit` assets.
   */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    projectId: IdInput<ProjectId>,
    options: AssetFilter & List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<Asset, Policy>>, ListError | ListTooLong | UnknownBatch>

  /**
   * Creates assets from conversations, or from empty ones (`POST /project/{projectId}/chat`, a form). Fails with
   * `InvalidRequest` before any request if there is nothing to import, if a file comes together with conversations,
   * or if there are more than 10,000 of them. Batches are those of `importFromCloud`.
   */
  readonly importChat: (
    projectId: IdInput<ProjectId>,
    chat: ChatImport
  ) => Effect.Effect<AssetImportResult, CallError | UnknownBatch>

  /**
   * Deletes assets and their tasks (`DELETE /project/{projectId}/assets`); the files stay in their storage. Fails with
   * `InvalidRequest` without an id.
   */
  readonly delete: (
    projectId: IdInput<ProjectId>,
    assets: ReadonlyArray<IdInput<AssetId>>
  ) => Effect.Effect<void, CallError>
}

const toResult = (assets: ImportCounts | string): AssetImportResult =>
  typeof assets === "string" ? { message: assets } : assets

const Conversations = Schema.Struct({
  conversations: Schema.optional(
    Open.atLeastOne(Conversation, "at least one conversation").pipe(
      Schema.maxItems(maxConversations, { title: `at most ${maxConversations} conversations` })
    )
  ),
  count: Schema.optional(
    Schema.Number.pipe(
      Schema.int({ title: "a whole number" }),
      Schema.between(1, maxConversations, { title: `1 to ${maxConversations} conversations` })
    )
  )
})

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<AssetsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const clients = (yield* AngoClient).use(AssetsApi, BatchesApi, ProjectsApi)
  const { budget, lists, assets: client } = clients
  const { pageSize } = yield* AngoConfig
  const operation = AssetsApi.operations.list

  const source = (
    projectId: IdInput<ProjectId>,
    filter: AssetFilter,
    sort: string | undefined
  ): Effect.Effect<Source<Asset, FilterNotApplied>, CallError | UnknownBatch> =>
    validateInput(operation, AssetConditions, filter, () => checkAssetFilter(filter)).pipe(
      Effect.zipRight(
        findConditionBatches(
          operation,
          clients,
          projectId,
          filter.batches,
          "assets of every batch, or of none"
        )
      ),
      Effect.map((batches) => {
        const filters = toAssetFilters({ ...filter, batches: batches?.map(({ id }) => id) })
        return {
          fetchPage: (page, limit) =>
            lists.assets.ask({
              path: { projectId: fromInput(projectId) },
              urlParams: omitUndefined({ page, limit, filters, sort })
            }),
          decode: lists.assets.decode,
          membershipChanges: List.hasConditions(filters),
          check: makeRowCheck(operation, toAssetRowConditions(filter, batches ?? [])),
          key: [projectId, filters]
        }
      })
    )

  const methods = makeListMethods<
    IdInput<ProjectId>,
    AssetFilter,
    Asset,
    CallError | UnknownBatch,
    FilterNotApplied
  >(
    { service: "Assets", operation, pageSize, budget },
    {
      page: (projectId, options) => source(projectId, options, options.sort),
      all: (projectId, filter) => source(projectId, filter, List.oldestFirst)
    }
  )

  const lookup = makeAssetLookup(clients, pageSize)

  const importFromCloud = makeCloudImport(clients, lookup)
  return {
    ...methods,

    importFromCloud,
    ...makeAssetSync(clients, { importFromCloud, lookup, stream: methods.stream }),

    importChat: Effect.fn("Assets.importChat")(function* (projectId, chat) {
      const operation = AssetsApi.operations.importChat
      const {
        batches = [],
        bucket,
        conversations,
        count,
        file,
        llm,
        namingStrategy,
        priority,
        storage
      } = chat
      if (file === undefined && conversations === undefined && count === undefined) {
        return yield* invalidRequest(
          operation,
          "count",
          "Expected a file, conversations, or a count of empty conversations."
        )
      }
      if (file !== undefined && conversations !== undefined) {
        return yield* invalidRequest(
          operation,
          "conversations",
          "Expected either a file or conversations, not both."
        )
      }
      yield* validateInput(operation, Schema.typeSchema(Conversations), { conversations, count })
      const fields = yield* validateInput(
        operation,
        Schema.typeSchema(ChatForm),
        omitUndefined({
          projectId,
          priority: priority ?? 0,
          storageId: storage,
          bucket,
          numberOfConversations: count ?? 0,
          namingStrategy: { type: namingStrategy ?? "random" },
          llmConfig: llm === undefined ? undefined : { id: llm },
          conversations
        })
      )
      const idOf = yield* makeBatchResolver(operation, clients, projectId, batches)
      // Validated fields can always be encoded.
      const texts = yield* Effect.orDie(
        Schema.encode(ChatForm)(batches.length === 0 ? fields : { ...fields, batches: batches.map(idOf) })
      )
      const form = new FormData()
      for (const [name, text] of Object.entries(texts)) form.append(name, text)
      if (file !== undefined) form.append("file", file)
      const { data } = yield* client.importChat({
        path: { projectId: fromInput(projectId) },
        payload: form
      })
      return toResult(data.assets)
    }),

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
 * The assets of a project: list, import, sync and delete them.
 *
 * @category services
 * @since 0.1.0
 */
export class Assets extends Context.Tag("effect-ango/Assets")<Assets, AssetsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Assets, never, AngoClient | AngoConfig> = Layer.effect(Assets, make)
}
