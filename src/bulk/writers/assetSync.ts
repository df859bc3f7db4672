// The synchronisation of the service `Assets`: compares the assets of a project to a list of rows, then creates the
// missing ones and deletes the others.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AssetsApi } from "../../api/assets.js"
import { label } from "../../api/operation.js"
import { type CallError, type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { GroupClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import type { Asset } from "../../schemas/Asset.js"
import { AssetId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { bulkOptionFields } from "../engine/bulkOptions.js"
import { type Rows, toStream, write } from "../engine/bulkWrite.js"
import { canonicalText } from "../engine/canonicalText.js"
import { rowValidation } from "../engine/rowValidation.js"
import { type Decision, type ReadBack, rowCodec, type Writer } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { DesiredAsset, ExistingAsset, SyncPlan } from "../SyncPlan.js"
import type { CloudImportMethods, CloudImportOptions, ImportError, ImportRowError } from "./cloudImport.js"

/**
 * An asset that a synchronisation created or deleted. The id is there if it is known.
 *
 * @category models
 * @since 0.1.0
 */
export interface SyncedAsset {
  readonly action: "create" | "delete"
  readonly id?: AssetId
  readonly externalId?: string
}

/**
 * The options of a plan.
 *
 * @category options
 * @since 0.1.0
 */
export interface SyncPlanOptions {
  /** Whether to delete the assets that no row names; default `false`. */
  readonly delete?: boolean | undefined
}

/**
 * The options of a synchronisation: those of an import, and the limit of deletions. A `ledger` belongs to one plan: use
 * another ledger for another plan.
 *
 * @category options
 * @since 0.1.0
 */
export interface SyncOptions
  extends Pick<
    CloudImportOptions,
    "batches" | "chunk" | "concurrency" | "readBackIds" | "ledger" | "priority" | "storage" | "uploadLocal"
  > {
  /** The most assets to delete; by default a tenth of those that the project had. */
  readonly maxDeletes?: number | undefined
}

/**
 * The synchronisation of the service `Assets`.
 *
 * @category services
 * @since 0.1.0
 */
export interface AssetSyncMethods {
  /**
   * Plans the changes after which a project has the desired assets and, with `delete`, no others. Reads the assets of
   * the project once (`GET /project/{projectId}/assets`), compares external ids exactly, and changes nothing. Print the
   * plan with `SyncPlan.format`, and pass it to {@link AssetSyncMethods.sync}.
   *
   * Fails with `InvalidRequest` for a row without an external id, with `RowRejected` (`duplicate`) for two rows with the
   * same external id and different content, and with `IncompleteListing` if it is not certain that all assets were
   * read: nothing is ever deleted because of an incomplete read. Memory holds the rows and the plan.
   */
  readonly planSync: {
    (
      projectId: IdInput<ProjectId>,
      desired: Iterable<DesiredAsset>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, ListError | UnknownBatch | RowRejected>
    <E, R>(
      projectId: IdInput<ProjectId>,
      desired: Stream.Stream<DesiredAsset, E, R>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, E | ListError | UnknownBatch | RowRejected, R>
  }

  /**
   * Carries out a plan: creates assets as `Assets.importFromCloud` does, then deletes assets
   * (`DELETE /project/{projectId}/assets`), with one outcome each. Both are looked up first: what was created since the
   * plan is `Skipped` (`exists`), what was deleted is `Skipped` (`gone`). Repeating it is safe. A deleted asset is
   * `Updated`. A plan with more than `maxDeletes` deletions fails with `InvalidRequest` before any request.
   *
   * @example
   * ```ts
   * import { Assets, RowOutcome, SyncPlan } from "effect-ango"
   * import { Console, Effect, Stream } from "effect"
   *
   * const synced = Effect.gen(function*() {
   *   const assets = yield* Assets
   *   const desired = [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]
   *   const plan = yield* assets.planSync("65aa0000000000000000a001", desired, { delete: true })
   *   yield* Console.log(SyncPlan.format(plan))
   *   return yield* assets.sync("65aa0000000000000000a001", plan, { maxDeletes: 10 }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly sync: (
    projectId: IdInput<ProjectId>,
    plan: SyncPlan,
    options?: SyncOptions
  ) => Stream.Stream<RowOutcome<SyncedAsset, ImportRowError>, ImportError>
}

const deleteOperation = AssetsApi.operations.delete
// A plan sends no write.
const planOperation = { ...AssetsApi.operations.importFromCloud, title: "Assets.planSync" }

const Row = Schema.Struct({
  externalId: Schema.String.pipe(Schema.minLength(1, { title: "an external id, which identifies the row" }))
})

const Options = Schema.typeSchema(
  Schema.Struct({
    project: ProjectId,
    chunk: bulkOptionFields.chunk,
    concurrency: bulkOptionFields.concurrency,
    maxDeletes: Schema.optional(
      Schema.Int.pipe(Schema.nonNegative()).annotations({ title: "a whole number of 0 or more" })
    )
  })
)

const Deletion = Schema.Struct({ id: AssetId, externalId: Schema.String })

const validateDeletion = rowValidation(deleteOperation, Deletion)

const DeletedAsset = Schema.Struct({ action: Schema.Literal("delete"), ...Deletion.fields })

type DeletedAsset = typeof DeletedAsset.Type

const tenthOf = (count: number): number => Math.floor(count / 10)

// A row that JSON cannot represent equals only itself.
const haveSameContent = (one: DesiredAsset, other: DesiredAsset): boolean => {
  const text = canonicalText(one)
  return one === other || (text !== undefined && text === canonicalText(other))
}

const readDesired = <E, R>(rows: Rows<DesiredAsset, E, R>) =>
  Stream.runFoldEffect(toStream(rows), new Map<string, DesiredAsset>(), (desired, row) =>
    Effect.gen(function* () {
      yield* validateInput(planOperation, Row, row)
      const earlier = desired.get(row.externalId)
      if (earlier === undefined) return desired.set(row.externalId, row)
      if (haveSameContent(earlier, row)) return desired
      return yield* new RowRejected({
        reason: "duplicate",
        ...operationContext(
          planOperation,
          `${label(planOperation)} failed: two rows have the external id ${JSON.stringify(row.externalId)} ` +
            "and different content. Remove one of them."
        ),
        key: row.externalId,
        duplicateOf: "input"
      })
    })
  )

/** Makes `Assets.planSync` and `Assets.sync`. */
export const makeAssetSync = (
  client: GroupClient<typeof AssetsApi>,
  {
    importFromCloud,
    lookup,
    stream
  }: {
    readonly importFromCloud: CloudImportMethods["importFromCloud"]
    readonly lookup: Lookup
    readonly stream: (projectId: IdInput<ProjectId>) => Stream.Stream<Asset, ListError | UnknownBatch>
  }
): AssetSyncMethods => {
  const planSync = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<DesiredAsset, E, R>,
    options: SyncPlanOptions = {}
  ): Effect.Effect<SyncPlan, E | ListError | UnknownBatch | RowRejected, R> =>
    Effect.gen(function* () {
      const desired = yield* readDesired(rows)
      const idsByExternalId = new Map<string, Array<AssetId>>()
      const undesired: Array<ExistingAsset> = []
      let assets = 0
      yield* Stream.runForEachChunk(stream(projectId), (some) =>
        Effect.sync(() => {
          for (const { externalId, id } of some) {
            assets++
            if (externalId == null || externalId === "") continue
            if (desired.has(externalId)) {
              idsByExternalId.set(externalId, [...(idsByExternalId.get(externalId) ?? []), id])
            } else if (options.delete === true) undesired.push({ id, externalId })
          }
        })
      )
      const existing = Array.from(idsByExternalId, ([externalId, ids]) => ({ externalId, ids }))
      return {
        project: fromInput<ProjectId>(projectId),
        assets,
        create: Array.from(desired.values()).filter(({ externalId }) => !idsByExternalId.has(externalId)),
        keep: existing.flatMap(({ externalId, ids: [id, ...others] }) =>
          id === undefined || others.length > 0 ? [] : [{ id, externalId }]
        ),
        ambiguous: existing.filter(({ ids }) => ids.length > 1),
        delete: undesired
      }
    }).pipe(Effect.withSpan("Assets.planSync"))

  const deletionWriter = (
    project: ProjectId
  ): Writer<ExistingAsset, ExistingAsset, DeletedAsset, CallError> => {
    const presence = (items: ReadonlyArray<ExistingAsset>) =>
      Effect.map(
        lookup(
          project,
          items.map(({ externalId }) => externalId)
        ),
        (assets) => {
          const ids = new Set(assets.map(({ id }) => id))
          return ({ id }: ExistingAsset) => ids.has(id)
        }
      )
    const toValue = ({ externalId, id }: ExistingAsset): DeletedAsset => ({
      action: "delete",
      id,
      externalId
    })
    return {
      operation: deleteOperation,
      name: `${deleteOperation.name} of project ${project}`,
      outcome: "Updated",
      input: {
        keyOf: ({ id }) => id,
        isUnique: true,
        toItem: validateDeletion
      },
      // The hub rejects a deletion of assets that do not exist.
      lookUp: (items) =>
        Effect.map(presence(items), (isPresent) =>
          items.map((item): Decision<ExistingAsset, DeletedAsset, CallError> => {
            const message = `The asset ${item.id} with the external id ${JSON.stringify(item.externalId)} no longer exists.`
            return isPresent(item)
              ? { _tag: "Send", item }
              : { _tag: "Skip", reason: "gone", message, value: toValue(item) }
          })
        ),
      request: {
        send: (items) =>
          Effect.as(
            client.assets.delete({
              path: { projectId: project },
              payload: { project, assets: items.map(({ id }) => id) }
            }),
            { _tag: "Done" } as const
          )
      },
      readBack: {
        read: (items) =>
          Effect.map(presence(items), (isPresent) =>
            items.map(
              (item): ReadBack<DeletedAsset> =>
                isPresent(item) ? { _tag: "Absent" } : { _tag: "Present", value: toValue(item) }
            )
          ),
        afterSuccess: false
      },
      value: { of: toValue, codec: rowCodec(DeletedAsset) }
    }
  }

  const sync: AssetSyncMethods["sync"] = (projectId, plan, options = {}) => {
    const { chunk, concurrency, maxDeletes = tenthOf(plan.assets), ...importOptions } = options
    return Stream.unwrap(
      Effect.gen(function* () {
        yield* validateInput(
          deleteOperation,
          Options,
          omitUndefined({ project: projectId, chunk, concurrency, maxDeletes })
        )
        if (plan.project !== fromInput<ProjectId>(projectId)) {
          return yield* invalidRequest(
            deleteOperation,
            "plan",
            `It is a plan for the project ${plan.project}. Make a plan for this project.`
          )
        }
        if (plan.delete.length > maxDeletes) {
          return yield* invalidRequest(
            deleteOperation,
            "plan.delete",
            `It would delete ${plan.delete.length} of ${plan.assets} assets, and ${maxDeletes} are allowed. Check the ` +
              "plan; if it is right, raise maxDeletes."
          )
        }
        const created = importFromCloud(projectId, plan.create, {
          ...importOptions,
          chunk,
          concurrency
        }).pipe(
          Stream.map(
            (outcome): RowOutcome<SyncedAsset, ImportRowError> =>
              "value" in outcome && outcome.value !== undefined
                ? { ...outcome, value: { action: "create", ...outcome.value } }
                : (outcome as RowOutcome<never, ImportRowError>)
          )
        )
        const deleted: Stream.Stream<RowOutcome<SyncedAsset, ImportRowError>, ImportError> = write(
          deletionWriter(plan.project),
          plan.delete,
          { chunk, concurrency }
        ).pipe(Stream.map((outcome) => ({ ...outcome, index: outcome.index + plan.create.length })))
        return Stream.concat(created, deleted)
      })
    ).pipe(Stream.withSpan("Assets.sync"))
  }

  // The implementation cannot express that rows of an iterable do not fail; the overloads do.
  return { planSync: planSync as AssetSyncMethods["planSync"], sync }
}
