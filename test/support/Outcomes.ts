// Runs bulk writes for tests: all outcomes, or the failure of the first row.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { AngoError, Assets, type CloudAssetInput, type CloudImportOptions, RowOutcome } from "effect-ango"

/** All outcomes of a bulk write, in order. */
export const outcomesOf = <A, E, R>(stream: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

type Failing = RowOutcome.RowOutcome<unknown, AngoError.AngoError>

const isOutcome = (value: unknown): value is Failing =>
  Predicate.isRecord(value) && typeof value["index"] === "number" && "key" in value

const errorOf = (outcome: Failing): AngoError.AngoError | undefined => {
  if (RowOutcome.isFailed(outcome)) return outcome.error
  return RowOutcome.isUnknown(outcome) ? outcome.error : undefined
}

/** Runs a stream, and fails with the error of the first row that failed or is unknown. */
export const strictly = <E, R>(
  stream: Stream.Stream<unknown, E, R>
): Effect.Effect<void, E | AngoError.AngoError, R> =>
  Stream.runForEach(stream, (value) => {
    const error = isOutcome(value) ? errorOf(value) : undefined
    return error === undefined ? Effect.void : Effect.fail(error)
  })

/** As {@link strictly}, but rows that the hub did not apply are not failures. */
export const understood = <E, R>(stream: Stream.Stream<unknown, E, R>) =>
  Effect.catchIf(
    strictly(stream),
    (error) => error instanceof AngoError.RowRejected && error.reason === "not-applied",
    () => Effect.void
  )

/** The outcomes of an import into a project. */
export const importInto = (
  projectId: string,
  assets: ReadonlyArray<CloudAssetInput>,
  options?: CloudImportOptions
) => Effect.flatMap(Assets, (service) => outcomesOf(service.importFromCloud(projectId, assets, options)))

/** An import with no other request, which fails as its first row does. */
export const bareImport = (
  projectId: string,
  assets: ReadonlyArray<CloudAssetInput>,
  options?: CloudImportOptions
) =>
  Effect.flatMap(Assets, (service) =>
    strictly(service.importFromCloud(projectId, assets, { ...options, duplicates: "allow" }))
  )
