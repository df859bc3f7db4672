/**
 * How assets get into batches: the bulk write of the service `Batches`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { label, operations } from "../../api/operations.js"
import { type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { matchBatches, readBatches } from "../../filters/batchFilter.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { makeListReader } from "../../pagination/listing.js"
import { oldestFirst } from "../../pagination/listOptions.js"
import type { Batch } from "../../schemas/Batch.js"
import { AssetId, BatchId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import * as Open from "../../schemas/open.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import {
  Bulk,
  type BulkOptions,
  type BulkResponse,
  type ReadBack,
  type Result,
  type RowError,
  rowCodec,
  type Stop,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"

/**
 * Which batches assets go into, and how.
 *
 * @since 0.1.0
 */
export interface BatchAssignment extends BulkOptions {
  /** Each by name or by id; at least one. */
  readonly batches: ReadonlyArray<string>
}

/**
 * An asset that was put into batches.
 *
 * @since 0.1.0
 */
export interface BatchedAsset {
  readonly asset: AssetId
  readonly batches: ReadonlyArray<BatchId>
}

type Own = ListError | RowRejected | UnknownBatch

/**
 * What one asset of `Batches.assign` can fail with.
 *
 * @since 0.1.0
 */
export type BatchRowError = RowError<Own>

/**
 * What ends it as a whole.
 *
 * @since 0.1.0
 */
export type BatchAssignmentError = Stop<Own>

/**
 * The bulk write of the service `Batches`.
 *
 * @category services
 * @since 0.1.0
 */
