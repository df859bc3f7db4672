/**
 * Endpoints of batches: list, create and rename, assign assets.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { Batch, NewBatch } from "../../schemas/Batch.js"
import { rowsToApply } from "../faults/partialWrite.js"
import { HubApi, success } from "../server/hubApi.js"
import { assignBatches, batchList, findBatches, replaceBatches, type WireBatch } from "../state/batchList.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"

const toArray = <A>(value: A | ReadonlyArray<A>): ReadonlyArray<A> => [value].flat() as ReadonlyArray<A>

// `null` leaves a field of an existing batch as it is (docs/api-notes.md#null-and-absent).
const withoutNulls = <A extends object>(input: A): Partial<A> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Partial<A>

/**
 * The handlers of the group. A list replaces the project's batches; `{name}` adds a batch and returns it, as a name in
 * `batches` does, which returns the project (docs/api-notes.md#batch-creation). Whether an assignment adds to the batches of an asset or replaces them is an option
 * of the hub (#batch-assign-mode).
 *
 * @remarks undocumented: a new batch with the name of an existing one is the existing one; unknown assets are not
 * counted, and are a 404 if no project is given and all of them are unknown.
 */
export const layer = HttpApiBuilder.group(HubApi, "batches", (handlers) =>
  Effect.map(Hub, (hub) => {
    const { state } = hub

    const toStored = (
      present: ReadonlyArray<WireBatch>,
      input: Batch | NewBatch
    ): Effect.Effect<WireBatch> => {
      if ("id" in input) {
        const { id: _id, ...rest } = input
        return Effect.succeed({ _id, ...rest })
      }
      const existing = present.find(({ name }) => name === input.name)
      return existing === undefined
        ? Effect.map(hub.newId("batch"), (_id) => ({ _id, ...input }))
        : Effect.succeed({ ...existing, ...withoutNulls(input) })
    }

    return handlers
      .handle("list", ({ path }) =>
        Effect.suspend(() => {
          const stored = state.projects.get(path.projectId)
          return stored === undefined
            ? unknownProject(path.projectId)
            : Effect.succeed(success({ batches: batchList(stored) }))
        })
      )
      .handle("update", ({ path, payload }) =>
        Effect.gen(function* () {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return yield* unknownProject(path.projectId)
          const present = batchList(stored)
          if (!("batches" in payload)) {
            const existing = present.find(({ name }) => name === payload.name)
            const batch = existing ?? (yield* toStored(present, payload))
            if (existing === undefined) replaceBatches(stored, [...present, batch])
            return success({ project: batch })
          }
          const { batches } = payload
          if (typeof batches === "string") {
            const added = yield* toStored(present, { name: batches })
            if (!present.some(({ _id }) => _id === added._id)) replaceBatches(stored, [...present, added])
          } else {
            const all = yield* Effect.forEach(batches, (batch) => toStored(present, batch))
            // A name of an existing batch, next to that batch, is one batch.
            replaceBatches(stored, [...new Map(all.map((batch) => [batch._id, batch])).values()])
          }
          return success({ project: stored.project })
        })
      )
      .handle("assign", ({ payload }) =>
        Effect.gen(function* () {
          const { projectId } = payload
          const assetIds = new Set<string>(toArray(payload.assets))
          const project = projectId == null ? undefined : state.projects.get(projectId)
          if (projectId != null && project === undefined) return yield* unknownProject(projectId)
          const projects =
            project === undefined
              ? [...state.projects.values()].filter(({ assets }) =>
                  assets.some(({ _id }) => assetIds.has(_id))
                )
              : [project]
          if (projects.length === 0) return yield* notFound("Asset")
          const assignments = yield* Effect.forEach(projects, (stored) =>
            Effect.map(findBatches(stored, toArray(payload.batches)), (batches) => ({ stored, batches }))
          )
          const appliedIds = new Set(yield* rowsToApply([...assetIds]))
          const counts = assignments.map(({ batches, stored }) =>
            assignBatches(stored, appliedIds, batches, hub.assignBatches)
          )
          return success({ assets: counts.reduce((sum, count) => sum + count, 0) })
        })
      )
  })
)
