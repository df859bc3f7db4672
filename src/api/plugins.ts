/**
 * The plugin endpoints.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { BatchId, ProjectId, StorageId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { PluginLog, PluginReceipt, PluginResponse } from "../schemas/Plugin.js"
import * as endpoint from "./endpoint.js"
import { success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { neverShown } from "./Repeatability.js"

const receipt = () => success({ response: Open.maybe(PluginReceipt) })

/** G1. The body has two forms (docs/api-notes.md#plugin-bodies). */
const respond = endpoint.post("respond", "/pluginResponse", {
  repeat: neverShown,
  schemas: () => ({
    payload: PluginResponse,
    success: receipt()
  })
})

/** G2. The body has two forms (docs/api-notes.md#plugin-bodies). */
const log = endpoint.post("log", "/pluginLog", {
  repeat: neverShown,
  schemas: () => ({
    payload: PluginLog,
    success: receipt()
  })
})

/** G3. The response of a plugin is not documented. */
const fileExplorer = endpoint.post("fileExplorer", "/file-explorer", {
  repeat: neverShown,
  schemas: () => ({
    payload: Schema.Struct({
      bucket: Schema.String,
      storageId: StorageId,
      folder: Query.optional(Schema.String),
      files: Query.optional(Schema.Array(Schema.String)),
      upload: Query.optional(Schema.Boolean),
      projectId: Query.optional(ProjectId),
      scrollToken: Query.optional(Schema.String),
      batches: Query.optional(Schema.Array(BatchId)),
      extensions: Query.optional(Schema.Array(Schema.String))
    }),
    success: undocumented
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const PluginsApi = endpoint.group("plugins", [respond, log, fileExplorer])