export interface BatchAssignmentMethods {
  /**
   * Puts assets into batches, which are given by name or by id, mixed as you like, any number of assets, with one
   * outcome per asset (`GET /project/{projectId}` once, then `POST /assignBatches`). Fails with `UnknownBatch`, which
   * lists the names there are, before anything is changed.
   *
   * `Updated` when the asset was put there, or was there before. When the hub counts fewer than it was sent, or its
   * answer is lost, the assets of the batches are read (`GET /project/{projectId}/assets`): one that is not among them
   * is `Failed`, with `RowLeftOut` or with what was lost. The rest is as in `Assets.importFromCloud`; `chunk` is 1000
   * by default.
   *
   * Whether the hub adds to the batches that an asset is in, or replaces them, is not documented; the same
   * assignment again changes nothing either way.
   *
   * @example
   * ```ts
   * import { Batches, RowOutcome } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const sorted = Effect.gen(function*() {
   *   const batches = yield* Batches
   *   const assets = ["65aa0000000000000000e001", "65aa0000000000000000e002"]
   *   return yield* batches.assign("65aa0000000000000000a001", { assets, batches: ["Week 1"] }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly assign: {
    (
      projectId: IdInput<ProjectId>,
      assignment: BatchAssignment & { readonly assets: Iterable<IdInput<AssetId>> }
    ): Stream.Stream<RowOutcome<BatchedAsset, BatchRowError>, BatchAssignmentError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      assignment: BatchAssignment & { readonly assets: Stream.Stream<IdInput<AssetId>, E, R> }
    ): Stream.Stream<RowOutcome<BatchedAsset, BatchRowError>, E | BatchAssignmentError, R>
  }
}

const operation = operations["batches.assign"]

const Batched = Schema.Struct({ asset: AssetId, batches: Schema.Array(BatchId) })

const Options = Schema.typeSchema(
  Schema.Struct({
    ...Bulk,
    project: ProjectId,
    // None might be taken for taking the assets out of all of theirs.
    batches: Open.atLeastOne(Schema.String, "at least one batch, by name or by id")
  })
)

/** `Batches.assign` */
export const makeBatchAssignment = (
  client: AngoClient["Type"],
  pageSize: number
): BatchAssignmentMethods["assign"] => {
  const { budget, lists } = client
  const list = makeListReader({ service: "Assets", operation: operations["assets.list"], pageSize, budget })

  const writing = (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<Batch>
  ): Writer<IdInput<AssetId>, BatchedAsset, BatchedAsset, Own> => {
    const ids = batches.map(({ id }) => id)
    const filters = { batches: ids }

    // An asset names its batches: a hub that lists those of any batch is not believed for several.
    const isInAll = (names: ReadonlyArray<string | null> | null | undefined): boolean =>
      names == null || batches.every(({ name }) => names.includes(name))

    const find = (items: ReadonlyArray<BatchedAsset>) => {
      const wanted = new Set(items.map(({ asset }) => asset))
      const members = list.pages(
        {
          fetchPage: (page, limit) =>
            lists.assets.ask({
              path: { projectId: fromInput(projectId) },
              urlParams: { page, limit, filters, sort: oldestFirst }
            }),
          decode: lists.assets.decode,
          membershipChanges: true,
          key: [projectId, filters]
        },
        {}
      )
      return Effect.map(
        Stream.runFold(members, new Set<AssetId>(), (found, page) => {
          for (const asset of page.items) {
            if (wanted.has(asset.id) && isInAll(asset.batches)) found.add(asset.id)
          }
          return found
        }),
        (found) =>
          items.map(
            (item): ReadBack<BatchedAsset> =>
              found.has(item.asset) ? { _tag: "Present", value: item } : { _tag: "Absent" }
          )
      )
    }

    // No document says whether assets are counted that were in the batches before.
    const judged = (
      items: ReadonlyArray<BatchedAsset>,
      counted: number
    ): Effect.Effect<BulkResponse<BatchedAsset, Own>> => {
      if (counted >= items.length) return Effect.succeed({ _tag: "Done" })
      return Effect.match(find(items), {
        onFailure: ({ _tag }): BulkResponse<BatchedAsset, Own> => {
          const why = `the hub counted ${counted} of ${items.length} assets, and they could not be read (${_tag}).`
          return { _tag: "Each", results: items.map(() => ({ _tag: "Undecidable", why })) }
        },
        onSuccess: (findings): BulkResponse<BatchedAsset, Own> => {
          const taken = findings.filter(({ _tag }) => _tag === "Present").length
          const error = new RowRejected({
            reason: "not-applied",
            ...operationContext(
              operation,
              `${label(operation)} was sent with ${items.length} assets, of which ${taken} are in the batches, and ` +
                "not this one. Look whether it is an asset of the project (Assets.page), or run it again."
            ),
            sent: items.length,
            accepted: taken
          })
          return {
            _tag: "Each",
            results: findings.map(
              (one): Result<BatchedAsset, Own> =>
                one._tag === "Absent" ? { _tag: "Refused", error, retryable: true } : one
            )
          }
        }
      })
    }

    return {
      operation,
      of: `${operation.name} of project ${projectId} to batches ${ids.toSorted().join(", ")}`,
      makes: "Updated",
      keyOf: (asset) => asset,
      isUnique: true,
      toItem: (asset) => validateInput(operation, Schema.typeSchema(Batched), { asset, batches: ids }),
      // The project and its batches have been read: what is not there is an asset.
      isOfRow: (error) => error._tag === "NotFound" && error.status === 404,
      send: (items) =>
        Effect.flatMap(
          client.batches.assign({
            payload: {
              assets: items.map(({ asset }) => asset),
              batches: ids,
              projectId: fromInput(projectId)
            }
          }),
          ({ data }) => judged(items, data.assets)
        ),
      readBack: find,
      readsBack: false,
      toValue: (item) => item,
      codec: rowCodec(Batched)
    }
  }

  const assign = <E, R>(
    projectId: IdInput<ProjectId>,
    { assets, ...options }: BatchAssignment & { readonly assets: Rows<IdInput<AssetId>, E, R> }
  ): Stream.Stream<RowOutcome<BatchedAsset, BatchRowError>, E | BatchAssignmentError, R> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const { batches } = yield* validateInput(
          operation,
          Options,
          omitUndefined({ ...options, project: projectId })
        )
        const all = yield* readBatches(client, projectId)
        const idOf = yield* matchBatches(operation, all, batches)
        const ids = new Set(batches.map(idOf))
        const wanted = [...ids].flatMap((id) => all.find((batch) => batch.id === id) ?? [])
        return write(writing(projectId, wanted), assets, options)
      })
    ).pipe(Stream.withSpan("Batches.assign"))

  // The overloads say that what is only iterable cannot fail, which the one implementation cannot.
  return assign as BatchAssignmentMethods["assign"]
}
