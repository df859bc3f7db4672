/**
 * Everything that can go wrong with one call to the hub, as tagged errors.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import type { Mismatch } from "./Mismatch.js"
import type { OperationContext } from "./OperationContext.js"
import type { StoreUnavailable } from "./StoreUnavailable.js"

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
 * The request would leave the configured origin, and the key must not. `reason` says how it was noticed:
 *
 * - `redirect`: the hub answered with a redirect (`status`), which is not followed. `location` is its target without
 *   the query string; `wasFollowed` is true when the HTTP client had followed it by itself.
 * - `origin`: a request was about to leave for `actual` instead of `expected`. It was not sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class OriginMismatch extends Data.TaggedError("OriginMismatch")<
  OperationContext & {
    readonly reason: "redirect" | "origin"
    readonly status?: number
    readonly wasFollowed?: boolean
    readonly location?: string
    readonly expected?: string
    readonly actual?: string
  }
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
 * A write was blocked by the configured guard (`Guard.layerReadOnly`, `Guard.layerDryRun`). It was not sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class WriteBlocked extends Data.TaggedError("WriteBlocked")<
  OperationContext & { readonly guard: "read-only" | "dry-run" }
> {}

/**
 * Write sent; result unknown: the connection broke, the hub or a proxy failed (408, 5xx), the response was not JSON,
 * or the deadline passed first. The hub may have applied it or not. `cause` is the last failure, `reconcile` the read
 * that shows whether it was applied (where there is one), `repeatable` whether sending it again is harmless.
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
 * What one attempt of a call can fail with.
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
  | OriginMismatch
  | ConnectionFailed
  | MalformedResponse
  | DecodeError
  | DeadlineExceeded
  | WriteBlocked
  | StoreUnavailable

/**
 * What any single call to the hub can fail with.
 *
 * @since 0.1.0
 */
export type CallError = AttemptError | AmbiguousOutcome
