/**
 * How the hub answers about projects.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Hub } from "./Hub.js"
import { HubApi, success, unknownProject } from "./HubApi.js"
import { pageOf } from "./Listing.js"

/** @since 0.1.0 */
export const layer = HttpApiBuilder.group(HubApi, "projects", (handlers) =>
  Effect.map(Hub, ({ listing, state }) =>
    handlers
      .handle("list", ({ urlParams }) =>
        Effect.sync(() => {
          const all = Array.from(state.projects.values(), ({ project }) => project)
          const { rows, total } = pageOf(all, urlParams, listing)
          const projects = rows.map(({ _id, createdAt, description, name, organization }) => ({
            _id,
            name,
            description,
            organization,
            createdAt
          }))
          return success({ projects, total })
        })
      )
      .handle("get", ({ path }) =>
        Effect.suspend(() => {
          const stored = state.projects.get(path.projectId)
          return stored === undefined
            ? unknownProject(path.projectId)
            : Effect.succeed(success({ project: stored.project }))
        })
      )
  )
)
