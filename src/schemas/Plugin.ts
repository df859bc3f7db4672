/**
 * Messages between plugins and the hub. Each has two forms, from two generations of the API
 * (docs/api-notes.md#plugin-bodies).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * The result of a plugin, in the form of the SDK (`session` comes from the event that started the plugin) or in the form
 * of the newest documents. `response` is any JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PluginResponse = Schema.Union(
  Open.struct({
    response: Schema.Unknown,
    session: Schema.String,
    error: Open.optional(Schema.Boolean),
    export: Open.optional(Schema.Boolean)
  }),
  Open.struct({
    pluginId: Schema.String,
    taskId: Schema.String,
    response: Schema.Unknown,
    status: Schema.String
  })
)

/** @since 0.1.0 */
export type PluginResponse = typeof PluginResponse.Type

/**
 * A log line of a plugin, in the form of the SDK or of the newest documents.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PluginLog = Schema.Union(
  Open.struct({
    level: Schema.String,
    organization: Schema.String,
    pluginId: Schema.String,
    runBy: Schema.String,
    session: Schema.String,
    msg: Schema.String
  }),
  Open.struct({
    pluginId: Schema.String,
    taskId: Open.optional(Schema.String),
    level: Schema.String,
    message: Schema.String,
    metadata: Open.optional(Schema.Unknown)
  })
)

/** @since 0.1.0 */
export type PluginLog = typeof PluginLog.Type

/**
 * The hub's response to a result (`received` and `taskId`) or to a log line (`logged`).
 *
 * @category schemas
 * @since 0.1.0
 */
export const PluginReceipt = Open.struct({
  received: Open.maybe(Schema.Boolean),
  taskId: Open.maybe(Schema.String),
  logged: Open.maybe(Schema.Boolean)
}).annotations({ identifier: "PluginReceipt" })

/** @since 0.1.0 */
export type PluginReceipt = typeof PluginReceipt.Type
