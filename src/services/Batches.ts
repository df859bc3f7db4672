/**
 * Batches: named groups of assets in a project.
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
import { AssetsApi } from "../api/assets.js"
import { BatchesApi } from "../api/batches.js"
import { label } from "../api/operation.js"
import { ProjectsApi } from "../api/projects.js"
import { type BatchAssignmentMethods, makeBatchAssignment } from "../bulk/writers/batchAssignment.js"
import { type CallError, LostUpdate, type UnknownBatch } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { readBatches, resolveBatches } from "../filters/batchNames.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { type Batch, BatchList, NewBatch, NewBatches, type ProjectBatches } from "../schemas/Batch.js"
import { BatchId, fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import { withKeyedLock } from "../utils/keyLock.js"

/**
 * The methods of {@link Batches}.
 *
 * @category services
 * @since 0.1.0
 */
export interface BatchesService extends BatchAssignmentMethods {
  /**
   * Lists all batches of a project (`GET /project/{projectId}`, docs/api-notes.md#list-batches). Fails with `NotFound`
   * if the project does not exist.
   */
  readonly list: (projectId: IdInput<ProjectId>) => Effect.Effect<ReadonlyArray<Batch>, CallError>

  /**
   * Resolves names or ids of batches to distinct ids, in the same order (`GET /project/{projectId}`). Fails with
   * `UnknownBatch`, which lists the names of the project, and with `InvalidRequest` if several batches have a name.
   */
  readonly resolve: (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<BatchId>, CallError | UnknownBatch>

  /**
   * Returns the batch with this name, and creates it if the project has none (`GET /project/{projectId}`, then
   * `POST /batches/{projectId}` with the name alone, which adds the batch and leaves the others as they are). The batch
   * is a name, or a name with a `description` and a `color` (`#RRGGBB`); the latter is written as
   * {@link BatchesService.createMany} does, as the documents show these fields in the complete list only. So is a name
   * that the hub refuses with a 400.
   *
   * A name is sent once: if the result is unknown, the project is read, and the call fails with `AmbiguousOutcome` if it
   * does not contain the batch. Fails with `LostUpdate` if the hub accepted the name and the project has no such batch.
   *
   * @remarks undocumented: what the hub does with a name that exists. Therefore the project is read first; calls in one
   * process run one at a time per project. Two processes that create the same name at the same moment may get two batches
   * of this name, which methods that look batches up by name then refuse with `InvalidRequest`.
   *
   * @example
   * ```ts
   * import { Batches } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const week = Effect.flatMap(Batches, (batches) => batches.create("65aa0000000000000000a001", "Week 1"))
   * ```
   */
  readonly create: (
    projectId: IdInput<ProjectId>,
    batch: string | NewBatch
  ) => Effect.Effect<Batch, CallError | LostUpdate>

  /**
   * Returns the batches with these names, in the same order, and creates the missing ones (`GET /project/{projectId}`,
   * `POST /batches/{projectId}`, then `GET /project/{projectId}` again). Existing batches stay as they are, so that the
   * call can be repeated. Fails with `InvalidRequest` before any request if a name is blank or given twice.
   *
   * The write replaces the whole list, and one that is based on an older list removes batches. Therefore calls in one process run one at a time per project. Writes of other processes, and writes
   * whose result is unknown, are noticed when the batches are read back; the write is then repeated, at most five
   * times in all, before the call fails with `LostUpdate`. A write of another process that was prepared earlier and
   * arrives after the batches were read back cannot be noticed: create batches in one process at a time, or one by one
   * with {@link BatchesService.create}.
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
   * Replaces the whole list of a project's batches (`POST /batches/{projectId}`), to rename or delete batches. A
   * batch with an id stays and gets the given name, one without an id is created, and **a batch that is not in the
   * list is deleted**. Nothing is merged: batches that others created since the list was read are lost, so call it in
   * one process at a time. Fails with `InvalidRequest` before any request if two batches have one name.
   *
   * @remarks undocumented: renaming and deleting. The documentation of the endpoint covers creating only.
   */
  readonly replace: (
    projectId: IdInput<ProjectId>,
    batches: ReadonlyArray<Batch | NewBatch>
  ) => Effect.Effect<void, CallError>
}

const maxWrites = 5

// In milliseconds; random, so that two processes that overwrite each other do not stay in step.
const maxPause = 400

const toNewBatch = (batch: string | NewBatch): NewBatch =>
  typeof batch === "string" ? { name: batch } : batch

const isNameAlone = ({ color, description }: NewBatch): boolean => color == null && description == null

const findByName = (batches: ReadonlyArray<Batch>, name: string): Option.Option<Batch> =>
  Arr.findFirst(batches, (batch) => batch.name === name)

// The response is the batch itself; a hub of another age may return the project, whose new batches can lack an id.
const findWritten = ({ batches, ...written }: ProjectBatches, name: string): Option.Option<Batch> =>
  batches == null
    ? findByName([{ ...written, id: BatchId.make(written.id), name: written.name ?? "" }], name)
    : findByName(
        batches.filter((batch) => "id" in batch),
        name
      )

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<BatchesService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const client = (yield* AngoClient).use(AssetsApi, BatchesApi, ProjectsApi)
  const { baseUrl, pageSize } = yield* AngoConfig
  const update = BatchesApi.operations.update

