/**
 * Endpoints of assets: list, delete, import from the cloud, import conversations.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { rowsToApply } from "../faults/partialWrite.js"
import { HubApi, success } from "../server/hubApi.js"
import { importAssets } from "../state/assetImport.js"
import { deleteAssets } from "../state/HubState.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { importChat } from "./chatImport.js"
import { batchField, exactFields, fields, filterRows } from "./listFilter.js"
import { paginate } from "./listPage.js"

const filterable = { ...fields("createdAt", "isPreLabeled"), ...exactFields("_id", "data", "externalId") }

/**
 * The handlers of the group. Deleting assets also deletes their tasks; their files stay in the file storage.
 *
 * @remarks undocumented: the response to a deletion; unknown ids are ignored, unless all of them are unknown.
 */
export const layer = HttpApiBuilder.group(HubApi, "assets", (handlers) =>
  Effect.map(Hub, (hub) => {
    const { listing, state } = hub
    return handlers
      .handle("list", ({ path, urlParams }) =>
        Effect.gen(function* () {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return yield* unknownProject(path.projectId)
          const { _id, externalId, filters } = urlParams
          const conditions = {
            ...(_id === undefined ? {} : { _id }),
            ...(externalId === undefined ? {} : { externalId }),
            ...filters
          }
          const known = { ...filterable, batches: batchField(stored.project.batches ?? []) }
          const found = yield* filterRows(stored.assets, conditions, known)
          const { rows, total } = yield* paginate(found, urlParams, listing)
          return success({ assets: rows, total })
        })
      )
      .handle("delete", ({ path, payload }) =>
        Effect.suspend(() => {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return unknownProject(path.projectId)
          const deleted = deleteAssets(state, stored, new Set<string>(payload.assets))
          return deleted === 0
            ? notFound("Asset")
            : Effect.succeed(success({ message: `${deleted} assets are deleted.` }))
        })
      )
      .handle("importFromCloud", ({ path, payload, urlParams }) =>
        Effect.gen(function* () {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return yield* unknownProject(path.projectId)
          const { batches = [] } = urlParams
          const options = { batches, priority: payload.priority ?? 0 }
          const entries = yield* rowsToApply(payload.assets)
          return success({ assets: yield* importAssets(hub, stored, entries, options) }, 201)
        })
      )
      .handleRaw("importChat", ({ path, request }) => importChat(hub, path.projectId, request))
  })
)
