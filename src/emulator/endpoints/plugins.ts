/**
 * Endpoints of plugins. They accept any body (docs/api-notes.md#plugin-bodies).
 *
 * @remarks undocumented: the response of the file explorer, which here lists the hub's cloud storages; with `upload` it
 * responds with a message and stores nothing.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Effect from "effect/Effect"
import { HubApi, success } from "../server/hubApi.js"
import { Hub } from "../state/hubService.js"
import { listFolder } from "./storages.js"

const toFields = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === "object" && body !== null ? { ...body } : {}

const readFields = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.map(
    Effect.orElseSucceed(request.json, () => undefined),
    toFields
  )

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "plugins", (handlers) =>
  Effect.map(Hub, ({ state }) =>
    handlers
      .handleRaw("respond", ({ request }) =>
        Effect.map(readFields(request), ({ taskId }) =>
          success({ response: { received: true, ...(typeof taskId === "string" ? { taskId } : {}) } })
        )
      )
      .handleRaw("log", ({ request }) =>
        Effect.as(readFields(request), success({ response: { logged: true } }))
      )
      .handleRaw("fileExplorer", ({ request }) =>
        Effect.map(readFields(request), ({ bucket, folder, storageId, upload }) => {
          if (upload === true) return success({ message: "The upload has started." })
          const stored = state.storages.get(text(storageId))
          const found =
            stored === undefined
              ? { folders: [], files: [] }
              : listFolder(stored, text(bucket), text(folder), false)
          return success({ ...found, scrollToken: null, success: true })
        })
      )
  )
)
