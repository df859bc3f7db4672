/**
 * Options of exports.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * The format of an export: `json` (one array), `ndjson` (one object per line) or `split` (one file per task).
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportFormat = Open.enumOf("json", "ndjson", "split")

/** @since 0.1.0 */
export type ExportFormat = typeof ExportFormat.Type

/**
 * The content of an export: `task` (tasks with their answers) or `issue`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ExportType = Open.enumOf("task", "issue")

/** @since 0.1.0 */
export type ExportType = typeof ExportType.Type

/**
 * The type of a task: `default`, `consensus` (one of several answers to compare) or `benchmark`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TaskType = Open.enumOf("default", "consensus", "benchmark")

/** @since 0.1.0 */
export type TaskType = typeof TaskType.Type

/**
 * A time range of an export: after `$gt` and before `$lt`, ISO-8601 texts.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TimeRange = Open.struct({
  $gt: Open.maybe(Schema.String),
  $lt: Open.maybe(Schema.String)
}).annotations({ identifier: "TimeRange" })

/** @since 0.1.0 */
export type TimeRange = typeof TimeRange.Type
