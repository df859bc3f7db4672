/**
 * How the hub answers about batches.
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

/**
 * A list replaces the project's batches, a single name is added to them (docs/api-notes.md#batch-creation); assigned
 * batches join those that an asset is in, unless the hub was told to replace them (#batch-assign-mode).
 *
 * @remarks undocumented: a new batch with the name of a present one is that one; assets that are not there are not
 * counted when others are, and are 404 when no project is named and none of them is known.
 */
export const layer = HttpApiBuilder.group(HubApi, "batches", (handlers) =>
  Effect.map(Hub, (hub) => {
    const { state } = hub

    const toStored = (
      present: ReadonlyArray<WireBatch>,
      given: Batch | NewBatch
    ): Effect.Effect<WireBatch> => {
      if ("id" in given) {
        const { id: _id, ...rest } = given
        return Effect.succeed({ _id, ...rest })
      }
      const same = present.find(({ name }) => name === given.name)
      return same === undefined
        ? Effect.map(hub.newId("batch"), (_id) => ({ _id, ...given }))
        : Effect.succeed({ ...same, ...given })
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
          const given = payload.batches
          if (typeof given === "string") {
            const added = yield* toStored(present, { name: given })
            if (!present.some(({ _id }) => _id === added._id)) replaceBatches(stored, [...present, added])
          } else {
            replaceBatches(stored, yield* Effect.forEach(given, (batch) => toStored(present, batch)))
          }
          return success({ project: stored.project })
        })
      )
      .handle("assign", ({ payload }) =>
        Effect.gen(function* () {
          const { projectId } = payload
          const assetIds = new Set<string>(toArray(payload.assets))
          const named = projectId == null ? undefined : state.projects.get(projectId)
          if (projectId != null && named === undefined) return yield* unknownProject(projectId)
          const projects =
            named === undefined
              ? [...state.projects.values()].filter(({ assets }) =>
                  assets.some(({ _id }) => assetIds.has(_id))
                )
              : [named]
          if (projects.length === 0) return yield* notFound("Asset")
          const wanted = yield* Effect.forEach(projects, (stored) =>
            Effect.map(findBatches(stored, toArray(payload.batches)), (batches) => ({ stored, batches }))
          )
          const appliedIds = new Set(yield* rowsToApply([...assetIds]))
          const counts = wanted.map(({ batches, stored }) =>
            assignBatches(stored, appliedIds, batches, hub.assignBatches)
          )
          return success({ assets: counts.reduce((sum, count) => sum + count, 0) })
        })
      )
  })
)
