/**
 * How files of a storage become assets: the bulk write of the service `Assets`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CallError, UnknownBatch } from "../../errors/AngoError.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { CloudAsset, type ImportCounts } from "../../schemas/AssetImport.js"
import { AssetId, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { Bulk, type BulkOptions, type RowError, rowCodec, type Stop } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import { cloudRows, named, operation } from "./cloudRows.js"

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
 * What is known of an imported asset: its id when it was read back, or stood in the project before.
 *
 * @since 0.1.0
 */
export interface ImportedAsset {
  readonly id?: AssetId
  readonly externalId?: string
}

/**
 * What one row of an import can fail with.
 *
 * @since 0.1.0
 */
export type ImportRowError = RowError<CallError | UnknownBatch>

/**
 * What ends an import as a whole.
 *
 * @since 0.1.0
 */
export type ImportError = Stop<CallError | UnknownBatch>

/**
 * The bulk import of the service `Assets`.
 *
 * @category services
 * @since 0.1.0
 */
export interface CloudImportMethods {
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
}

const Imported = Schema.Struct({
  id: Schema.optionalWith(AssetId, { exact: true }),
  externalId: Schema.optionalWith(Schema.String, { exact: true })
})

const Row = Schema.typeSchema(Schema.Struct({ row: CloudAsset }))

const Options = Schema.typeSchema(
  Schema.Struct({
    ...Bulk,
    project: ProjectId,
    batches: Schema.optional(Schema.Array(Schema.String)),
    storage: Schema.optional(StorageId),
    priority: Schema.optional(Priority),
    uploadLocal: Schema.optional(Schema.Boolean),
    duplicates: Schema.optional(
      Schema.Literal("skip", "refuse", "allow").annotations({ title: "skip, refuse or allow" })
    ),
    readBackIds: Schema.optional(Schema.Boolean),
    onResponse: Schema.optional(
      Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
    )
  })
)

/** `Assets.importFromCloud` */
export const cloudImport = (
  client: AngoClient["Type"],
  lookup: Lookup
): CloudImportMethods["importFromCloud"] => {
  function importFromCloud(
    projectId: IdInput<ProjectId>,
    rows: Iterable<CloudAssetInput>,
    options?: CloudImportOptions
  ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, ImportError>
  function importFromCloud<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Stream.Stream<CloudAssetInput, E, R>,
    options?: CloudImportOptions
  ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, E | ImportError, R>
  function importFromCloud<E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<CloudAssetInput, E, R>,
    options: CloudImportOptions = {}
  ): Stream.Stream<RowOutcome<ImportedAsset, ImportRowError>, E | ImportError, R> {
    const { duplicates = "skip", readBackIds: ids = true, storage } = options

    return Stream.unwrap(
      Effect.gen(function* () {
        yield* validateInput(operation, Options, omitUndefined({ ...options, project: projectId }))
        const { idsOf, ...hub } = yield* cloudRows<CloudAsset, ImportedAsset>(
          { client, lookup },
          projectId,
          options,
          {
            externalIdOf: named,
            assetOf: (asset) => asset,
            valueOf: ({ data: _, ...shown }) => shown
          }
        )

        const prepare = (row: CloudAssetInput) =>
          Effect.gen(function* () {
            const input = omitUndefined({ ...row, storage: row.storage ?? storage })
            const { row: asset } = yield* validateInput(operation, Row, { row: input })
            return asset.batches == null ? asset : { ...asset, batches: yield* idsOf(asset.batches) }
          })

        return write(
          {
            operation,
            of: `${operation.name} of project ${projectId}`,
            makes: "Created",
            keyOf: named,
            isUnique: duplicates !== "allow",
            toItem: prepare,
            ...hub,
            readsBack: ids,
            toValue: (asset) => {
              const externalId = named(asset)
              return externalId === undefined ? {} : { externalId }
            },
            codec: rowCodec(Imported)
          },
          rows,
          options
        )
      })
    ).pipe(Stream.withSpan("Assets.importFromCloud"))
  }
  return importFromCloud
}
