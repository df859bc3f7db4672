// The bulk import of the service `Assets`: files that are already in a storage become assets.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { AssetsApi } from "../../api/assets.js"
import type { BatchesApi } from "../../api/batches.js"
import type { ProjectsApi } from "../../api/projects.js"
import type { CallError, UnknownBatch } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { readBatches } from "../../filters/batchNames.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { CloudAsset, FileAsset, type ImportCounts } from "../../schemas/AssetImport.js"
import { AssetId, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type BulkOptions, bulkOptionFields, optionalCallback } from "../engine/bulkOptions.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import { type RowError, rowCodec, type StopError } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { externalIdOf, makeAssetWriter, operation } from "./assetWriter.js"

/**
 * A file to import: `data` (its URL in a storage, `storage/folder` for point clouds, or the text itself), or `dataset`
 * (the URLs of an asset with several pages, in order).
 *
 * @category models
 * @since 0.1.0
 */
export interface CloudAssetInput {
  readonly data?: string | undefined
  readonly dataset?: ReadonlyArray<string> | undefined
  /** Your name for the asset. It need not be unique. */
  readonly externalId?: string | undefined
  /** The private storage of the file; by default that of the options. */
  readonly storage?: IdInput<StorageId> | undefined
  /** By name or id, instead of those of the options. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** Any JSON; exports return it with the asset. */
  readonly contextData?: Readonly<Record<string, unknown>> | undefined
  /** Sizes in pixels; frames per second, which the hub assumes to be 30 if missing. */
  readonly metadata?: CloudAsset["metadata"] | undefined
  readonly attachments?: CloudAsset["attachments"] | undefined
  /** `pct` for 3D point clouds. */
  readonly editorType?: string | undefined
  /** Answers to import with the asset. */
  readonly classifications?: CloudAsset["classifications"] | undefined
}

/**
 * The options of an import, for all its files.
 *
 * @category options
 * @since 0.1.0
 */
export interface CloudImportOptions extends BulkOptions {
  /** By name or id. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** The private storage of the files. */
  readonly storage?: IdInput<StorageId> | undefined
  /** -1000 to 1000, default 0; higher comes first. */
  readonly priority?: number | undefined
  /** Whether you uploaded the files to links of `Uploads.uploadUrl`; not sent by default. */
  readonly uploadLocal?: boolean | undefined
  /**
   * What to do with a row whose external id (compared exactly) an asset of the project or an earlier row has:
   *
   * - `"skip"` (default): `Skipped`, not sent. A row with the same external id as an earlier row and other content is
   *   `Failed` with `RowRejected` (`duplicate`).
   * - `"refuse"`: `Failed` with `RowRejected` (`duplicate`) if the project has it; in the input as with `"skip"`.
   * - `"allow"`: it becomes another asset. Nothing is looked up, and rows whose response is lost stay `Unknown`.
   */
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  /**
   * Whether to read the new assets back for their ids, which the response lacks; default `true`. `false` saves about
   * one request per hundred rows. Has no effect with `duplicates: "allow"`.
   */
  readonly readBackIds?: boolean | undefined
  /**
   * Runs after each accepted request, with its counts: assets, tasks, and the answers imported with them, all and
   * valid. Not called for old hubs, which return no counts.
   */
  readonly onResponse?: ((counts: ImportCounts) => Effect.Effect<void>) | undefined
}

/**
 * An imported asset. `id` is there if the asset was read back, or existed before.
 *
 * @category models
 * @since 0.1.0
 */
export interface ImportedAsset {
  readonly id?: AssetId
  readonly externalId?: string
}

/**
 * What one row of an import can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type ImportRowError = RowError<CallError | UnknownBatch>

/**
 * What ends an import as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type ImportError = StopError<CallError | UnknownBatch>

/**
 * The bulk import of the service `Assets`.
 *
 * @category services
 * @since 0.1.0
 */
