/**
 * Assets: list and stream the files of a project, import and delete them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import { makeAssetLookup } from "../bulk/assetLookup.js"
import { type AssetSyncMethods, makeAssetSync } from "../bulk/writers/assetSync.js"
import { type CloudImportMethods, makeCloudImport } from "../bulk/writers/cloudImport.js"
import type { CallError, ListError, ListTooLong, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { type AssetFilter, Conditions, filters, problemOf } from "../filters/assetQuery.js"
import { condition, resolver } from "../filters/batchFilter.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { listing, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import type { Asset } from "../schemas/Asset.js"
import { ChatForm, Conversation, type ImportCounts, maxConversations } from "../schemas/AssetImport.js"
import { type AssetId, fromInput, type IdInput, type ProjectId, type StorageId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

export type { AssetFilter } from "../filters/assetQuery.js"

/**
 * Conversations to import: a `file`, a list of `conversations`, or a `count` of empty ones.
 *
 * @category models
 * @since 0.1.0
 */
export interface ChatImport {
  /** A JSON file with an array of conversations, as the vendor's SDK sends it. It takes precedence over `count`. */
  readonly file?: File | undefined
  /** 1 to 10,000. Not together with a file. */
  readonly conversations?: ReadonlyArray<Conversation> | undefined
  /** 1 to 10,000. */
  readonly count?: number | undefined
  /** The id of the model that answers; by default none does. */
  readonly llm?: string | undefined
  /** How the hub names the assets; default `random`. */
  readonly namingStrategy?: string | undefined
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
  /** -1000 to 1000, default 0; higher comes first. */
  readonly priority?: number | undefined
  /** By name or id. */
  readonly batches?: ReadonlyArray<string> | undefined
}

/**
 * The result of an import: the counts of the hub, or the `message` of an old hub.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssetImportResult extends ImportCounts {
  readonly message?: string
}

/** @since 0.1.0 */
export interface AssetsService extends CloudImportMethods, AssetSyncMethods {
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
   * Makes assets of conversations, or of empty ones that are to be held (`POST /project/{projectId}/chat`, a
   * form). Nothing to import, a file together with conversations, or more than 10,000 of them is an
   * `InvalidRequest`; batches as in `importFromCloud`.
   */
  readonly importChat: (
    projectId: IdInput<ProjectId>,
    chat: ChatImport
  ) => Effect.Effect<AssetImportResult, CallError | UnknownBatch>

  /**
   * Deletes assets, with their tasks (`DELETE /project/{projectId}/assets`); the files stay in their storage. At
   * least one id, else `InvalidRequest`.
   */
  readonly delete: (
    projectId: IdInput<ProjectId>,
    assets: ReadonlyArray<IdInput<AssetId>>
  ) => Effect.Effect<void, CallError>
}

const toResult = (assets: ImportCounts | string): AssetImportResult =>
  typeof assets === "string" ? { message: assets } : assets

const Chat = Schema.Struct({
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

  const lookup = makeAssetLookup(clients, pageSize)

  const importFromCloud = makeCloudImport(clients, lookup)
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

    importFromCloud,
    ...makeAssetSync(clients, { importFromCloud, lookup, stream: all }),

    importChat: Effect.fn("Assets.importChat")(function* (projectId, chat) {
      const operation = operations["assets.importChat"]
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
          "Expected a file, conversations, or a count of empty ones."
        )
      }
      if (file !== undefined && conversations !== undefined) {
        return yield* invalidRequest(
          operation,
          "conversations",
          "Expected either a file or conversations, not both."
        )
      }
      yield* validateInput(operation, Schema.typeSchema(Chat), { conversations, count })
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
      const idOf = yield* resolver(operation, clients, projectId, batches)
      // Valid fields can be encoded.
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
 * The assets of Ango Hub.
 *
 * @since 0.1.0
 */
export class Assets extends Context.Tag("effect-ango/Assets")<Assets, AssetsService>() {
  static readonly layer: Layer.Layer<Assets, never, AngoClient | AngoConfig> = Layer.effect(Assets, make)
}
