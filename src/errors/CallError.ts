/**
 * Everything that can go wrong with one call to the hub, as tagged errors.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"

/**
 * Which call failed: the operation of the contract (`tasks.get`), its method and its route template
 * (`/task/{taskId}`, without ids).
 *
 * @since 0.1.0
 */
export interface OperationContext {
  readonly operation: string
  readonly method: string
  readonly route: string
  readonly message: string
}

/**
 * What the hub said: the status, its own message (shortened, without query strings), and the request id when a
 * header carried one.
 *
 * @since 0.1.0
 */
export interface ErrorResponse extends OperationContext {
  readonly status: number
  readonly vendorMessage?: string
  readonly requestId?: string
}

/**
 * The key could not be had at the time of a call: the effect that yields it failed, or yielded an empty key.
 *
 * @since 0.1.0
 */
export class CredentialUnavailable extends Data.TaggedError("CredentialUnavailable")<OperationContext> {}

/**
 * An input was refused before any request: a bad id, a page size out of range, an impossible limit.
 *
 * @since 0.1.0
 */
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<
  OperationContext & { readonly parameter: string }
> {}

/**
 * 401: the key is missing, wrong or revoked.
 *
 * @since 0.1.0
 */
export class Unauthorized extends Data.TaggedError("Unauthorized")<ErrorResponse> {}

/**
 * 403: the key's user may not do this.
 *
 * @since 0.1.0
 */
export class Forbidden extends Data.TaggedError("Forbidden")<ErrorResponse> {}

/**
 * The document does not exist, or the key's user cannot see it. The hub answers 404, and 400
 * `Invalid project: …` for projects; `status` tells which.
 *
 * @since 0.1.0
 */
export class NotFound extends Data.TaggedError("NotFound")<ErrorResponse> {}

/**
 * 400 or 422: the hub refused the request's parameters, or it answered `"status":"fail"` under another status.
 *
 * @since 0.1.0
 */
export class BadRequest extends Data.TaggedError("BadRequest")<ErrorResponse> {}

/**
 * 429: more requests than the plan allows, and the attempts are used up or the hub asks to wait longer than the call
 * has left. `retryAfter` is the hub's hint, when it gave one.
 *
 * @since 0.1.0
 */
export class RateLimited extends Data.TaggedError("RateLimited")<
  ErrorResponse & { readonly retryAfter?: Duration.Duration }
> {}

/**
 * 408 or 5xx: the hub, or a proxy before it, failed.
 *
 * @since 0.1.0
 */
export class ServerError extends Data.TaggedError("ServerError")<
  ErrorResponse & { readonly retryAfter?: Duration.Duration }
> {}

/**
 * A status that no document mentions.
 *
 * @since 0.1.0
 */
export class UnexpectedStatus extends Data.TaggedError("UnexpectedStatus")<ErrorResponse> {}

/**
 * The hub answered with a redirect. It is not followed: the key would travel to whatever host it names.
 * `location` is the target without its query string. `wasFollowed` tells that an HTTP client of yours has followed it
 * by itself.
 *
 * @since 0.1.0
 */
export class RedirectRefused extends Data.TaggedError("RedirectRefused")<
  OperationContext & { readonly status: number; readonly wasFollowed: boolean; readonly location?: string }
> {}

/**
 * A request was about to leave for another origin than the configured one. It was not sent.
 *
 * @since 0.1.0
 */
export class ForeignOrigin extends Data.TaggedError("ForeignOrigin")<
  OperationContext & { readonly expected: string; readonly actual: string }
> {}

/**
 * No answer: the connection could not be made, it broke, or nothing came through it for too long. `phase` tells how
 * far the call was: `connect` (nothing was sent), `request` (sent, perhaps in part, and not answered), `body` (the
 * answer broke off).
 *
 * @since 0.1.0
 */
export class ConnectionFailed extends Data.TaggedError("ConnectionFailed")<
  OperationContext & { readonly phase: "connect" | "request" | "body"; readonly cause?: Error }
> {}

/**
 * The answer is not JSON: an empty body, a page of HTML (a proxy, a login page), a JSON text that breaks off, or
 * something else.
 *
 * @since 0.1.0
 */
export class MalformedResponse extends Data.TaggedError("MalformedResponse")<
  OperationContext & {
    readonly status: number
    readonly reason: "empty" | "html" | "truncated" | "not-json"
    readonly requestId?: string
  }
> {}

/**
 * One place where an answer differs from its schema: a path such as `data.tasks[3].createdAt` (with `*` for a key
 * of a record, which is data), the id of the item that holds it, what was expected, and the kind of value found (never
 * the value).
 *
 * @since 0.1.0
 */
export interface Mismatch {
  readonly path: string
  readonly item?: string
  readonly expected: string
  readonly found: string
}

/**
 * The answer is JSON, but not of the documented shape. It is never retried: asking again would give the same.
 *
 * @since 0.1.0
 */
export class DecodeError extends Data.TaggedError("DecodeError")<
  OperationContext & {
    readonly status: number
    readonly mismatches: ReadonlyArray<Mismatch>
    readonly requestId?: string
  }
> {}

/**
 * The call did not end within its deadline, all attempts and waits included.
 *
 * @since 0.1.0
 */
export class DeadlineExceeded extends Data.TaggedError("DeadlineExceeded")<
  OperationContext & { readonly deadline: Duration.Duration; readonly attempts: number }
> {}

/**
 * A write was refused by a guard of yours (`Guard.layerReadOnly`, `Guard.layerDryRun`) and did not leave.
 *
 * @since 0.1.0
 */
export class WriteBlocked extends Data.TaggedError("NotSent")<
  OperationContext & { readonly guard: "read-only" | "dry-run" }
> {}

/**
 * The store of a shared rate limit (Redis, for one) could not be asked, so that nothing was sent.
 *
 * @since 0.1.0
 */
export class RateLimitUnavailable extends Data.TaggedError("RateLimitUnavailable")<
  OperationContext & { readonly cause?: Error }
> {}

/**
 * A write was sent, and nothing says what became of it: the connection broke, the hub or a proxy failed (408, 5xx),
 * the answer was no JSON, or the deadline came first. The hub may have done it or not. `cause` is what happened last,
 * `reconcile` the read that shows which (where there is one), and `repeatable` whether a repeat would do no harm.
 *
 * @since 0.1.0
 */
export class AmbiguousOutcome extends Data.TaggedError("AmbiguousOutcome")<
  OperationContext & {
    readonly cause: AttemptError
    readonly attempts: number
    readonly repeatable: boolean
    readonly reconcile?: { readonly read: string; readonly lookFor: string }
  }
> {}

/**
 * How one call can end other than well, as far as that is known.
 *
 * @since 0.1.0
 */
export type AttemptError =
  | CredentialUnavailable
  | InvalidRequest
  | Unauthorized
  | Forbidden
  | NotFound
  | BadRequest
  | RateLimited
  | ServerError
  | UnexpectedStatus
  | RedirectRefused
  | ForeignOrigin
  | ConnectionFailed
  | MalformedResponse
  | DecodeError
  | DeadlineExceeded
  | WriteBlocked
  | RateLimitUnavailable

/**
 * What any single call to the hub can fail with.
 *
 * @since 0.1.0
 */
export type CallError = AttemptError | AmbiguousOutcome
