/**
 * How a project comes to have the assets of a list: the part of the service `Assets` that plans that and does it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { label, operations } from "../../api/operations.js"
import { type CallError, type ListError, RowRejected, type UnknownBatch } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { AngoClient } from "../../layers/AngoClient.js"
import { validateInput } from "../../layers/transport/inputValidation.js"
import type { Asset } from "../../schemas/Asset.js"
import { AssetId, fromInput, type IdInput, ProjectId } from "../../schemas/ids.js"
import { omitUndefined } from "../../utils/omitUndefined.js"
import type { Lookup } from "../assetLookup.js"
import { canonical } from "../engine/admission.js"
import { type Rows, toStream, write } from "../engine/bulkWrite.js"
import { Bulk, type Decision, type ReadBack, rowCodec, type Writer } from "../engine/writer.js"
import type { RowOutcome } from "../RowOutcome.js"
import type { DesiredAsset, ExistingAsset, SyncPlan } from "../SyncPlan.js"
import type { CloudImportMethods, CloudImportOptions, ImportError, ImportRowError } from "./cloudImport.js"

/**
 * What a row of a synchronisation has done: made an asset, or deleted one. The id is there when it is known.
 *
 * @since 0.1.0
 */
export interface SyncedAsset {
  readonly action: "create" | "delete"
  readonly id?: AssetId
  readonly externalId?: string
}

/**
 * How a plan is made.
 *
 * @since 0.1.0
 */
export interface SyncPlanOptions {
  /** Whether assets that are not wanted are to be deleted; default `false`. */
  readonly delete?: boolean | undefined
}

/**
 * How a plan is carried out: as an import, and how much may be deleted. A `ledger` is that of one plan: another plan
 * needs another one.
 *
 * @since 0.1.0
 */
