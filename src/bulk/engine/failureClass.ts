// What the failure of a request says of the rows in it.
import { isAuth, isNotFound, isRetryable } from "../../errors/AngoError.js"

export type FailureClass =
  /** The hub did nothing because of something in the request: with fewer rows it may be taken. */
  | "refused"
  /** It may have been done. */
  | "unknown"
  /** Nothing was done, and the same may go well later. */
  | "later"
  /** Nothing was done, and nothing would be for any other row. */
  | "everyone"
  /** Something in this row that its writer has found. */
  | "row"

// A conflict, too long a body, a kind of content, a row that cannot be processed.
const contentStatuses = [409, 413, 414, 415]

interface Failure {
  readonly _tag: string
  readonly status?: number
  readonly store?: string
}

/** What a failure says about the rows of its request. */
export const classifyFailure = (error: Failure): FailureClass => {
  switch (error._tag) {
    case "BadRequest":
    case "InvalidRequest":
    // A storage that does not accept a file.
    case "TransferError":
      return "refused"
    case "UnexpectedStatus":
      return error.status !== undefined && contentStatuses.includes(error.status) ? "refused" : "everyone"
    // The hub accepted the request, and its response does not say for which rows.
    case "DecodeError":
      return "unknown"
    case "StoreUnavailable":
      return error.store === "rate-limit" ? "later" : "everyone"
    // The guard blocks each request, so that a dry run sees all of them.
    case "WriteBlocked":
      return "later"
    case "OriginMismatch":
      return "everyone"
    case "AmbiguousOutcome":
      return "unknown"
    case "FileError":
    case "LostUpdate":
      return "row"
    default:
      if (isAuth(error) || isNotFound(error)) return "everyone"
      return isRetryable(error) ? "later" : "row"
  }
}

/** The same for a read that was to tell of many rows: what is no matter of time is a matter of all of them. */
export const classifyReadFailure = (error: {
  readonly _tag: string
  readonly status?: number
}): FailureClass => (classifyFailure(error) === "later" ? "later" : "everyone")
