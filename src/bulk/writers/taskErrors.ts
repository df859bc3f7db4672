// The errors of the bulk writes of the service `Tasks`.
import type { ListError, RowRejected, UnknownBatch } from "../../errors/AngoError.js"
import type { RowError, StopError } from "../engine/writer.js"

/** The errors of these writers beyond those that any row can fail with. */
export type TaskWriterError = ListError | RowRejected | UnknownBatch

/**
 * What one task of `Tasks.assignMany` or `Tasks.requeueMany` can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type TaskRowError = RowError<TaskWriterError>

/**
 * What ends `Tasks.assignMany` or `Tasks.requeueMany` as a whole.
 *
 * @category errors
 * @since 0.1.0
 */
export type TaskRowsError = StopError<TaskWriterError>
