/**
 * How assets come into a project: the part of the service `Assets` that imports.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { operations } from "../../api/operations.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { resolver } from "../../filters/batchFilter.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import {
  ChatForm,
  type CloudAsset,
  Conversation,
  type ImportCounts,
  maxConversations
} from "../../schemas/AssetImport.js"
import { fromInput, type IdInput, type StorageId } from "../../schemas/ids.js"
import * as Open from "../../schemas/open.js"
import type { AssetsService } from "../../services/Assets.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import type { BulkOptions } from "../engine/writer.js"
import { cloudImport } from "./cloudImport.js"

/**
 * A file to import: `data` (its URL in a storage, `storage/folder` for point clouds, or the text itself) or, for
 * an asset of several pages, `dataset`, the URLs in order.
 *
 * @since 0.1.0
 */
export interface CloudAssetInput {
  readonly data?: string | undefined
  readonly dataset?: ReadonlyArray<string> | undefined
  /** Your own name for it; need not be unique. */
  readonly externalId?: string | undefined
  /** The private storage that the file is in; by default that of the options. */
  readonly storage?: IdInput<StorageId> | undefined
  /** By name or by id; these count instead of those of the options. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** Whatever exports shall give back with the asset. */
  readonly contextData?: Readonly<Record<string, unknown>> | undefined
  /** Sizes in pixels; frames per second, which the hub takes to be 30 when they are missing. */
  readonly metadata?: CloudAsset["metadata"] | undefined
  readonly attachments?: CloudAsset["attachments"] | undefined
  /** `pct` for 3D point clouds. */
  readonly editorType?: string | undefined
  /** Answers that the asset brings along. */
  readonly classifications?: CloudAsset["classifications"] | undefined
}

/**
 * What holds for all files of an import, and how it goes.
 *
 * @since 0.1.0
 */
export interface CloudImportOptions extends BulkOptions {
  /** By name or by id. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The private storage that the files are in. */
  readonly storage?: IdInput<StorageId> | undefined
  /** -1000 to 1000, default 0; tasks with a higher one come first. */
  readonly priority?: number | undefined
  /** Whether you uploaded the files yourself, to links of `Uploads.uploadUrl`; not sent by default. */
  readonly uploadLocal?: boolean | undefined
  /** Rows per request, 1 to 10,000; default 1000. */
  readonly chunk?: number | undefined
  /**
   * What becomes of a row whose external id, compared to the letter, is that of an asset of the project, or of a row
   * before it:
   *
   * - `"skip"` (default): it is `Skipped`, and not sent; another row of the same external id and another content in
   *   the same input is `Failed` with `DuplicateRow`.
   * - `"refuse"`: it is `Failed` with `DuplicateRow` when the project has it, and as under `"skip"` in the input.
   * - `"allow"`: it makes another asset. Nothing is looked up; a row of which the answer was lost stays `Unknown`.
   */
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  /**
   * Whether the new assets are read back for their ids, which the hub's answer does not tell; default `true`, and
   * `false` saves a request for every hundred rows or so. Not under `duplicates: "allow"`.
   */
  readonly readBackIds?: boolean | undefined
  /**
   * Runs after each request that the hub took, with what it counted of its rows: assets, tasks, and the answers that
   * they brought along, all and valid ones. Old hubs count nothing.
   */
  readonly onResponse?: ((counts: ImportCounts) => Effect.Effect<void>) | undefined
}

/**
 * Conversations to import: a `file` of them, a list of `conversations`, or how many empty ones are to be held
 * (`count`).
 *
 * @since 0.1.0
 */
export interface ChatImport {
  /** A JSON file with an array of conversations, which is what the vendor's SDK sends; `count` yields to it. */
  readonly file?: File | undefined
  /** 1 to 10,000, sent as text in the form; not together with a file. */
  readonly conversations?: ReadonlyArray<Conversation> | undefined
  /** 1 to 10,000. */
  readonly count?: number | undefined
  /** The id of the model that answers; without one the conversations stay as they are. */
  readonly llm?: string | undefined
  /** How the hub names the assets; default `random`. */
  readonly namingStrategy?: string | undefined
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
  /** -1000 to 1000, default 0; tasks with a higher one come first. */
  readonly priority?: number | undefined
  /** By name or by id. */
  readonly batches?: ReadonlyArray<string> | undefined
}

/**
 * What an import made: the counts of the hub, or the sentence (`message`) with which old hubs answer.
 *
 * @since 0.1.0
 */
export interface AssetImportResult extends ImportCounts {
  readonly message?: string
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

/** The importing methods of `Assets`. */
export const makeAssetImport = (
  client: AngoClient["Type"],
  lookup: Lookup
): Pick<AssetsService, "importFromCloud" | "importChat"> => ({
  importFromCloud: cloudImport(client, lookup),

  importChat: Effect.fn("Assets.importChat")(function* (projectId, chat) {
    const operation = operations["assets.importChat"]
    const { batches = [], bucket, conversations, count, file, llm, namingStrategy, priority, storage } = chat
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
    const idOf = yield* resolver(operation, client, projectId, batches)
    // Fields that fit their schema have a text each.
    const texts = yield* Effect.orDie(
      Schema.encode(ChatForm)(batches.length === 0 ? fields : { ...fields, batches: batches.map(idOf) })
    )
    const form = new FormData()
    for (const [name, text] of Object.entries(texts)) form.append(name, text)
    if (file !== undefined) form.append("file", file)
    const { data } = yield* client.assets.importChat({
      path: { projectId: fromInput(projectId) },
      payload: form
    })
    return toResult(data.assets)
  })
})
