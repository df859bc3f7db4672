/**
 * How the hub answers about assets.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Hub } from "./Hub.js"
import { HubApi, success, unknownProject } from "./HubApi.js"
import { inBatches, meets, names, pageOf } from "./Listing.js"

/** @since 0.1.0 */
export const layer = HttpApiBuilder.group(HubApi, "assets", (handlers) =>
  Effect.map(Hub, ({ listing, state }) =>
    handlers.handle("list", ({ path, urlParams }) =>
      Effect.suspend(() => {
        const stored = state.projects.get(path.projectId)
        if (stored === undefined) return unknownProject(path.projectId)
        const { _id, externalId, filters } = urlParams
        const conditions = Object.entries({
          ...(_id === undefined ? {} : { _id }),
          ...(externalId === undefined ? {} : { externalId }),
          ...filters
        })
        const batches = stored.project.batches ?? []
        const found =
          conditions.length === 0
            ? stored.assets
            : stored.assets.filter((asset) =>
                conditions.every(([name, condition]) =>
                  name === "batches"
                    ? inBatches(asset.batches ?? [], names(condition), batches)
                    : meets((asset as Readonly<Record<string, unknown>>)[name], condition)
                )
              )
        const { rows, total } = pageOf(found, urlParams, listing)
        return Effect.succeed(success({ assets: rows, total }))
      })
    )
  )
)
