// What the failure of a request means for its rows, read from the categories of errors.
import {
  type AmbiguousOutcome,
  type DecodeError,
  isAuth,
  isNotFound,
  isRetryable
} from "../../errors/AngoError.js"

/** What the failure of a request means for its rows. */
export type FailureClass =
  /** The hub rejected the content and wrote nothing; a smaller request may succeed. */
  | "rejected"
  /** The hub may have written the rows. */
  | "unknown"
  /** Nothing was written; the same request may succeed later. */
  | "transient"
  /** Nothing was written, and no other row would be. */
  | "fatal"
  /** The writer found something wrong with this row. */
  | "row"

// Conflict, body too large, unsupported content type, unprocessable row.
const contentStatuses = [409, 413, 414, 415]

interface Failure {
  readonly _tag: string
  readonly status?: number
  readonly store?: string
}

/** Classifies the failure of a request. */
export const classifyFailure = (error: Failure): FailureClass => {
  switch (error._tag) {
    case "BadRequest":
    case "InvalidRequest":
    // A storage that does not accept the file.
    case "TransferError":
      return "rejected"
    case "UnexpectedStatus":
      return error.status !== undefined && contentStatuses.includes(error.status) ? "rejected" : "fatal"
    case "AmbiguousOutcome":
    // The hub accepted the request; its response does not say for which rows.
    case "DecodeError":
      return "unknown"
    case "StoreUnavailable":
      return error.store === "rate-limit" ? "transient" : "fatal"
    // The guard blocks each request, so that a dry run reports all of them.
    case "WriteBlocked":
      return "transient"
    case "OriginMismatch":
    // Rows that the hub should not have returned: nothing can be decided from them.
    case "FilterNotApplied":
      return "fatal"
    // Retryable for a program, but not by sending the other rows first.
    case "FileError":
    case "LostUpdate":
    case "RowRejected":
      return "row"
    default:
      if (isAuth(error) || isNotFound(error)) return "fatal"
      return isRetryable(error) ? "transient" : "row"
  }
}

/** Whether the hub may have written the rows of the request. */
export const isResultUnknown = (error: { readonly _tag: string }): error is AmbiguousOutcome | DecodeError =>
  classifyFailure(error) === "unknown"

/** Whether a read for many rows may succeed later; a permanent read failure affects every row. */
export const isTransientReadFailure = (error: Failure): boolean => classifyFailure(error) === "transient"
