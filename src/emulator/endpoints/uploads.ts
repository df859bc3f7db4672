/**
 * Endpoints of uploads: upload links and signed links.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { HubApi, success } from "../server/hubApi.js"
import { badRequest, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import * as Files from "../storage/fileStorage.js"

/**
 * The handlers of the group. Upload links lead to the hub's file storage, whatever storage is requested; a file keeps its
 * name.
 *
 * @remarks undocumented: the signed link of a file outside of the hub's storage. Here it is the file's URL with a token
 * that no other host accepts.
 */
export const layer = HttpApiBuilder.group(HubApi, "uploads", (handlers) =>
  Effect.map(Hub, (hub) =>
    handlers
      .handle("uploadUrl", ({ urlParams: { name, project, type = "assets" } }) =>
        Effect.gen(function* () {
          if (project !== undefined && !hub.state.projects.has(project)) return yield* unknownProject(project)
          const path = Files.filePath(project ?? "uploads", type, name)
          const { expiresAfter } = hub.uploadOptions
          const now = yield* Clock.currentTimeMillis
          const uploadUrl = yield* Files.signFile(hub, {
            method: "PUT",
            path,
            ...(expiresAfter === undefined ? {} : { expiresAt: now + Duration.toMillis(expiresAfter) })
          })
          return success({ uploadUrl }, 201)
        })
      )
      .handle("signedUrl", ({ urlParams: { name, project, url = name } }) =>
        Effect.gen(function* () {
          if (url === undefined) return yield* badRequest("Missing parameter: url.")
          if (project !== undefined && !hub.state.projects.has(project)) return yield* unknownProject(project)
          const signedUrl = yield* Files.signUrl(hub, url)
          return success({ signedUrl }, 201)
        })
      )
  )
)
