/**
 * How files of a storage become assets: the bulk write of the service `Assets`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type CallError, DuplicateRow, type ListError, type UnknownBatch } from "../AngoError.js"
import { label, operations } from "../api/Operations.js"
import { batchesOf, matcher } from "../internal/batches.js"
import type { RowOutcome } from "../internal/bulk/outcome.js"
import { type Rows, write } from "../internal/bulk/write.js"
import { Bulk, type Finding, kept, type Look, type RowError, type Stop } from "../internal/bulk/writer.js"
import { given } from "../internal/given.js"
import { where } from "../internal/where.js"
import type { AngoClient } from "../layers/AngoClient.js"
import { check } from "../layers/Check.js"
import { AssetId, type BatchId, fromInput, type IdInput, ProjectId, StorageId } from "../schemas/Id.js"
import { CloudAsset, type ImportCounts } from "../schemas/Import.js"
import { Priority } from "../schemas/Priority.js"
import type { CloudAssetInput, CloudImportOptions } from "./AssetImport.js"
import type { Lookup } from "./AssetLookup.js"
import type { AssetsService } from "./Assets.js"

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

const operation = operations["assets.importFromCloud"]

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
    ids: Schema.optional(Schema.Boolean),
    onCounts: Schema.optional(
      Schema.declare(Predicate.isFunction, { title: "a function that gives an effect" })
    )
  })
)

// An empty external id names nothing.
const named = ({ externalId }: { readonly externalId?: string | null | undefined }): string | undefined =>
  externalId == null || externalId === "" ? undefined : externalId

const untold =
  "the hub answers with counts, and nothing tells this row from others: it has no external id, or duplicates are allowed."

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
    const {
      batches = [],
      duplicates = "skip",
      ids = true,
      onCounts,
      priority = 0,
      storage,
      uploadLocal
    } = options

    const shown = (
      items: ReadonlyArray<CloudAsset>
    ): Effect.Effect<ReadonlyMap<string, ImportedAsset>, ListError> =>
      Effect.map(
        lookup(
          projectId,
          items.flatMap((item) => named(item) ?? [])
        ),
        (found) => {
          const all = new Map<string, ImportedAsset>()
          for (const { externalId, id } of found) {
            // Of several assets of one external id none is the one.
            if (externalId != null)
              all.set(externalId, all.has(externalId) ? { externalId } : { externalId, id })
          }
          return all
        }
      )

    const look = (items: ReadonlyArray<CloudAsset>) =>
      Effect.map(shown(items), (there) =>
        items.map((item): Look<CloudAsset, ImportedAsset, never> => {
          const key = named(item)
          const value = key === undefined ? undefined : there.get(key)
          if (key === undefined || value === undefined) return { _tag: "Go", item }
          const message = `The project has an asset with the external id ${JSON.stringify(key)} already.`
          return duplicates === "skip"
            ? { _tag: "Skip", reason: "exists", message, value }
            : {
                _tag: "Refuse",
                error: new DuplicateRow({
                  ...where(operation, `${label(operation)} was not sent for this row. ${message}`),
                  key,
                  of: "project"
                })
              }
        })
      )

    const find = (items: ReadonlyArray<CloudAsset>) =>
      Effect.map(shown(items), (there) =>
        items.map((item): Finding<ImportedAsset> => {
          const key = named(item)
          if (key === undefined) return { _tag: "Undecidable", why: untold }
          const value = there.get(key)
          return value === undefined ? { _tag: "Absent" } : { _tag: "Present", value }
        })
      )

    return Stream.unwrap(
      Effect.gen(function* () {
        yield* check(operation, Options, given({ ...options, project: projectId }))
        const known = yield* Effect.cached(batchesOf(client, projectId))
        const idsOf = (
          wanted: ReadonlyArray<string>
        ): Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch> =>
          wanted.length === 0
            ? Effect.succeed([])
            : Effect.flatMap(known, (all) =>
                Effect.map(matcher(operation, all, wanted), (idOf) => wanted.map(idOf))
              )
        const ofAll = yield* idsOf(batches)

        const prepare = (row: CloudAssetInput) =>
          Effect.gen(function* () {
            const input = given({ ...row, storage: row.storage ?? storage })
            const { row: asset } = yield* check(operation, Row, { row: input })
            return asset.batches == null ? asset : { ...asset, batches: yield* idsOf(asset.batches) }
          })

        const told = (counts: ImportCounts) => (onCounts === undefined ? Effect.void : onCounts(counts))

        const send = (assets: ReadonlyArray<CloudAsset>) =>
          Effect.map(
            client.assets
              .importFromCloud({
                path: { projectId: fromInput(projectId) },
                urlParams: ofAll.length === 0 ? {} : { batches: ofAll },
                payload: {
                  assets,
                  ...(uploadLocal === undefined ? {} : { uploadLocal: uploadLocal ? "true" : "false" }),
                  priority
                }
              })
              .pipe(
                Effect.tap(({ data }) => (typeof data.assets === "string" ? Effect.void : told(data.assets)))
              ),
            ({ data: { assets: made } }) =>
              typeof made === "string" || made.assetsCreated == null
                ? ({ _tag: "Done" } as const)
                : ({ _tag: "Count", done: made.assetsCreated } as const)
          )

        return write(
          {
            operation,
            of: `${operation.name} of project ${projectId}`,
            makes: "Created",
            keyOf: named,
            isUnique: duplicates !== "allow",
            prepare,
            ...(duplicates === "allow" ? {} : { look, find }),
            send,
            readsBack: ids,
            toValue: (asset) => {
              const externalId = named(asset)
              return externalId === undefined ? {} : { externalId }
            },
            kept: kept(Imported)
          },
          rows,
          options
        )
      })
    ).pipe(Stream.withSpan("Assets.importFromCloud"))
  }
  return importFromCloud
}
