/**
 * What the bulk writes of the service `Tasks` can fail with.
 *
 * @since 0.1.0
 */
import type { ListError, RowRejected, UnknownBatch } from "../../errors/AngoError.js"
import type { RowError, Stop } from "../engine/writer.js"

/** What these writes know beside what every bulk write does. */
export type TaskOwn = ListError | RowRejected | UnknownBatch

/**
 * What one task of `Tasks.assignMany` or `Tasks.requeueMany` can fail with.
 *
 * @since 0.1.0
 */
export type TaskRowError = RowError<TaskOwn>

/**
 * What ends one of them as a whole.
 *
 * @since 0.1.0
 */
export type TaskRowsError = Stop<TaskOwn>
