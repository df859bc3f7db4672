/**
 * Rows that become assets (`POST /project/{projectId}/cloud`): how they are sent, looked up and read back, for files that
 * are in a storage already and for those that come there on the way.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { label, operations } from "../../api/operations.js"
import { type CallError, type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { matchBatches, readBatches } from "../../filters/batchFilter.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import type { Asset } from "../../schemas/Asset.js"
import type { CloudAsset, ImportCounts } from "../../schemas/AssetImport.js"
import { type AssetId, type BatchId, fromInput, type IdInput, type ProjectId } from "../../schemas/ids.js"
import type { Lookup } from "../assetLookup.js"
import type { Decision, ReadBack, Writer } from "../engine/writer.js"

/** What the project shows under an external id. Of several assets of one external id none is the one. */
export interface Shown {
  readonly externalId: string
  readonly id?: AssetId
  readonly data?: string
}

/** What holds for all rows. */
export interface CloudRowsOptions {
  readonly batches?: ReadonlyArray<string> | undefined
  readonly priority?: number | undefined
  readonly uploadLocal?: boolean | undefined
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  readonly onResponse?: ((counts: ImportCounts) => Effect.Effect<void>) | undefined
}

/** How an item names its asset, what is sent of it, and what is known of it once the project shows it. */
export interface CloudKind<Item, A> {
  readonly externalIdOf: (item: Item) => string | undefined
  readonly assetOf: (item: Item) => CloudAsset
  readonly valueOf: (shown: Shown, item: Item) => A
}

/** The parts of a `Writer` that speak to the hub. */
export interface CloudRows<Item, A>
  extends Pick<Writer<never, Item, A, CallError | UnknownBatch>, "decide" | "readBack" | "send"> {
  /** Batches by name or id, looked up once. */
  readonly idsOf: (
    wanted: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch>
}

/** How assets are made of files. */
export const operation = operations["assets.importFromCloud"]

/** The external id of a row; an empty one names nothing. */
export const named = ({
  externalId
}: {
  readonly externalId?: string | null | undefined
}): string | undefined => (externalId == null || externalId === "" ? undefined : externalId)

const untold =
  "the hub answers with counts, and nothing tells this row from others: it has no external id, or duplicates are allowed."

const shownAs = ({ data, externalId, id }: Asset & { readonly externalId: string }): Shown => ({
  externalId,
  id,
  ...(data == null ? {} : { data })
})

/** A row that is refused because something has its key already. */
export const duplicate = (key: string, duplicateOf: "input" | "project", message: string): RowRejected =>
  new RowRejected({
    reason: "duplicate",
    ...operationContext(operation, `${label(operation)} was not sent for this row. ${message}`),
    key,
    duplicateOf
  })

/** Rows of one write. Fails when a batch of all of them is not there. */
export const cloudRows = <Item, A>(
  { client, lookup }: { readonly client: AngoClient["Type"]; readonly lookup: Lookup },
  projectId: IdInput<ProjectId>,
  { batches = [], duplicates = "skip", onResponse, priority = 0, uploadLocal }: CloudRowsOptions,
  { assetOf, externalIdOf, valueOf }: CloudKind<Item, A>
): Effect.Effect<CloudRows<Item, A>, CallError | UnknownBatch> =>
  Effect.gen(function* () {
    const shown = (items: ReadonlyArray<Item>): Effect.Effect<ReadonlyMap<string, Shown>, ListError> =>
      Effect.map(
        lookup(
          projectId,
          items.flatMap((item) => externalIdOf(item) ?? [])
        ),
        (found) => {
          const all = new Map<string, Shown>()
          for (const asset of found) {
            const { externalId } = asset
            if (externalId == null) continue
            all.set(externalId, all.has(externalId) ? { externalId } : shownAs({ ...asset, externalId }))
          }
          return all
        }
      )

    const decide = (items: ReadonlyArray<Item>) =>
      Effect.map(shown(items), (there) =>
        items.map((item): Decision<Item, A, never> => {
          const key = externalIdOf(item)
          const one = key === undefined ? undefined : there.get(key)
          if (key === undefined || one === undefined) return { _tag: "Go", item }
          const message = `The project has an asset with the external id ${JSON.stringify(key)} already.`
          return duplicates === "skip"
            ? { _tag: "Skip", reason: "exists", message, value: valueOf(one, item) }
            : { _tag: "Refuse", error: duplicate(key, "project", message) }
        })
      )

    const readBack = (items: ReadonlyArray<Item>) =>
      Effect.map(shown(items), (there) =>
        items.map((item): ReadBack<A> => {
          const key = externalIdOf(item)
          if (key === undefined) return { _tag: "Undecidable", why: untold }
          const one = there.get(key)
          return one === undefined ? { _tag: "Absent" } : { _tag: "Present", value: valueOf(one, item) }
        })
      )

    const known = yield* Effect.cached(readBatches(client, projectId))
    const idsOf = (
      wanted: ReadonlyArray<string>
    ): Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch> =>
      wanted.length === 0
        ? Effect.succeed([])
        : Effect.flatMap(known, (all) =>
            Effect.map(matchBatches(operation, all, wanted), (idOf) => wanted.map(idOf))
          )
    const ofAll = yield* idsOf(batches)

    const told = (counts: ImportCounts) => (onResponse === undefined ? Effect.void : onResponse(counts))

    const send = (items: ReadonlyArray<Item>) =>
      Effect.map(
        client.assets
          .importFromCloud({
            path: { projectId: fromInput(projectId) },
            urlParams: ofAll.length === 0 ? {} : { batches: ofAll },
            payload: {
              assets: items.map(assetOf),
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

    return { idsOf, send, ...(duplicates === "allow" ? {} : { decide, readBack }) }
  })
