// The bulk write of the service `Batches`.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AssetsApi } from "../../api/assets.js"
import { BatchesApi } from "../../api/batches.js"
import { label } from "../../api/operation.js"
import type { ProjectsApi } from "../../api/projects.js"
import { type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { matchBatches, readBatches } from "../../filters/batchNames.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import type { PageSize } from "../../layers/AngoConfig.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import { makeListReader } from "../../pagination/listing.js"
import { oldestFirst } from "../../pagination/listOptions.js"
import type { Batch } from "../../schemas/Batch.js"
import { AssetId, BatchId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import * as Open from "../../schemas/open.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import { type BulkOptions, bulkOptionFields } from "../engine/bulkOptions.js"
import { type Rows, write } from "../engine/bulkWrite.js"
import { rowValidation } from "../engine/rowValidation.js"
import {
  type BulkResponse,
  type ReadBack,
  type RowError,
  type RowResult,
  rowCodec,
  type StopError,
  type Writer
} from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"

/**
 * The batches that assets are put into, and the options of the write.
 *
 * @category options
 * @since 0.1.0
 */
export interface BatchAssignment extends BulkOptions {
  /** Each by name or id; at least one. */
  readonly batches: ReadonlyArray<string>
}

/**
 * An asset that was put into batches.
 *
 * @category models
 * @since 0.1.0
 */
export interface BatchedAsset {
  readonly asset: AssetId
  readonly batches: ReadonlyArray<BatchId>
}

type WriterError = ListError | RowRejected | UnknownBatch

/**
 * What one asset of `Batches.assign` can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type BatchRowError = RowError<WriterError>

/**
 * What ends `Batches.assign` as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type BatchAssignmentError = StopError<WriterError>

/**
 * The bulk write of the service `Batches`.
 *
 * @category services
 * @since 0.1.0
 */
export interface BatchAssignmentMethods {
  /**
   * Puts assets into batches (`GET /project/{projectId}` once, then `POST /assignBatches`), any number of assets with one
   * outcome per asset. Batches are given by name, by id, or mixed. Fails with `UnknownBatch`, which lists the existing
   * names, before anything is changed.
   *
   * `Updated` if the asset was put there, or was there before. If the hub counts fewer assets than were sent, or its
   * response is lost, the assets of the batches are read (`GET /project/{projectId}/assets`): an asset that is not
   * among them is `Failed`, with `RowRejected` (`not-applied`) or with the error of the lost request. Otherwise as
   * `Assets.importFromCloud`.
   *
   * Whether the hub adds to the batches of an asset or replaces them is not documented; repeating the same assignment
   * changes nothing either way.
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

const operation = BatchesApi.operations.assign

const Batched = Schema.Struct({ asset: AssetId, batches: Schema.Array(BatchId) })

const validateRow = rowValidation(operation, Batched)

const Options = Schema.typeSchema(
  Schema.Struct({
    ...bulkOptionFields,
    project: ProjectId,
    // The hub might read an empty list as a request to take the assets out of all batches.
    batches: Open.atLeastOne(Schema.String, "at least one batch, by name or by id")
  })
)

const notApplied = (sent: number, accepted: number): RowRejected =>
  new RowRejected({
    reason: "not-applied",
    ...operationContext(
      operation,
      `${label(operation)} was sent with ${sent} assets, of which ${accepted} are in the batches, and not this one. ` +
        "Check that it is an asset of the project (Assets.page), or run it again."
    ),
    sent,
    accepted
  })

const makeWriter = (
  client: GroupClient<typeof AssetsApi | typeof BatchesApi | typeof ProjectsApi>,
  pageSize: PageSize,
  projectId: IdInput<ProjectId>,
  batches: ReadonlyArray<Batch>
): Writer<IdInput<AssetId>, BatchedAsset, BatchedAsset, WriterError> => {
  const { budget, lists } = client
  const list = makeListReader({ service: "Assets", operation: AssetsApi.operations.list, pageSize, budget })
  const ids = batches.map(({ id }) => id)
  const filters = { batches: ids }

  // A hub may list the assets of any of the batches, or of the whole project: only what an asset shows counts.
  const stateOf = (
    item: BatchedAsset,
    shown: ReadonlyArray<string | null> | null | undefined
  ): ReadBack<BatchedAsset> => {
    if (shown == null) return { _tag: "Undecidable", why: "the list of assets does not show its batches." }
    return batches.every(({ id, name }) => shown.includes(name) || shown.includes(id))
      ? { _tag: "Present", value: item }
      : { _tag: "Absent" }
  }

  const read = (items: ReadonlyArray<BatchedAsset>) => {
    const sent = new Map(items.map((item) => [item.asset, item] as const))
    const pages = list.pages(
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
      Stream.runFold(pages, new Map<AssetId, ReadBack<BatchedAsset>>(), (states, page) => {
        for (const { batches, id } of page.items) {
          const item = sent.get(id)
          if (item !== undefined) states.set(id, stateOf(item, batches))
        }
        return states
      }),
      (states) => items.map((item): ReadBack<BatchedAsset> => states.get(item.asset) ?? { _tag: "Absent" })
    )
  }

  // It is not documented whether assets that were in the batches before are counted.
  const toResponse = (
    items: ReadonlyArray<BatchedAsset>,
    count: number
  ): Effect.Effect<BulkResponse<BatchedAsset, WriterError>> => {
    if (count >= items.length) return Effect.succeed({ _tag: "Done" })
    return Effect.match(read(items), {
      onFailure: ({ _tag }): BulkResponse<BatchedAsset, WriterError> => {
        const why = `the hub counted ${count} of ${items.length} assets, and reading them failed (${_tag}).`
        return { _tag: "PerRow", results: items.map(() => ({ _tag: "Undecidable", why })) }
      },
      onSuccess: (states): BulkResponse<BatchedAsset, WriterError> => {
        const error = notApplied(items.length, states.filter(({ _tag }) => _tag === "Present").length)
        return {
          _tag: "PerRow",
          results: states.map(
            (state): RowResult<BatchedAsset, WriterError> =>
              state._tag === "Absent" ? { _tag: "Rejected", error, retryable: true } : state
          )
        }
      }
    })
  }

  return {
    operation,
    name: `${operation.name} of project ${projectId} to batches ${ids.toSorted().join(", ")}`,
    outcome: "Updated",
    input: {
      keyOf: (asset) => asset,
      isUnique: true,
      toItem: (asset) => validateRow({ asset, batches: ids })
    },
    request: {
      // The project and its batches were read before: what does not exist is an asset.
      isRowError: (error) => error._tag === "NotFound" && error.status === 404,
      send: (items) =>
        Effect.flatMap(
          client.batches.assign({
            payload: {
              assets: items.map(({ asset }) => asset),
              batches: ids,
              projectId: fromInput(projectId)
            }
          }),
          ({ data }) => toResponse(items, data.assets)
        )
    },
    readBack: { read, afterSuccess: false },
    value: { of: (item) => item, codec: rowCodec(Batched) }
  }
}

/** Makes `Batches.assign`. */
export const makeBatchAssignment = (
  client: GroupClient<typeof AssetsApi | typeof BatchesApi | typeof ProjectsApi>,
  pageSize: PageSize
): BatchAssignmentMethods["assign"] => {
  const assign = <E, R>(
    projectId: IdInput<ProjectId>,
    { assets, ...options }: BatchAssignment & { readonly assets: Rows<IdInput<AssetId>, E, R> }
  ): Stream.Stream<RowOutcome<BatchedAsset, BatchRowError>, E | BatchAssignmentError, R> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const input = omitUndefined({ ...options, project: projectId })
        const { batches } = yield* validateInput(operation, Options, input)
        const all = yield* readBatches(client, projectId)
        const ids = new Set(batches.map(yield* matchBatches(operation, all, batches)))
        const targets = [...ids].flatMap((id) => all.find((batch) => batch.id === id) ?? [])
        return write(makeWriter(client, pageSize, projectId, targets), assets, options)
      })
    ).pipe(Stream.withSpan("Batches.assign"))

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return assign as BatchAssignmentMethods["assign"]
}
