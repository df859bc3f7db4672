/**
 * What plugins and the hub tell each other. Two generations of the API have two forms of each
 * (docs/api-notes.md#plugin-bodies).
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * A plugin's result, as the SDK sends it (`session` is the run's, as the hub gave it with the event) or as the
 * newest documents have it. `response` is any JSON.
 *
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
 * A line of a plugin's log, as the SDK sends it or as the newest documents have it.
 *
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
 * What the hub says to a plugin's result or log line: `received` and the task's id, or `logged`.
 *
 * @since 0.1.0
 */
export const PluginReceipt = Open.struct({
  received: Open.maybe(Schema.Boolean),
  taskId: Open.maybe(Schema.String),
  logged: Open.maybe(Schema.Boolean)
}).annotations({ identifier: "PluginReceipt" })

/** @since 0.1.0 */
export type PluginReceipt = typeof PluginReceipt.Type
