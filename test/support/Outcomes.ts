// Bulk writes as tests want them: all outcomes, or the failure that one of them is.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { AngoError, Assets, type CloudAssetInput, type CloudImportOptions, RowOutcome } from "effect-ango"

/** All outcomes of a bulk write, in their order. */
export const outcomesOf = <A, E, R>(stream: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

type Failing = RowOutcome.RowOutcome<unknown, AngoError.AngoError>

const isOutcome = (value: unknown): value is Failing =>
  Predicate.isRecord(value) && typeof value["index"] === "number" && "key" in value

const errorOf = (outcome: Failing): AngoError.AngoError | undefined => {
  if (RowOutcome.isFailed(outcome)) return outcome.error
  return RowOutcome.isUnknown(outcome) ? outcome.error : undefined
}

/** Runs a stream to its end; the first row of a bulk write that fails, or is unknown, is a failure. */
export const strictly = <E, R>(
  stream: Stream.Stream<unknown, E, R>
): Effect.Effect<void, E | AngoError.AngoError, R> =>
  Stream.runForEach(stream, (value) => {
    const error = isOutcome(value) ? errorOf(value) : undefined
    return error === undefined ? Effect.void : Effect.fail(error)
  })

/** The same, where it is no failure that the hub left a row out. */
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

/** An import as one request and nothing else, which fails as its first row does. */
export const bareImport = (
  projectId: string,
  assets: ReadonlyArray<CloudAssetInput>,
  options?: CloudImportOptions
) =>
  Effect.flatMap(Assets, (service) =>
    strictly(service.importFromCloud(projectId, assets, { ...options, duplicates: "allow" }))
  )
