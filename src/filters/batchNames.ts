// Resolves the batches of a project, given by name or by id, to ids.
import * as Effect from "effect/Effect"
import { label, type Operation } from "../api/operation.js"
import { type CallError, type InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import type { Batch } from "../schemas/Batch.js"
import { type BatchId, fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import type { Project } from "../schemas/Project.js"
import type { ConditionBatch } from "./rowConditions.js"

/** A batch of a condition, and whether rows that show it by name may mean another one. */
export type FoundBatch = Batch & ConditionBatch

type Call<Data> = (request: {
  readonly path: { readonly projectId: ProjectId }
}) => Effect.Effect<{ readonly data: Data }, CallError>

/** The two endpoints that return the batches of a project. */
export interface BatchClient {
  readonly projects: { readonly get: Call<{ readonly project: Project }> }
  readonly batches: { readonly list: Call<{ readonly batches: ReadonlyArray<Batch> }> }
}

/**
 * The batches of a project that was read. If it has no batches field, they are read from the list of batches, an endpoint
 * that only one old page names. A missing field never counts as an empty list, since the result may be written back.
 */
export const batchesInProject = (
  { batches: client }: Pick<BatchClient, "batches">,
  { batches, id: projectId }: Project
): Effect.Effect<ReadonlyArray<Batch>, CallError> =>
  batches == null
    ? Effect.map(client.list({ path: { projectId } }), ({ data }) => data.batches)
    : Effect.succeed(batches)

/** The batches of a project. They are read from the project, as the SDK does (docs/api-notes.md#list-batches). */
export const readBatches = (
  client: BatchClient,
  projectId: IdInput<ProjectId>
): Effect.Effect<ReadonlyArray<Batch>, CallError> =>
  Effect.flatMap(client.projects.get({ path: { projectId: fromInput(projectId) } }), ({ data }) =>
    batchesInProject(client, data.project)
  )

const maxQuotedNames = 20

const quoteNames = (names: ReadonlyArray<string>): string => {
  const quoted = names.slice(0, maxQuotedNames).map((name) => JSON.stringify(name))
  const hidden = names.length - quoted.length
  return quoted.join(", ") + (hidden > 0 ? ` and ${hidden} more` : "")
}

const unknownBatch = (
  operation: Operation,
  unknown: ReadonlyArray<string>,
  known: ReadonlyArray<string>
): UnknownBatch =>
  new UnknownBatch({
    ...operationContext(
      operation,
      `${label(operation)} finds no batch ${quoteNames(unknown)} in the project, which has ` +
        `${known.length === 0 ? "no batches yet" : quoteNames(known)}. ` +
        "Create it first (Batches.create), or correct the name."
    ),
    unknown,
    known
  })

const distinct = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(values)]

/**
 * A function from the name or id of a batch to its id, for the given names. If a text is the id of one batch and the
 * name of another, the id wins. Fails with `UnknownBatch`, or with `InvalidRequest` if several batches have the name.
 */
export const matchBatches = (
  operation: Operation,
  batches: ReadonlyArray<Batch>,
  namesOrIds: ReadonlyArray<string>
): Effect.Effect<(nameOrId: string) => BatchId, InvalidRequest | UnknownBatch> =>
  Effect.gen(function* () {
    const ids = new Map<string, BatchId>()
    const unknown: Array<string> = []
    for (const nameOrId of distinct(namesOrIds)) {
      const byId = batches.filter(({ id }) => id === nameOrId)
      const [match, second] = byId.length > 0 ? byId : batches.filter(({ name }) => name === nameOrId)
      if (match === undefined) unknown.push(nameOrId)
      else if (second !== undefined && byId.length === 0) {
        return yield* invalidRequest(
          operation,
          "batches",
          `The project has several batches called ${JSON.stringify(nameOrId)}. Select one by its id.`
        )
      } else ids.set(nameOrId, match.id)
    }
    if (unknown.length > 0) {
      return yield* unknownBatch(operation, unknown, distinct(batches.map(({ name }) => name)))
    }
    return (nameOrId) => ids.get(nameOrId) ?? fromInput<BatchId>(nameOrId)
  })

/** {@link matchBatches} for a project, which is read once, and not at all without names. */
export const makeBatchResolver = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  namesOrIds: ReadonlyArray<string>
): Effect.Effect<(nameOrId: string) => BatchId, CallError | InvalidRequest | UnknownBatch> =>
  Effect.flatMap(namesOrIds.length === 0 ? Effect.succeed([]) : readBatches(client, projectId), (batches) =>
    matchBatches(operation, batches, namesOrIds)
  )

const isAmbiguous = (batch: Batch, batches: ReadonlyArray<Batch>): boolean =>
  batches.some(
    ({ id, name }) => id !== batch.id && (name === batch.name || name === batch.id || id === batch.name)
  )

/** The distinct batches of these names or ids, in their order. */
export const findBatches = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  namesOrIds: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<FoundBatch>, CallError | InvalidRequest | UnknownBatch> =>
  Effect.flatMap(readBatches(client, projectId), (batches) =>
    Effect.map(matchBatches(operation, batches, namesOrIds), (idOf) => {
      const ids = new Set(namesOrIds.map(idOf))
      return [...ids].flatMap((id) => {
        const batch = batches.find((one) => one.id === id)
        return batch === undefined ? [] : [{ ...batch, isAmbiguous: isAmbiguous(batch, batches) }]
      })
    })
  )

/** The distinct ids of batches, in the order of their names. */
export const resolveBatches = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  namesOrIds: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<BatchId>, CallError | InvalidRequest | UnknownBatch> =>
  Effect.map(makeBatchResolver(operation, client, projectId, namesOrIds), (idOf) =>
    distinct(namesOrIds.map(idOf))
  )

/**
 * {@link findBatches} for an optional condition. An empty list is refused: the API may read it as no condition,
 * and the request would select everything instead of nothing. `everything` is a phrase for the error message.
 */
export const findConditionBatches = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  namesOrIds: ReadonlyArray<string> | undefined,
  everything: string
): Effect.Effect<ReadonlyArray<FoundBatch> | undefined, CallError | InvalidRequest | UnknownBatch> => {
  if (namesOrIds === undefined) return Effect.succeed(undefined)
  return namesOrIds.length === 0
    ? Effect.fail(
        invalidRequest(
          operation,
          "batches",
          "Expected at least one batch, by name or by id: " +
            `an empty list could be read as ${everything}. Leave the condition out for that.`
        )
      )
    : Effect.withSpan(findBatches(operation, client, projectId, namesOrIds), "Batches.resolve")
}

/** The ids of {@link findConditionBatches}. */
export const resolveBatchCondition = (
  operation: Operation,
  client: BatchClient,
  projectId: IdInput<ProjectId>,
  namesOrIds: ReadonlyArray<string> | undefined,
  everything: string
): Effect.Effect<ReadonlyArray<BatchId> | undefined, CallError | InvalidRequest | UnknownBatch> =>
  Effect.map(findConditionBatches(operation, client, projectId, namesOrIds, everything), (batches) =>
    batches?.map(({ id }) => id)
  )
