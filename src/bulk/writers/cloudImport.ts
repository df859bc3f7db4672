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
import { CloudAsset } from "../../schemas/AssetImport.js"
import { AssetId, type IdInput, ProjectId, StorageId } from "../../schemas/ids.js"
import { Priority } from "../../schemas/Priority.js"
import type { AssetsService } from "../../services/Assets.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { Bulk, type RowError, rowCodec, type Stop } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { CloudAssetInput, CloudImportOptions } from "./assetImport.js"
import { cloudRows, named, operation } from "./cloudRows.js"

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
export const cloudImport = (client: AngoClient["Type"], lookup: Lookup): AssetsService["importFromCloud"] => {
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
