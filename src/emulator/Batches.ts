/**
 * How the hub answers about batches.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Hub } from "./Hub.js"
import { HubApi, success, unknownProject } from "./HubApi.js"

/** @since 0.1.0 */
export const layer = HttpApiBuilder.group(HubApi, "batches", (handlers) =>
  Effect.map(Hub, ({ state }) =>
    handlers.handle("list", ({ path }) =>
      Effect.suspend(() => {
        const stored = state.projects.get(path.projectId)
        return stored === undefined
          ? unknownProject(path.projectId)
          : Effect.succeed(success({ batches: stored.project.batches ?? [] }))
      })
    )
  )
)
