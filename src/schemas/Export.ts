/**
 * What can be asked of an export.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * One JSON array, one object per line, or one file per task.
 *
 * @since 0.1.0
 */
export const ExportFormat = Open.enumOf("json", "ndjson", "split")

/** @since 0.1.0 */
export type ExportFormat = typeof ExportFormat.Type

/**
 * What is exported: the tasks with their answers, or the issues.
 *
 * @since 0.1.0
 */
export const ExportType = Open.enumOf("task", "issue")

/** @since 0.1.0 */
export type ExportType = typeof ExportType.Type

/**
 * The kind of a task: the usual one, one of several over which a consensus is sought, or a benchmark.
 *
 * @since 0.1.0
 */
export const TaskType = Open.enumOf("default", "consensus", "benchmark")

/** @since 0.1.0 */
export type TaskType = typeof TaskType.Type

/**
 * A span of time as the export takes it: after `$gt` and before `$lt`, ISO-8601 instants.
 *
 * @since 0.1.0
 */
export const TimeRange = Open.struct({
  $gt: Open.maybe(Schema.String),
  $lt: Open.maybe(Schema.String)
}).annotations({ identifier: "TimeRange" })

/** @since 0.1.0 */
export type TimeRange = typeof TimeRange.Type
