/**
 * Storages: the cloud buckets connected to an organization, and the files in them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { label } from "../api/operation.js"
import { StoragesApi } from "../api/storages.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import { type CallError, type FilterNotApplied, NotFound, type PaginationError } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import { toItemConditions } from "../filters/itemConditions.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import * as PageSizes from "../pagination/pageSizes.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
import { collectAll, type PageRequest } from "../pagination/stableScan.js"
import { fromInput, fromOptionalInput, type IdInput, type StorageId } from "../schemas/ids.js"
import type { Storage, StorageProvider } from "../schemas/Storage.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Selects storages.
 *
 * @category options
 * @since 0.1.0
 */
export interface StorageFilter {
  /** Id of the storage. */
  readonly id?: IdInput<StorageId> | undefined
}

/**
 * A bucket to connect, and its credentials. The credentials are `Redacted`, and responses never contain them.
 *
 * @category options
 * @since 0.1.0
 */
export interface NewStorage {
  /** The name of the storage, not empty. */
  readonly name: string
  /** `AWS`, `GCP` or `AZURE`. */
  readonly provider: StorageProvider
  /** The access key id (AWS) or the account name (Azure). */
  readonly publicKey?: Redacted.Redacted | undefined
  /** The secret access key (AWS) or the account key (Azure). */
  readonly privateKey?: Redacted.Redacted | undefined
  /** The region; `eu-central-1` by default, which the vendor's SDK sends too. */
  readonly region?: string | undefined
  /** The JSON key file of a service account (GCP). */
  readonly credentials?: Redacted.Redacted | undefined
}

/**
 * Selects files of a storage.
 *
 * @category options
 * @since 0.1.0
 */
export interface FileQuery {
  /** The bucket, not empty. */
  readonly bucketName: string
  /** The folder, without a leading slash; default the top. */
  readonly path?: string | undefined
  /** Whether to return a signed link for each file, which is a credential; default true, as in the vendor's SDK. */
  readonly getSignedUrls?: boolean | undefined
  /** Whether the API retries when the bucket is throttled; default true, as in the vendor's SDK. */
  readonly retryOnSlowDown?: boolean | undefined
}

/**
 * The methods of {@link Storages}.
 *
 * @category services
 * @since 0.1.0
 */
export interface StoragesService {
  /**
   * Lists all storages of the organization (`GET /storages`). The API returns no total, so the list is read again
   * until two passes match; it fails with `PaginationError` if none do in 20 passes.
   */
  readonly list: () => Effect.Effect<ReadonlyArray<Storage>, CallError | PaginationError>

  /** Reads one page of the storages (`GET /storages`); by default the first page of 10. */
  readonly page: (
    options?: StorageFilter & PageRequest
  ) => Effect.Effect<ReadonlyArray<Storage>, CallError | FilterNotApplied>

  /** Reads one storage (`GET /storages?_id=`). Fails with `NotFound` if the list has no storage with the id. */
  readonly get: (storageId: IdInput<StorageId>) => Effect.Effect<Storage, CallError>

  /**
   * Connects a bucket, and returns the storage (`POST /storages/`). Fails with `InvalidRequest` before any request if
   * the name is empty or the provider is unknown.
   *
   * @example
   * ```ts
   * import { Storages } from "effect-ango"
   * import { Config, Effect } from "effect"
   *
   * const connected = Effect.gen(function*() {
   *   const storages = yield* Storages
   *   return yield* storages.create({
   *     name: "Dash-cam archive",
   *     provider: "AWS",
   *     publicKey: yield* Config.redacted("AWS_ACCESS_KEY_ID"),
   *     privateKey: yield* Config.redacted("AWS_SECRET_ACCESS_KEY"),
   *     region: "eu-central-1"
   *   })
   * })
   * ```
   */
  readonly create: (storage: NewStorage) => Effect.Effect<Storage, CallError>