export interface CloudImportMethods {
  /**
   * Creates assets, with a task each, from files that are already in a storage (`POST /project/{projectId}/cloud`).
   * Takes rows from a stream or an iterable, and returns one outcome per row, in order. See `RowOutcome`.
   *
   * Rows are sent in chunks. Each chunk is first looked up by external id, unless duplicates are allowed
   * (`GET /project/{projectId}/assets`: about a hundred ids per request, once the hub has shown that it supports that, or
   * one pass over the list if that is fewer requests).
   * A chunk that the hub rejects is halved until the invalid rows are known; the others are written. A chunk that the
   * hub wrote in part, or whose response was lost, is read back by external id before anything is sent again:
   *
   * - written in part: absent rows are sent again up to two times in the same run, then they are `Failed` and
   *   `retryable`.
   * - lost response: absent rows are `Failed` and `retryable` at once, because the request may still arrive.
   *
   * With a ledger each asset is created exactly once, however often the program is killed and run again, provided that
   * one process at a time imports and the reads of the hub show its writes. Rows without an external id cannot be read
   * back: if their response is lost, they are `Unknown`.
   *
   * Batches are looked up once per import (`GET /project/{projectId}`, only if some are given). A missing batch of the
   * options ends the import with `UnknownBatch` before any other request; a missing batch of a row fails that row.
   *
   * The stream fails, after the outcomes of the rows so far, with an error that affects every row: an invalid option
   * (`InvalidRequest`), a rejected key, a missing project, a ledger that cannot be written, five transient failures of
   * requests in a row, or fifty rejected rows in a row.
   *
   * Memory holds a few chunks, and about a hundred bytes plus the key of each row.
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
}

const Imported = Schema.Struct({
  id: Schema.optionalWith(AssetId, { exact: true }),
  externalId: Schema.optionalWith(Schema.String, { exact: true })
})

const validateRow = rowValidation(operation, Schema.Struct({ row: CloudAsset }))

const Options = Schema.typeSchema(
  Schema.Struct({
    ...bulkOptionFields,
    project: ProjectId,
    batches: Schema.optional(Schema.Array(Schema.String)),
    storage: Schema.optional(StorageId),
    priority: Schema.optional(Priority),
    uploadLocal: Schema.optional(Schema.Boolean),
    duplicates: Schema.optional(
      Schema.Literal("skip", "refuse", "allow").annotations({ title: "skip, refuse or allow" })
    ),
    readBackIds: Schema.optional(Schema.Boolean),
    onResponse: optionalCallback
  })
)

const hasContent = ({ data, dataset }: { readonly data?: unknown; readonly dataset?: unknown }): boolean =>
  data != null || dataset != null

const fieldNames = new Set([
  ...Object.keys(FileAsset.fields),
  "data",
  "dataset",
  "editorType",
  "classifications"
])

// Names the unknown fields, of which one is probably a misspelt `data`.
const describeMissingContent = (row: object): string => {
  const unknown = Object.keys(row).filter((name) => !fieldNames.has(name) && /^\w{1,30}$/.test(name))
  const has = unknown.length === 0 ? "has" : `has ${unknown.slice(0, 5).join(", ")}, but`
  return `The row ${has} neither data nor dataset. Give data: a URL, a storage path, or the text itself.`
}

/** Makes `Assets.importFromCloud`. */
export const makeCloudImport = (
  client: GroupClient<typeof AssetsApi | typeof BatchesApi | typeof ProjectsApi>,
  lookup: Lookup
): CloudImportMethods["importFromCloud"] => {
  const importFromCloud = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<CloudAssetInput, E, R>,
    options: CloudImportOptions = {}
  ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, E | ImportError, R> =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* validateInput(operation, Options, omitUndefined({ ...options, project: projectId }))
        const { batchIds, ...hub } = yield* makeAssetWriter<CloudAsset, ImportedAsset>(
          { client, lookup, projectBatches: readBatches(client, projectId) },
          projectId,
          options,
          { externalIdOf, assetOf: (asset) => asset, toValue: ({ data: _, ...shown }) => shown }
        )
        const withBatchIds = (asset: CloudAsset): Effect.Effect<CloudAsset, CallError | UnknownBatch> =>
          asset.batches == null || asset.batches.length === 0
            ? Either.right(asset)
            : Effect.map(batchIds(asset.batches), (batches) => ({ ...asset, batches }))
        return write(
          {
            operation,
            name: `${operation.name} of project ${projectId}`,
            outcome: "Created",
            input: {
              keyOf: externalIdOf,
              isUnique: options.duplicates !== "allow",
              toItem: (row: CloudAssetInput) => {
                const input = omitUndefined({ ...row, storage: row.storage ?? options.storage })
                const checked = Either.mapLeft(validateRow({ row: input }), (error) =>
                  error.parameter === "row" && Predicate.isRecord(input) && !hasContent(input)
                    ? invalidRequest(operation, "row", describeMissingContent(input))
                    : error
                )
                return Either.isLeft(checked) ? Either.left(checked.left) : withBatchIds(checked.right.row)
              }
            },
            ...hub,
            value: {
              of: (asset) => omitUndefined({ externalId: externalIdOf(asset) }),
              codec: rowCodec(Imported)
            }
          },
          rows,
          options
        )
      })
    ).pipe(Stream.withSpan("Assets.importFromCloud"))

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return importFromCloud as CloudImportMethods["importFromCloud"]
}
