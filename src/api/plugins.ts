/**
 * The plugin endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { BatchId, ProjectId, StorageId } from "../schemas/ids.js"
import * as Open from "../schemas/open.js"
import { PluginLog, PluginReceipt, PluginResponse } from "../schemas/Plugin.js"
import { success, undocumented } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { neverShown, Repeatability } from "./Repeatability.js"

const receipt = success({ response: Open.maybe(PluginReceipt) })

/** G1 `POST /pluginResponse`, in two forms (docs/api-notes.md#plugin-bodies). */
const respond = HttpApiEndpoint.post("respond", "/pluginResponse")
  .setPayload(PluginResponse)
  .addSuccess(receipt)
  .annotate(Repeatability, neverShown)

/** G2 `POST /pluginLog`, in two forms (docs/api-notes.md#plugin-bodies). */
const log = HttpApiEndpoint.post("log", "/pluginLog")
  .setPayload(PluginLog)
  .addSuccess(receipt)
  .annotate(Repeatability, neverShown)

/** G3 `POST /file-explorer`. What a plugin answers is not documented. */
const fileExplorer = HttpApiEndpoint.post("fileExplorer", "/file-explorer")
  .setPayload(
    Schema.Struct({
      bucket: Schema.String,
      storageId: StorageId,
      folder: Query.optional(Schema.String),
      files: Query.optional(Schema.Array(Schema.String)),
      upload: Query.optional(Schema.Boolean),
      projectId: Query.optional(ProjectId),
      scrollToken: Query.optional(Schema.String),
      batches: Query.optional(Schema.Array(BatchId)),
      extensions: Query.optional(Schema.Array(Schema.String))
    })
  )
  .addSuccess(undocumented)
  .annotate(Repeatability, neverShown)

/** @since 0.1.0 */
export const PluginsApi = HttpApiGroup.make("plugins").add(respond).add(log).add(fileExplorer)