  const lostUpdate = (missing: ReadonlyArray<string>, writes: number) =>
    new LostUpdate({
      ...operationContext(
        update,
        writes === maxWrites
          ? `${label(update)} was sent ${writes} times, and each time another writer removed new batches ` +
              `(${missing.length} are missing now). Create batches in one process at a time, then try again.`
          : `${label(update)} succeeded, and the project has no batch of that name: another writer removed it. ` +
              "Create batches in one process at a time, then try again."
      ),
      missing,
      writes
    })

  const pause = Effect.flatMap(Random.nextIntBetween(0, maxPause), Effect.sleep)

  const withProjectLock = (projectId: IdInput<ProjectId>) => withKeyedLock(`batches ${baseUrl} ${projectId}`)

  const write = (
    projectId: IdInput<ProjectId>,
    payload: { readonly name: string } | { readonly batches: ReadonlyArray<Batch | NewBatch> }
  ) => client.batches.update({ path: { projectId: fromInput(projectId) }, payload })

  const createByList = (
    projectId: IdInput<ProjectId>,
    requested: Arr.NonEmptyReadonlyArray<NewBatch>
  ): Effect.Effect<Arr.NonEmptyReadonlyArray<Batch>, CallError | LostUpdate> => {
    const readState = Effect.map(readBatches(client, projectId), (batches) => ({
      batches,
      existing: Option.all(Arr.map(requested, ({ name }) => findByName(batches, name))),
      missing: requested.filter(({ name }) => Option.isNone(findByName(batches, name)))
    }))

    const attempt = (
      writes: number
    ): Effect.Effect<Arr.NonEmptyReadonlyArray<Batch>, CallError | LostUpdate> =>
      Effect.gen(function* () {
        const before = yield* readState
        if (Option.isSome(before.existing)) return before.existing.value
        if (writes === maxWrites) {
          const missing = before.missing.map(({ name }) => name)
          return yield* lostUpdate(missing, writes)
        }
        // If the result of the write is unknown, reading back shows it.
        yield* Effect.catchTag(
          write(projectId, { batches: [...before.batches, ...before.missing] }),
          "AmbiguousOutcome",
          (error) => (writes + 1 < maxWrites ? Effect.void : Effect.fail(error))
        )
        const after = yield* readState
        if (Option.isSome(after.existing)) return after.existing.value
        yield* pause
        return yield* attempt(writes + 1)
      })

    return attempt(0)
  }

  const createByName = (
    projectId: IdInput<ProjectId>,
    name: string
  ): Effect.Effect<Batch, CallError | LostUpdate> => {
    const readBackOr = (error: CallError | LostUpdate): Effect.Effect<Batch, CallError | LostUpdate> =>
      Effect.flatMap(
        readBatches(client, projectId),
        (batches): Effect.Effect<Batch, CallError | LostUpdate> =>
          Option.getOrElse(Option.map(findByName(batches, name), Effect.succeed), () => Effect.fail(error))
      )
    return write(projectId, { name }).pipe(
      Effect.flatMap(({ data }) => findWritten(data.project, name)),
      Effect.catchTags({
        NoSuchElementException: () => readBackOr(lostUpdate([name], 1)),
        // The batch may exist: its name is never sent again, and reading back shows it.
        AmbiguousOutcome: readBackOr,
        DecodeError: readBackOr,
        BadRequest: () => Effect.map(createByList(projectId, [{ name }]), Arr.headNonEmpty)
      })
    )
  }

  const create = (
    projectId: IdInput<ProjectId>,
    batch: NewBatch
  ): Effect.Effect<Batch, CallError | LostUpdate> =>
    Effect.gen(function* () {
      if (!isNameAlone(batch)) return Arr.headNonEmpty(yield* createByList(projectId, [batch]))
      const existing = findByName(yield* readBatches(client, projectId), batch.name)
      return Option.isSome(existing) ? existing.value : yield* createByName(projectId, batch.name)
    })

  return {
    list: Effect.fn("Batches.list")(function* (projectId) {
      return yield* readBatches(client, projectId)
    }),

    resolve: Effect.fn("Batches.resolve")(function* (projectId, batches) {
      return yield* resolveBatches(ProjectsApi.operations.get, client, projectId, batches)
    }),

    create: Effect.fn("Batches.create")(function* (projectId, batch) {
      const newBatch = yield* validateInput(update, Schema.typeSchema(NewBatch), toNewBatch(batch))
      return yield* withProjectLock(projectId)(create(projectId, newBatch))
    }),

    createMany: Effect.fn("Batches.createMany")(function* (projectId, batches) {
      const { batches: newBatches } = yield* validateInput(
        update,
        Schema.typeSchema(Schema.Struct({ batches: NewBatches })),
        {
          batches: batches.map(toNewBatch)
        }
      )
      if (!Arr.isNonEmptyReadonlyArray(newBatches)) return []
      return yield* withProjectLock(projectId)(createByList(projectId, newBatches))
    }),

    replace: Effect.fn("Batches.replace")(function* (projectId, batches) {
      yield* validateInput(update, Schema.Struct({ batches: BatchList }), { batches })
      yield* withProjectLock(projectId)(write(projectId, { batches }))
    }),

    assign: makeBatchAssignment(client, pageSize)
  }
})

/**
 * The batches of a project: list, create and replace them, assign assets to them.
 *
 * @category services
 * @since 0.1.0
 */
export class Batches extends Context.Tag("effect-ango/Batches")<Batches, BatchesService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Batches, never, AngoClient | AngoConfig> = Layer.effect(Batches, make)
}
