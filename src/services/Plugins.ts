/**
 * Plugins: the endpoints that a running plugin calls. Low level: each message has two forms, an older and a newer
 * one, and this service sends the form it is given.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { BatchesApi } from "../api/batches.js"
import { PluginsApi } from "../api/plugins.js"
import { ProjectsApi } from "../api/projects.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import type { CallError, InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { type BatchClient, resolveBatches } from "../filters/batchNames.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { type BatchId, type IdInput, ProjectId, StorageId } from "../schemas/ids.js"
import type { PluginLog, PluginReceipt, PluginResponse } from "../schemas/Plugin.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * The folder of a storage to list, or the files to import from it.
 *
 * @category options
 * @since 0.1.0
 */
export interface FileExplorerQuery {
  /** The bucket. */
  readonly bucket: string
  /** Id of the storage. */
  readonly storageId: IdInput<StorageId>
  /** The folder; default the top. */
  readonly folder?: string | undefined
  /** The files to import if `upload` is true. */
  readonly files?: ReadonlyArray<string> | undefined
  /** Whether to import the files into the project instead of listing them. */
  readonly upload?: boolean | undefined
  /** Id of the project; required with `batches`. */
  readonly projectId?: IdInput<ProjectId> | undefined
  /** The token of the previous response, for the next part of a list. */
  readonly scrollToken?: string | undefined
  /** Names or ids of the batches to import the files into. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** File extensions to list. */
  readonly extensions?: ReadonlyArray<string> | undefined
}

/**
 * The methods of {@link Plugins}.
 *
 * @category services
 * @since 0.1.0
 */
export interface PluginsService {
  /**
   * Sends the result of a plugin (`POST /pluginResponse`), in the SDK's form (`response`, `session`) or in the form
   * of the newest documentation (`pluginId`, `taskId`, `response`, `status`). Fails with `InvalidRequest` before any
   * request if it has neither form.
   */
  readonly respond: (response: PluginResponse) => Effect.Effect<PluginReceipt, CallError>

  /**
   * Writes a line to the log of a plugin (`POST /pluginLog`), in the SDK's form (`level`, `organization`, `pluginId`,
   * `runBy`, `session`, `msg`) or in the form of the newest documentation (`pluginId`, `level`, `message`). Fails with
   * `InvalidRequest` before any request if it has neither form.
   */
  readonly log: (line: PluginLog) => Effect.Effect<PluginReceipt, CallError>

  /**
   * Lists a folder of a storage with the file explorer plugin, or imports files from it (`POST /file-explorer`). The
   * response is undocumented: it is returned as unknown JSON, or decoded with your `schema`, which fails with
   * `DecodeError` if it does not match.
   *
   * Batches, if any, are looked up first (`GET /project/{projectId}`); one that does not exist fails with
   * `UnknownBatch`. Batches without a `projectId` fail with `InvalidRequest` before any request.
   */
  readonly fileExplorer: {
    (query: FileExplorerQuery): Effect.Effect<unknown, CallError | UnknownBatch>
    <A, I>(
      query: FileExplorerQuery & { readonly schema: Schema.Schema<A, I> }
    ): Effect.Effect<A, CallError | UnknownBatch>
  }
}

// Validated before batches are looked up.
const Location = Schema.Struct({ storageId: StorageId, projectId: Schema.optional(ProjectId) })

const resolveOptionalBatches = (
  client: BatchClient,
  projectId: ProjectId | undefined,
  batches: ReadonlyArray<string> | undefined
): Effect.Effect<ReadonlyArray<BatchId> | undefined, CallError | InvalidRequest | UnknownBatch> => {
  const operation = PluginsApi.operations.fileExplorer
  // Files are imported into these batches: an empty list means no batch, as an absent one does.
  if (batches === undefined || batches.length === 0) return Effect.succeed(batches && [])
  return projectId === undefined
    ? Effect.fail(
        invalidRequest(operation, "batches", "Batches belong to a project. Give its projectId as well.")
      )
    : resolveBatches(operation, client, projectId, batches)
}

/**
 * Makes the service from the client of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<PluginsService, never, AngoClient> = Effect.gen(function* () {
  const clients = (yield* AngoClient).use(PluginsApi, BatchesApi, ProjectsApi)
  const { plugins: client } = clients

  const fileExplorer = Effect.fn("Plugins.fileExplorer")(function* (
    query: FileExplorerQuery & { readonly schema?: Schema.Schema<unknown, unknown> }
  ) {
    const operation = PluginsApi.operations.fileExplorer
    const { batches, bucket, extensions, files, folder, schema, scrollToken, upload } = query
    const { projectId, storageId } = yield* validateInput(operation, Schema.typeSchema(Location), {
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
          batches: yield* resolveOptionalBatches(clients, projectId, batches),
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
    // The result type depends on the schema, which overloads express and one implementation cannot.
    fileExplorer: fileExplorer as PluginsService["fileExplorer"]
  }
})

/**
 * The endpoints that a running plugin calls.
 *
 * @category services
 * @since 0.1.0
 */
export class Plugins extends Context.Tag("effect-ango/Plugins")<Plugins, PluginsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Plugins, never, AngoClient> = Layer.effect(Plugins, make)
}