export interface SyncOptions
  extends Pick<
    CloudImportOptions,
    "batches" | "chunk" | "concurrency" | "readBackIds" | "ledger" | "priority" | "storage" | "uploadLocal"
  > {
  /** The most assets that may be deleted; by default a tenth of those that the project had. */
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
   * What has to be done for a project to have the assets that are wanted, and no others if `delete` says so: reads the
   * project's assets once (`GET /project/{projectId}/assets`), compares external ids to the letter, and changes
   * nothing. Print the plan (`SyncPlan.format`), and give it to {@link AssetSyncMethods.sync}.
   *
   * Fails with `InvalidRequest` for a row without an external id, with `DuplicateRow` for two of one external id and
   * different content, and with `IncompleteListing` when it is not known that all assets were seen: nothing is ever
   * deleted because of a reading that was incomplete. Memory holds the wanted rows and the plan.
   */
  readonly planSync: {
    (
      projectId: IdInput<ProjectId>,
      wanted: Iterable<DesiredAsset>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, ListError | UnknownBatch | RowRejected>
    <E, R>(
      projectId: IdInput<ProjectId>,
      wanted: Stream.Stream<DesiredAsset, E, R>,
      options?: SyncPlanOptions
    ): Effect.Effect<SyncPlan, E | ListError | UnknownBatch | RowRejected, R>
  }

  /**
   * Carries out a plan: makes what is to be made, as `Assets.importFromCloud` does, then deletes what is
   * to be deleted (`DELETE /project/{projectId}/assets`), one outcome for each. What others have made meanwhile is
   * looked up first and not made twice (`Skipped`, `exists`), what they have deleted is `Skipped` (`gone`): it is safe to
   * run again. A deleted asset is `Updated`. A plan that deletes more than `maxDeletes` is an `InvalidRequest` before
   * any request.
   *
   * @example
   * ```ts
   * import { Assets, RowOutcome, SyncPlan } from "effect-ango"
   * import { Console, Effect, Stream } from "effect"
   *
   * const synced = Effect.gen(function*() {
   *   const assets = yield* Assets
   *   const wanted = [{ data: "https://bucket.s3.eu-central-1.amazonaws.com/cat.jpg", externalId: "cat.jpg" }]
   *   const plan = yield* assets.planSync("65aa0000000000000000a001", wanted, { delete: true })
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

const remove = operations["assets.delete"]
const create = operations["assets.importFromCloud"]

const Row = Schema.Struct({
  externalId: Schema.String.pipe(Schema.minLength(1, { title: "an external id: rows are told apart by it" }))
})

const Options = Schema.typeSchema(
  Schema.Struct({
    project: ProjectId,
    chunk: Bulk.chunk,
    concurrency: Bulk.concurrency,
    maxDeletes: Schema.optional(
      Schema.Int.pipe(Schema.nonNegative()).annotations({ title: "a whole number of 0 or more" })
    )
  })
)

const Deletion = Schema.Struct({ id: AssetId, externalId: Schema.String })

const DeletedAsset = Schema.Struct({ action: Schema.Literal("delete"), ...Deletion.fields })

type DeletedAsset = typeof DeletedAsset.Type

const tenth = (count: number): number => Math.floor(count / 10)

// What cannot be said is the same as nothing else.
const saysSame = (one: DesiredAsset, other: DesiredAsset): boolean => {
  const text = canonical(one)
  return one === other || (text !== undefined && text === canonical(other))
}

/** `Assets.planSync` and `Assets.sync` */
export const makeAssetSync = (
  client: AngoClient["Type"],
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
  const read = <E, R>(rows: Rows<DesiredAsset, E, R>) =>
    Stream.runFoldEffect(toStream(rows), new Map<string, DesiredAsset>(), (all, row) =>
      Effect.gen(function* () {
        yield* validateInput(create, Row, row)
        const before = all.get(row.externalId)
        if (before !== undefined && !saysSame(before, row)) {
          const it = JSON.stringify(row.externalId)
          return yield* new RowRejected({
            reason: "duplicate",
            ...operationContext(
              create,
              `${label(create)} was not planned: ${it} is wanted twice, with another content.`
            ),
            key: row.externalId,
            duplicateOf: "input"
          })
        }
        return before === undefined ? all.set(row.externalId, row) : all
      })
    )

  const planSync = <E, R>(
    projectId: IdInput<ProjectId>,
    rows: Rows<DesiredAsset, E, R>,
    options: SyncPlanOptions = {}
  ): Effect.Effect<SyncPlan, E | ListError | UnknownBatch | RowRejected, R> =>
    Effect.gen(function* () {
      const wanted = yield* read(rows)
      const there = new Map<string, Array<AssetId>>()
      const unwanted: Array<ExistingAsset> = []
      let assets = 0
      yield* Stream.runForEachChunk(stream(projectId), (some) =>
        Effect.sync(() => {
          for (const { externalId, id } of some) {
            assets++
            if (externalId == null || externalId === "") continue
            if (wanted.has(externalId)) there.set(externalId, [...(there.get(externalId) ?? []), id])
            else if (options.delete === true) unwanted.push({ id, externalId })
          }
        })
      )
      const found = Array.from(there, ([externalId, ids]) => ({ externalId, ids }))
      return {
        project: fromInput<ProjectId>(projectId),
        assets,
        create: Array.from(wanted.values()).filter(({ externalId }) => !there.has(externalId)),
        keep: found.flatMap(({ externalId, ids: [id, ...others] }) =>
          id === undefined || others.length > 0 ? [] : [{ id, externalId }]
        ),
        ambiguous: found.filter(({ ids }) => ids.length > 1),
        delete: unwanted
      }
    }).pipe(Effect.withSpan("Assets.planSync"))

  const deletion = (project: ProjectId): Writer<ExistingAsset, ExistingAsset, DeletedAsset, CallError> => {
    const isThere = (items: ReadonlyArray<ExistingAsset>) =>
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
    const valueOf = ({ externalId, id }: ExistingAsset): DeletedAsset => ({
      action: "delete",
      id,
      externalId
    })
    return {
      operation: remove,
      of: `${remove.name} of project ${project}`,
      makes: "Updated",
      keyOf: ({ id }) => id,
      isUnique: true,
      toItem: (row) => validateInput(remove, Schema.typeSchema(Deletion), row),
      // The hub refuses a deletion of which nothing is there.
      decide: (items) =>
        Effect.map(isThere(items), (has) =>
          items.map((item): Decision<ExistingAsset, DeletedAsset, CallError> => {
            const message = `No asset ${item.id} with the external id ${JSON.stringify(item.externalId)} is there any more.`
            return has(item)
              ? { _tag: "Go", item }
              : { _tag: "Skip", reason: "gone", message, value: valueOf(item) }
          })
        ),
      send: (items) =>
        Effect.as(
          client.assets.delete({
            path: { projectId: project },
            payload: { project, assets: items.map(({ id }) => id) }
          }),
          { _tag: "Done" } as const
        ),
      readBack: (items) =>
        Effect.map(isThere(items), (has) =>
          items.map(
            (item): ReadBack<DeletedAsset> =>
              has(item) ? { _tag: "Absent" } : { _tag: "Present", value: valueOf(item) }
          )
        ),
      readsBack: false,
      toValue: valueOf,
      codec: rowCodec(DeletedAsset)
    }
  }

  const sync: AssetSyncMethods["sync"] = (projectId, plan, options = {}) => {
    const { chunk, concurrency, maxDeletes = tenth(plan.assets), ...others } = options
    return Stream.unwrap(
      Effect.gen(function* () {
        yield* validateInput(
          remove,
          Options,
          omitUndefined({ project: projectId, chunk, concurrency, maxDeletes })
        )
        if (plan.project !== fromInput<ProjectId>(projectId)) {
          return yield* invalidRequest(
            remove,
            "plan",
            `It is that of the project ${plan.project}. Make one for this.`
          )
        }
        if (plan.delete.length > maxDeletes) {
          return yield* invalidRequest(
            remove,
            "plan.delete",
            `It would delete ${plan.delete.length} of ${plan.assets} assets, and ${maxDeletes} are allowed. ` +
              "Look at the plan, and give maxDeletes when that is meant."
          )
        }
        const bulk = { chunk, concurrency }
        const made = importFromCloud(projectId, plan.create, { ...others, ...bulk }).pipe(
          Stream.map(
            (outcome): RowOutcome<SyncedAsset, ImportRowError> =>
              "value" in outcome && outcome.value !== undefined
                ? { ...outcome, value: { action: "create", ...outcome.value } }
                : (outcome as RowOutcome<never, ImportRowError>)
          )
        )
        const deleted: Stream.Stream<RowOutcome<SyncedAsset, ImportRowError>, ImportError> = write(
          deletion(plan.project),
          plan.delete,
          bulk
        ).pipe(Stream.map((outcome) => ({ ...outcome, index: outcome.index + plan.create.length })))
        return Stream.concat(made, deleted)
      })
    ).pipe(Stream.withSpan("Assets.sync"))
  }

  // The overloads say that what is only iterable cannot fail, which the one implementation cannot.
  return { planSync: planSync as AssetSyncMethods["planSync"], sync }
}
