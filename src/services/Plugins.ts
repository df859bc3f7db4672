/**
 * Plugins: what a running plugin tells the hub. Low level: two generations of the API have two forms of each
 * message, and this service sends the one it is given.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type { CallError } from "../AngoError.js"
import { operations } from "../api/Operations.js"
import { decodeFree } from "../internal/decodeFree.js"
import { given } from "../internal/given.js"
import { AngoClient } from "../layers/AngoClient.js"
import { type BatchId, fromInput, type IdInput, type ProjectId, type StorageId } from "../schemas/Id.js"
import type { PluginLog, PluginReceipt, PluginResponse } from "../schemas/Plugin.js"

/**
 * Where in a storage to look, or what to take from it into a project.
 *
 * @since 0.1.0
 */
export interface FileExplorerQuery {
  readonly bucket: string
  readonly storageId: IdInput<StorageId>
  readonly folder?: string | undefined
  /** Files to take, when `upload` is true. */
  readonly files?: ReadonlyArray<string> | undefined
  /** Whether to take the files into the project instead of listing them. */
  readonly upload?: boolean | undefined
  readonly projectId?: IdInput<ProjectId> | undefined
  /** The token of the answer before, to go on listing. */
  readonly scrollToken?: string | undefined
  /** Ids of the batches that the files go into. */
  readonly batches?: ReadonlyArray<IdInput<BatchId>> | undefined
  readonly extensions?: ReadonlyArray<string> | undefined
}

/** @since 0.1.0 */
export interface PluginsService {
  /**
   * Hands in a plugin's result (`POST /pluginResponse`), in the SDK's form (`response`, `session`) or in the
   * newest documents' (`pluginId`, `taskId`, `response`, `status`). Fails with `InvalidRequest` before any request
   * when it is neither.
   */
  readonly respond: (response: PluginResponse) => Effect.Effect<PluginReceipt, CallError>

  /**
   * Writes a line to a plugin's log (`POST /pluginLog`), in the SDK's form (`level`, `organization`, `pluginId`,
   * `runBy`, `session`, `msg`) or in the newest documents' (`pluginId`, `level`, `message`). Fails with
   * `InvalidRequest` before any request when it is neither.
   */
  readonly log: (line: PluginLog) => Effect.Effect<PluginReceipt, CallError>

  /**
   * Looks into a storage through its file explorer plugin, or takes files from there (`POST /file-explorer`). No
   * document shows the answer: it comes as unknown JSON, or decoded by a `schema` of yours, with `DecodeError`
   * when it does not fit.
   */
  readonly fileExplorer: {
    (query: FileExplorerQuery): Effect.Effect<unknown, CallError>
    <A, I>(query: FileExplorerQuery & { readonly schema: Schema.Schema<A, I> }): Effect.Effect<A, CallError>
  }
}

/** @since 0.1.0 */
export const make: Effect.Effect<PluginsService, never, AngoClient> = Effect.gen(function* () {
  const { plugins: client } = yield* AngoClient

  const fileExplorer = Effect.fn("Plugins.fileExplorer")(function* (
    query: FileExplorerQuery & { readonly schema?: Schema.Schema<unknown, unknown> }
  ) {
    const { batches, bucket, extensions, files, folder, projectId, schema, scrollToken, storageId, upload } =
      query
    const { data } = yield* client.fileExplorer({
      payload: {
        bucket,
        storageId: fromInput(storageId),
        ...given({
          folder,
          files,
          upload,
          projectId: projectId === undefined ? undefined : fromInput<ProjectId>(projectId),
          scrollToken,
          batches: batches?.map((id) => fromInput<BatchId>(id)),
          extensions
        })
      }
    })
    return yield* decodeFree(operations["plugins.fileExplorer"], data, schema)
  })

  return {
    respond: Effect.fn("Plugins.respond")(function* (response) {
      const { data } = yield* client.respond({ payload: response })
      return data.response ?? {}
    }),
    log: Effect.fn("Plugins.log")(function* (line) {
      const { data } = yield* client.log({ payload: line })
      return data.response ?? {}
    }),
    // The overloads say what the schema makes of the answer, which the one implementation cannot.
    fileExplorer: fileExplorer as PluginsService["fileExplorer"]
  }
})

/**
 * The plugin side of Ango Hub.
 *
 * @since 0.1.0
 */
export class Plugins extends Context.Tag("effect-ango/Plugins")<Plugins, PluginsService>() {
  static readonly layer: Layer.Layer<Plugins, never, AngoClient> = Layer.effect(Plugins, make)
}
