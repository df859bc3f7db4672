/**
 * Plugins: what a running plugin tells the hub. Low level: two generations of the API have two forms of each
 * message, and this service sends the one it is given.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { operations } from "../api/operations.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import type { CallError, InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { type BatchReads, resolve } from "../filters/batchFilter.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { type BatchId, type IdInput, ProjectId, StorageId } from "../schemas/ids.js"
import type { PluginLog, PluginReceipt, PluginResponse } from "../schemas/Plugin.js"
import { omitUndefined } from "../utils/omitUndefined.js"

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
  /** The batches of the project that the files go into, by name or by id. */
  readonly batches?: ReadonlyArray<string> | undefined
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
   *
   * Batches are looked up first (`GET /project/{projectId}`, only when some are given), and one that is not there
   * fails with `UnknownBatch`. They are a project's: without a `projectId` they are an `InvalidRequest`.
   */
  readonly fileExplorer: {
    (query: FileExplorerQuery): Effect.Effect<unknown, CallError | UnknownBatch>
    <A, I>(
      query: FileExplorerQuery & { readonly schema: Schema.Schema<A, I> }
    ): Effect.Effect<A, CallError | UnknownBatch>
  }
}

// What has to be usable before batches are looked up.
const Place = Schema.Struct({ storageId: StorageId, projectId: Schema.optional(ProjectId) })

const batchIds = (
  client: BatchReads,
  projectId: ProjectId | undefined,
  batches: ReadonlyArray<string> | undefined
): Effect.Effect<ReadonlyArray<BatchId> | undefined, CallError | InvalidRequest | UnknownBatch> => {
  const operation = operations["plugins.fileExplorer"]
  // An empty list is no condition here, and says what leaving it out says: no batch.
  if (batches === undefined || batches.length === 0) return Effect.succeed(batches && [])
  return projectId === undefined
    ? Effect.fail(invalidRequest(operation, "batches", "Batches are a project's: give its projectId too."))
    : resolve(operation, client, projectId, batches)
}

/** @since 0.1.0 */
export const make: Effect.Effect<PluginsService, never, AngoClient> = Effect.gen(function* () {
  const clients = yield* AngoClient
  const { plugins: client } = clients

  const fileExplorer = Effect.fn("Plugins.fileExplorer")(function* (
    query: FileExplorerQuery & { readonly schema?: Schema.Schema<unknown, unknown> }
  ) {
    const operation = operations["plugins.fileExplorer"]
    const { batches, bucket, extensions, files, folder, schema, scrollToken, upload } = query
    const { projectId, storageId } = yield* validateInput(operation, Schema.typeSchema(Place), {
      storageId: query.storageId,
      projectId: query.projectId
    })
    const { data } = yield* client.fileExplorer({
      payload: {
        bucket,
        storageId,
        ...omitUndefined({
          folder,
          files,
          upload,
          projectId,
          scrollToken,
          batches: yield* batchIds(clients, projectId, batches),
          extensions
        })
      }
    })
    return yield* decodeWithCallerSchema(operation, data, schema)
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
