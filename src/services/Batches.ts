/**
 * Batches: the named groups of assets in a project.
 *
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { label, operations } from "../api/operations.js"
import type { RowOutcome } from "../bulk/RowOutcome.js"
import {
  type BatchAssignment,
  type BatchAssignmentError,
  type BatchedAsset,
  type BatchRowError,
  makeBatchAssignment
} from "../bulk/writers/batchAssignment.js"
import { type CallError, LostUpdate, type UnknownBatch } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { batchesOf, resolve } from "../filters/batchFilter.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { type Batch, NewBatch, NewBatches, BatchList } from "../schemas/Batch.js"
import { type AssetId, type BatchId, fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import { withKeyedLock } from "../utils/keyedLock.js"

/** @since 0.1.0 */
export interface BatchesService {
  /**
   * All batches of a project (`GET /batches/{projectId}`; the hub does not page them). Fails with `NotFound`
   * when there is no such project.
   */
  readonly list: (projectId: IdInput<ProjectId>) => Effect.Effect<ReadonlyArray<Batch>, CallError>

  /**
   * The ids of batches that are given by name or by id, in the same order, each once (`GET /project/{projectId}`).
   * Fails with `UnknownBatch`, which lists the names there are, and with `InvalidRequest` when several batches
   * have the name.
   */
  readonly resolve: (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch>

  /**
   * The batch of this name, created when the project has none (`GET /project/{projectId}`, then
   * `POST /batches/{projectId}`). A name, or a name with a `description` and a `color` (`#RRGGBB`); as
   * {@link BatchesService.createMany} otherwise.
   */
  readonly create: (
    projectId: IdInput<ProjectId>,
    batch: string | NewBatch
  ) => Effect.Effect<Batch, CallError | LostUpdate>

  /**
   * The batches of these names, in the same order. Those that the project has are kept and returned as they are;
   * the others are created, and read back (`GET /project/{projectId}`, `POST /batches/{projectId}`, and the
   * reading again). Names are unique and not blank, else `InvalidRequest`. Calling it again is harmless.
   *
   * The hub has no way to add a batch: a write replaces the whole list, and one that was based on an older list
   * takes batches away. Creators in one process therefore wait for each other, per project. Writers of other
   * processes, and writes that got no answer, are noticed when the batches are read back, and the write is repeated, five times at most; then it
   * fails with `LostUpdate`. A foreign write that was prepared before ours and lands after the reading back
   * cannot be noticed by anybody: create batches from one place when several processes run.
   *
   * @example
   * ```ts
   * import { Batches } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const weeks = Effect.gen(function*() {
   *   const batches = yield* Batches
   *   return yield* batches.createMany("65aa0000000000000000a001", ["Week 1", "Week 2"])
   * })
   * ```
   */
  readonly createMany: (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<string | NewBatch>
  ) => Effect.Effect<ReadonlyArray<Batch>, CallError | LostUpdate>

  /**
   * Writes the whole list of a project's batches as it is given (`POST /batches/{projectId}`): a batch with its
   * id stays, under the name that is given here; one without an id is new; **one that is left out is taken
   * away**. Two batches of one name are refused before any request. To rename or to delete, from one place at a time: nothing is merged here, and what others have
   * created since the list was read is lost. Only creating is documented of this endpoint.
   */
  readonly replace: (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<Batch | NewBatch>
  ) => Effect.Effect<void, CallError>

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

const maxWrites = 5

// Two processes that overwrite each other should not do so in step.
const maxPause = 400

const toNewBatch = (batch: string | NewBatch): NewBatch =>
  typeof batch === "string" ? { name: batch } : batch

/** @since 0.1.0 */
export const make: Effect.Effect<BatchesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const client = yield* AngoClient
  const { baseUrl, pageSize } = yield* AngoConfig
  const update = operations["batches.update"]

  const lost = (missing: ReadonlyArray<string>) =>
    new LostUpdate({
      ...operationContext(
        update,
        `${label(update)} was made ${maxWrites} times, and each time another writer took new batches away ` +
          `(${missing.length} of them now). Create batches from one place at a time, then try again.`
      ),
      missing,
      writes: maxWrites
    })

  const pause = Effect.flatMap(Random.nextIntBetween(0, maxPause), Effect.sleep)

  const alone = (projectId: IdInput<ProjectId>) => withKeyedLock(`batches ${baseUrl} ${projectId}`)

  const write = (projectId: IdInput<ProjectId>, batches: ReadonlyArray<Batch | NewBatch>) =>
    client.batches.update({ path: { projectId: fromInput(projectId) }, payload: { batches } })

  const create = (projectId: IdInput<ProjectId>, wanted: Arr.NonEmptyReadonlyArray<NewBatch>) => {
    const look = Effect.map(batchesOf(client, projectId), (batches) => ({
      batches,
      found: Option.all(
        Arr.map(wanted, ({ name }) => Arr.findFirst(batches, (batch) => batch.name === name))
      ),
      missing: wanted.filter(({ name }) => !batches.some((batch) => batch.name === name))
    }))

    const attempt = (
      writes: number
    ): Effect.Effect<Arr.NonEmptyReadonlyArray<Batch>, CallError | LostUpdate> =>
      Effect.gen(function* () {
        const before = yield* look
        if (Option.isSome(before.found)) return before.found.value
        if (writes === maxWrites) return yield* lost(before.missing.map(({ name }) => name))
        // The reading back tells what became of a write without an answer.
        yield* Effect.catchTag(
          write(projectId, [...before.batches, ...before.missing]),
          "AmbiguousOutcome",
          (error) => (writes + 1 < maxWrites ? Effect.void : Effect.fail(error))
        )
        const after = yield* look
        if (Option.isSome(after.found)) return after.found.value
        yield* pause
        return yield* attempt(writes + 1)
      })

    return alone(projectId)(attempt(0))
  }

  return {
    list: Effect.fn("Batches.list")(function* (projectId) {
      const { data } = yield* client.batches.list({ path: { projectId: fromInput(projectId) } })
      return data.batches
    }),

    resolve: Effect.fn("Batches.resolve")(function* (projectId, batches) {
      return yield* resolve(operations["projects.get"], client, projectId, batches)
    }),

    create: Effect.fn("Batches.create")(function* (projectId, batch) {
      const wanted = yield* validateInput(update, Schema.typeSchema(NewBatch), toNewBatch(batch))
      const [created] = yield* create(projectId, [wanted])
      return created
    }),

    createMany: Effect.fn("Batches.createMany")(function* (projectId, batches) {
      const { batches: wanted } = yield* validateInput(
        update,
        Schema.typeSchema(Schema.Struct({ batches: NewBatches })),
        {
          batches: batches.map(toNewBatch)
        }
      )
      return Arr.isNonEmptyReadonlyArray(wanted) ? yield* create(projectId, wanted) : []
    }),

    replace: Effect.fn("Batches.replace")(function* (projectId, batches) {
      yield* validateInput(update, Schema.Struct({ batches: BatchList }), { batches })
      yield* alone(projectId)(write(projectId, batches))
    }),

    assign: makeBatchAssignment(client, pageSize)
  }
})

/**
 * The batches of Ango Hub.
 *
 * @since 0.1.0
 */
export class Batches extends Context.Tag("effect-ango/Batches")<Batches, BatchesService>() {
  static readonly layer: Layer.Layer<Batches, never, AngoClient | AngoConfig> = Layer.effect(Batches, make)
}
