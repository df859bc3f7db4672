/**
 * Storages: the cloud buckets that an organization has connected, and the files in them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { label, operations } from "../api/operations.js"
import { decodeWithCallerSchema } from "../decoding/callerSchema.js"
import { type CallError, NotFound, type PaginationError } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { collectAll, type PageRequest } from "../pagination/stableScan.js"
import { fromInput, fromOptionalInput, type IdInput, type StorageId } from "../schemas/ids.js"
import type { Storage, StorageProvider } from "../schemas/Storage.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Which storages.
 *
 * @since 0.1.0
 */
export interface StorageFilter {
  readonly id?: IdInput<StorageId> | undefined
}

/**
 * A bucket to connect, and the keys to it. The keys are `Redacted`, and no answer carries them back.
 *
 * @since 0.1.0
 */
export interface NewStorage {
  /** Not empty. */
  readonly name: string
  /** `AWS`, `GCP` or `AZURE`. */
  readonly provider: StorageProvider
  /** The id of the access key (AWS), or the account's name (Azure). */
  readonly publicKey?: Redacted.Redacted | undefined
  /** The access key itself. */
  readonly privateKey?: Redacted.Redacted | undefined
  /** Such as `eu-central-1`. */
  readonly region?: string | undefined
  /** The key file of a service account, as JSON text (GCP). */
  readonly credentials?: Redacted.Redacted | undefined
}

/**
 * Which files of a storage.
 *
 * @since 0.1.0
 */
export interface FileQuery {
  /** Not empty. */
  readonly bucketName: string
  /** The folder, without a leading slash; default the top. */
  readonly path?: string | undefined
  /** Whether each file comes with a signed link, which is a credential; default true, as in the vendor's SDK. */
  readonly getSignedUrls?: boolean | undefined
  /** Whether the hub asks the bucket again when that is too busy; default true, as in the vendor's SDK. */
  readonly retryOnSlowDown?: boolean | undefined
}

/** @since 0.1.0 */
export interface StoragesService {
  /**
   * All storages of the organization (`GET /storages`), read page by page: the hub tells no total, so that they are
   * read again until two readings agree. Fails with `PaginationError` when none do.
   */
  readonly list: () => Effect.Effect<ReadonlyArray<Storage>, CallError | PaginationError>

  /** One page of the storages; the hub's first one, of 10, unless asked otherwise. */
  readonly page: (options?: StorageFilter & PageRequest) => Effect.Effect<ReadonlyArray<Storage>, CallError>

  /** One storage by its id (`GET /storages?_id=`). Fails with `NotFound` when the hub lists none with that id. */
  readonly get: (storageId: IdInput<StorageId>) => Effect.Effect<Storage, CallError>

  /**
   * Connects a bucket (`POST /storages/`). Fails with `InvalidRequest` before any request when the name is empty or
   * the provider is unknown.
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

  /** Disconnects a storage (`DELETE /storages/{storageId}`). Fails with `NotFound` when there is none. */
  readonly delete: (storageId: IdInput<StorageId>) => Effect.Effect<void, CallError>

  /**
   * What is in a storage (`GET /storages/{storageId}/files`). No document shows the answer: it comes as unknown
   * JSON, or decoded by a `schema` of yours, with `DecodeError` when it does not fit.
   */
  readonly files: {
    (storageId: IdInput<StorageId>, query: FileQuery): Effect.Effect<unknown, CallError>
    <A, I>(
      storageId: IdInput<StorageId>,
      query: FileQuery & { readonly schema: Schema.Schema<A, I> }
    ): Effect.Effect<A, CallError>
  }
}

/** @since 0.1.0 */
export const make: Effect.Effect<StoragesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { storages: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig

  const page = ({ id, limit, page }: StorageFilter & PageRequest) =>
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
    const operation = operations["storages.files"]
    const { bucketName, getSignedUrls = true, path = "", retryOnSlowDown = true, schema } = query
    if (bucketName === "") return yield* invalidRequest(operation, "bucketName", "Give the name of a bucket.")
    const { data } = yield* client.files({
      path: { storageId: fromInput(storageId) },
      urlParams: { bucketName, path, getSignedUrls, retryOnSlowDown }
    })
    return yield* decodeWithCallerSchema(operation, data, schema)
  })

  return {
    list: Effect.fn("Storages.list")(() =>
      collectAll({
        operation: operations["storages.list"],
        pageSize,
        read: (number, limit) => page({ page: number, limit })
      })
    ),
    page: Effect.fn("Storages.page")((options: StorageFilter & PageRequest = {}) => page(options)),

    get: Effect.fn("Storages.get")(function* (storageId) {
      const operation = operations["storages.list"]
      const storages = yield* page({ id: storageId })
      // A hub that does not know the parameter answers with all storages.
      const found = storages.find(({ id }) => id === storageId)
      return (
        found ??
        (yield* new NotFound({
          ...operationContext(
            operation,
            `${label(operation)} lists no storage with this id. Check it, and the region.`
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
          ...omitUndefined({ publicKey, privateKey, region, credentials })
        }
      })
      return data.storage
    }),

    delete: Effect.fn("Storages.delete")(function* (storageId) {
      yield* client.delete({ path: { storageId: fromInput(storageId) } })
    }),

    // The overloads say what the schema makes of the answer, which the one implementation cannot.
    files: files as StoragesService["files"]
  }
})

/**
 * The storages of Ango Hub.
 *
 * @since 0.1.0
 */
export class Storages extends Context.Tag("effect-ango/Storages")<Storages, StoragesService>() {
  static readonly layer: Layer.Layer<Storages, never, AngoClient | AngoConfig> = Layer.effect(Storages, make)
}