  /** Disconnects a storage (`DELETE /storages/{storageId}`). Fails with `NotFound` if it does not exist. */
  readonly delete: (storageId: IdInput<StorageId>) => Effect.Effect<void, CallError>

  /**
   * Lists the files of a storage (`GET /storages/{storageId}/files`). The response is undocumented: it is returned as
   * unknown JSON, or decoded with your `schema`, which fails with `DecodeError` if it does not match.
   */
  readonly files: {
    (storageId: IdInput<StorageId>, query: FileQuery): Effect.Effect<unknown, CallError>
    <A, I>(
      storageId: IdInput<StorageId>,
      query: FileQuery & { readonly schema: Schema.Schema<A, I> }
    ): Effect.Effect<A, CallError>
  }
}

// Always sent, as the SDK does: whether the hub has a default of its own is unproven
// (docs/api-notes.md#storage-endpoints).
const defaultRegion = "eu-central-1"

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<StoragesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { storages: client } = (yield* AngoClient).use(StoragesApi)
  const pageSizes = PageSizes.make((yield* AngoConfig).pageSize)

  const readPage = ({ id, limit, page }: StorageFilter & PageRequest) =>
    Effect.map(
      client.list({
        urlParams: omitUndefined({ _id: fromOptionalInput<StorageId>(id), page, limit })
      }),
      ({ data }) => data.storages
    )

  const files = Effect.fn("Storages.files")(function* (
    storageId: IdInput<StorageId>,
    query: FileQuery & { readonly schema?: Schema.Schema<unknown, unknown> }
  ) {
    const operation = StoragesApi.operations.files
    const { bucketName, getSignedUrls = true, path = "", retryOnSlowDown = true, schema } = query
    if (bucketName === "")
      return yield* invalidRequest(operation, "bucketName", "Expected the name of a bucket.")
    const { data } = yield* client.files({
      path: { storageId: fromInput(storageId) },
      urlParams: { bucketName, path, getSignedUrls, retryOnSlowDown }
    })
    return yield* decodeWithCallerSchema(operation, data, schema)
  })

  return {
    list: Effect.fn("Storages.list")(() =>
      collectAll({
        operation: StoragesApi.operations.list,
        pageSizes,
        read: (number, limit) => readPage({ page: number, limit })
      })
    ),
    page: Effect.fn("Storages.page")((options: StorageFilter & PageRequest = {}) => {
      const conditions = options.id === undefined ? {} : { id: options.id }
      const check = makeRowCheck(StoragesApi.operations.list, toItemConditions(conditions))
      return Effect.tap(readPage(options), (storages) => check(options.page ?? 1, storages))
    }),

    get: Effect.fn("Storages.get")(function* (storageId) {
      const operation = StoragesApi.operations.list
      const storages = yield* readPage({ id: storageId })
      // A hub that ignores the parameter returns all storages.
      const storage = storages.find(({ id }) => id === storageId)
      return (
        storage ??
        (yield* new NotFound({
          ...operationContext(
            operation,
            `${label(operation)} returned no storage with this id. Check the id and the region.`
          ),
          status: operation.status
        }))
      )
    }),

    create: Effect.fn("Storages.create")(function* (storage) {
      const { credentials, name, privateKey, provider, publicKey, region } = storage
      const { data } = yield* client.create({
        payload: {
          name,
          provider,
          ...omitUndefined({ publicKey, privateKey, region: region ?? defaultRegion, credentials })
        }
      })
      return data.storage
    }),

    delete: Effect.fn("Storages.delete")(function* (storageId) {
      yield* client.delete({ path: { storageId: fromInput(storageId) } })
    }),

    // The result type depends on the schema, which overloads express and one implementation cannot.
    files: files as StoragesService["files"]
  }
})

/**
 * The storages of an organization: list, connect and disconnect them, list their files.
 *
 * @category services
 * @since 0.1.0
 */
export class Storages extends Context.Tag("effect-ango/Storages")<Storages, StoragesService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Storages, never, AngoClient | AngoConfig> = Layer.effect(Storages, make)
}
