// What the failure of a request says of the rows in it.

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
const ofContent = [409, 413, 414, 415]

/** The verdict on a failure, whoever reports it. */
export const classifyFailure = (error: { readonly _tag: string; readonly status?: number }): FailureClass => {
  switch (error._tag) {
    case "BadRequest":
    case "InvalidRequest":
    // A storage that does not take a file.
    case "LinkExpired":
    case "UploadRefused":
      return "refused"
    case "UnexpectedStatus":
      return error.status !== undefined && ofContent.includes(error.status) ? "refused" : "everyone"
    case "AmbiguousOutcome":
    // An answer in the affirmative, in a shape that does not say of what.
    case "DecodeError":
      return "unknown"
    case "RateLimited":
    case "RateLimitUnavailable":
    case "ServerError":
    case "ConnectionFailed":
    case "MalformedResponse":
    case "DeadlineExceeded":
    case "IncompleteListing":
    case "PaginationError":
    // What a guard holds back is held back request by request, so that a dry run sees them all.
    case "NotSent":
      return "later"
    case "Unauthorized":
    case "Forbidden":
    case "NotFound":
    case "CredentialUnavailable":
    case "ForeignOrigin":
    case "RedirectRefused":
    case "CheckpointUnavailable":
    case "LedgerUnavailable":
      return "everyone"
    default:
      return "row"
  }
}

/** The same for a read that was to tell of many rows: what is no matter of time is a matter of all of them. */
export const classifyReadFailure = (error: {
  readonly _tag: string
  readonly status?: number
}): FailureClass => (classifyFailure(error) === "later" ? "later" : "everyone")
