// The writer of rows that become assets (`POST /project/{projectId}/cloud`), shared by imports of files that are already
// in a storage and by uploads.
import * as Effect from "effect/Effect"
import { AssetsApi } from "../../api/assets.js"
import { label } from "../../api/operation.js"
import { type CallError, type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { matchBatches } from "../../filters/batchNames.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import type { Asset } from "../../schemas/Asset.js"
import type { CloudAsset, ImportCounts } from "../../schemas/AssetImport.js"
import type { Batch } from "../../schemas/Batch.js"
import { type AssetId, type BatchId, fromInput, type IdInput, type ProjectId } from "../../schemas/ids.js"
import type { Lookup } from "../assetLookup.js"
import type { Decision, ItemWriter, ReadBack } from "../engine/writer.js"

/** The operation that creates assets. */
export const operation = AssetsApi.operations.importFromCloud

/** What the project shows under an external id; without `id` and `data` if several assets have that external id. */
export interface ShownAsset {
  readonly externalId: string
  readonly id?: AssetId
  readonly data?: string
}

/** The options of all rows. */
export interface AssetWriterOptions {
  readonly batches?: ReadonlyArray<string> | undefined
  readonly priority?: number | undefined
  readonly uploadLocal?: boolean | undefined
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  readonly readBackIds?: boolean | undefined
  readonly onResponse?: ((counts: ImportCounts) => Effect.Effect<void>) | undefined
}

/** The external id of an item, the asset that is sent for it, and its value once the project shows it. */
export interface AssetItem<Item, A> {
  readonly externalIdOf: (item: Item) => string | undefined
  readonly assetOf: (item: Item) => CloudAsset
  readonly toValue: (shown: ShownAsset, item: Item) => A
}

/** The parts of a writer that call the hub, and the ids of batches. */
export interface AssetWriter<Item, A>
  extends Pick<ItemWriter<Item, A, CallError | UnknownBatch>, "lookUp" | "readBack" | "request"> {
  /** The ids of batches given by name or id. The batches of the project are read once. */
  readonly batchIds: (
    batches: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch>
}

/** The external id of a row; an empty one counts as none. */
export const externalIdOf = ({
  externalId
}: {
  readonly externalId?: string | null | undefined
}): string | undefined => (externalId == null || externalId === "" ? undefined : externalId)

/** The error of a row whose external id or content is already in the input or in the project. */
export const duplicateError = (key: string, duplicateOf: "input" | "project", message: string): RowRejected =>
  new RowRejected({
    reason: "duplicate",
    ...operationContext(operation, `${label(operation)} was not sent for this row. ${message}`),
    key,
    duplicateOf
  })

const toShownAsset = ({ data, externalId, id }: Asset & { readonly externalId: string }): ShownAsset => ({
  externalId,
  id,
  ...(data == null ? {} : { data })
})

interface ProjectAccess {
  readonly client: GroupClient<typeof AssetsApi>
  readonly lookup: Lookup
  /** Reads the batches of the project; only if batches are named, and once. */
  readonly projectBatches: Effect.Effect<ReadonlyArray<Batch>, CallError>
}

/** The writer for one project. Fails if a batch of the options does not exist. */
export const makeAssetWriter = <Item, A>(
  { client, lookup, projectBatches }: ProjectAccess,
  projectId: IdInput<ProjectId>,
  {
    batches = [],
    duplicates = "skip",
    onResponse,
    priority = 0,
    readBackIds = true,
    uploadLocal
  }: AssetWriterOptions,
  { assetOf, externalIdOf, toValue }: AssetItem<Item, A>
): Effect.Effect<AssetWriter<Item, A>, CallError | UnknownBatch> =>
  Effect.gen(function* () {
    const shownAssets = (
      items: ReadonlyArray<Item>
    ): Effect.Effect<ReadonlyMap<string, ShownAsset>, ListError> =>
      Effect.map(
        lookup(
          projectId,
          items.flatMap((item) => externalIdOf(item) ?? [])
        ),
        (assets) => {
          const shown = new Map<string, ShownAsset>()
          for (const asset of assets) {
            const { externalId } = asset
            if (externalId == null) continue
            shown.set(
              externalId,
              shown.has(externalId) ? { externalId } : toShownAsset({ ...asset, externalId })
            )
          }
          return shown
        }
      )

    const lookUp = (items: ReadonlyArray<Item>) =>
      Effect.map(shownAssets(items), (shown) =>
        items.map((item): Decision<Item, A, never> => {
          const key = externalIdOf(item)
          const asset = key === undefined ? undefined : shown.get(key)
          if (key === undefined || asset === undefined) return { _tag: "Send", item }
          const message = `The project already has an asset with the external id ${JSON.stringify(key)}.`
          return duplicates === "skip"
            ? { _tag: "Skip", reason: "exists", message, value: toValue(asset, item) }
            : { _tag: "Reject", error: duplicateError(key, "project", message) }
        })
      )

    const read = (items: ReadonlyArray<Item>) =>
      Effect.map(shownAssets(items), (shown) =>
        items.map((item): ReadBack<A> => {
          const key = externalIdOf(item)
          if (key === undefined) {
            return {
              _tag: "Undecidable",
              why: "it has no external id, so that it cannot be found automatically.",
              advice: "Look for an asset with its data (Assets.stream) before you send it again."
            }
          }
          const asset = shown.get(key)
          return asset === undefined ? { _tag: "Absent" } : { _tag: "Present", value: toValue(asset, item) }
        })
      )

    const batchesRead = yield* Effect.cached(projectBatches)
    const batchIds = (
      names: ReadonlyArray<string>
    ): Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch> =>
      names.length === 0
        ? Effect.succeed([])
        : Effect.flatMap(batchesRead, (all) =>
            Effect.map(matchBatches(operation, all, names), (idOf) => names.map(idOf))
          )
    const batchesOfAll = yield* batchIds(batches)

    const send = (items: ReadonlyArray<Item>) =>
      client.assets
        .importFromCloud({
          path: { projectId: fromInput(projectId) },
          urlParams: batchesOfAll.length === 0 ? {} : { batches: batchesOfAll },
          payload: {
            assets: items.map(assetOf),
            ...(uploadLocal === undefined ? {} : { uploadLocal: uploadLocal ? "true" : "false" }),
            priority
          }
        })
        .pipe(
          // Old hubs respond with a message instead of counts.
          Effect.tap(({ data }) =>
            typeof data.assets === "string" || onResponse === undefined
              ? Effect.void
              : onResponse(data.assets)
          ),
          Effect.map(({ data: { assets } }) =>
            typeof assets === "string" || assets.assetsCreated == null
              ? ({ _tag: "Done" } as const)
              : ({ _tag: "Count", written: assets.assetsCreated } as const)
          )
        )

    return {
      batchIds,
      request: { send },
      ...(duplicates === "allow" ? {} : { lookUp, readBack: { read, afterSuccess: readBackIds } })
    }
  })
