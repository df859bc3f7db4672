// Batches by name or id, as methods take them, to the ids that are sent.
import * as Effect from "effect/Effect"
import { label, type Operation } from "../api/operations.js"
import { type CallError, type InvalidRequest, UnknownBatch } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { operationContext } from "../errors/OperationContext.js"
import type { Batch } from "../schemas/Batch.js"
import { type BatchId, fromInput, type IdInput, type ProjectId } from "../schemas/ids.js"
import type { Project } from "../schemas/Project.js"

type Call<Data> = (request: {
  readonly path: { readonly projectId: ProjectId }
}) => Effect.Effect<{ readonly data: Data }, CallError>

/** The two calls of the client that know a project's batches. */
export interface BatchReads {
  readonly projects: { readonly get: Call<{ readonly project: Project }> }
  readonly batches: { readonly list: Call<{ readonly batches: ReadonlyArray<Batch> }> }
}

/**
 * The batches of a project, read from the project as the SDK does: that answer is documented. A project that does
 * not say has its list asked for; an empty one is never made up, since what is read here may be written back.
 */
export const batchesOf = (
  client: BatchReads,
  projectId: IdInput<ProjectId>
): Effect.Effect<ReadonlyArray<Batch>, CallError> => {
  const request = { path: { projectId: fromInput(projectId) } }
  return Effect.flatMap(client.projects.get(request), ({ data: { project } }) =>
    project.batches == null
      ? Effect.map(client.batches.list(request), ({ data }) => data.batches)
      : Effect.succeed(project.batches)
  )
}

const shownNames = 20

const quoted = (names: ReadonlyArray<string>): string => {
  const shown = names.slice(0, shownNames).map((name) => JSON.stringify(name))
  const hidden = names.length - shown.length
  return shown.join(", ") + (hidden > 0 ? ` and ${hidden} more` : "")
}

const unknownBatch = (
  operation: Operation,
  unknown: ReadonlyArray<string>,
  known: ReadonlyArray<string>
): UnknownBatch =>
  new UnknownBatch({
    ...operationContext(
      operation,
      `${label(operation)} finds no batch ${quoted(unknown)} in the project, which has ` +
        `${known.length === 0 ? "none yet" : quoted(known)}. Create it first (Batches.create), or correct the name.`
    ),
    unknown,
    known
  })

const distinct = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(values)]

/**
 * The ids of batches of a project, named by id or by name, as a function of the name. An id wins over a name that looks
 * like it.
 */
export const matcher = (
  operation: Operation,
  batches: ReadonlyArray<Batch>,
  wanted: ReadonlyArray<string>
): Effect.Effect<(nameOrId: string) => BatchId, InvalidRequest | UnknownBatch> =>
  Effect.gen(function* () {
    const found = new Map<string, BatchId>()
    const unknown: Array<string> = []
    for (const one of distinct(wanted)) {
      const byId = batches.filter(({ id }) => id === one)
      const [match, other] = byId.length > 0 ? byId : batches.filter(({ name }) => name === one)
      if (match === undefined) unknown.push(one)
      else if (other !== undefined && byId.length === 0) {
        return yield* invalidRequest(
          operation,
          "batches",
          `The project has several batches called ${JSON.stringify(one)}; name the one you mean by its id.`
        )
      } else found.set(one, match.id)
    }
    if (unknown.length > 0) {
      return yield* unknownBatch(operation, unknown, distinct(batches.map(({ name }) => name)))
    }
    return (nameOrId) => found.get(nameOrId) ?? fromInput<BatchId>(nameOrId)
  })

/** {@link matcher} for a project, which is read once, and not at all when no batch is wanted. */
export const resolver = (
  operation: Operation,
  client: BatchReads,
  projectId: IdInput<ProjectId>,
  wanted: ReadonlyArray<string>
): Effect.Effect<(nameOrId: string) => BatchId, CallError | InvalidRequest | UnknownBatch> =>
  Effect.flatMap(wanted.length === 0 ? Effect.succeed([]) : batchesOf(client, projectId), (batches) =>
    matcher(operation, batches, wanted)
  )

/** {@link resolver} for one list: the ids in the order of the names, each once. */
export const resolve = (
  operation: Operation,
  client: BatchReads,
  projectId: IdInput<ProjectId>,
  wanted: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<BatchId>, CallError | InvalidRequest | UnknownBatch> =>
  Effect.map(resolver(operation, client, projectId, wanted), (idOf) => distinct(wanted.map(idOf)))

/**
 * {@link resolve} for a condition, which need not be given. An empty list is refused: a hub may take it for no
 * condition, and what was to be narrowed to nothing would be everything. `all` is a phrase for that everything.
 */
export const condition = (
  operation: Operation,
  client: BatchReads,
  projectId: IdInput<ProjectId>,
  wanted: ReadonlyArray<string> | undefined,
  all: string
): Effect.Effect<ReadonlyArray<BatchId> | undefined, CallError | InvalidRequest | UnknownBatch> => {
  if (wanted === undefined) return Effect.succeed(undefined)
  return wanted.length === 0
    ? Effect.fail(
        invalidRequest(
          operation,
          "batches",
          `Expected at least one batch, by name or by id: an empty list might be taken for ${all}. ` +
            "Leave it out for that."
        )
      )
    : Effect.withSpan(resolve(operation, client, projectId, wanted), "Batches.resolve")
}
