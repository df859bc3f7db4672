/**
 * Errors of one call to the hub.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import type { Mismatch } from "./Mismatch.js"
import type { OperationContext } from "./OperationContext.js"
import type { StoreUnavailable } from "./StoreUnavailable.js"

/**
 * An error response of the hub: its status, its message (truncated, without query strings), and the request id if a
 * header has one.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorResponse extends OperationContext {
  readonly status: number
  readonly vendorMessage?: string
  readonly requestId?: string
}

/**
 * The API key was not available at the time of a call: the effect that yields it failed, or yielded an empty key.
 *
 * @category errors
 * @since 0.1.0
 */
export class CredentialUnavailable extends Data.TaggedError("CredentialUnavailable")<OperationContext> {}

/**
 * An input is invalid. The request that needs it was not sent. `parameter` is its name or path.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<
  OperationContext & { readonly parameter: string }
> {}

/**
 * 401: the key is missing, wrong or revoked.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unauthorized extends Data.TaggedError("Unauthorized")<ErrorResponse> {}

/**
 * 403 or 451: the hub does not allow this. `reason` says what is in the way:
 *
 * - `permission` (403): the user of the key is not allowed to do this, or the key of a service account lacks a scope.
 * - `network` (451): the organization restricts the IP addresses or countries that it is used from
 *   (docs/api-notes.md#errors).
 *
 * @category errors
 * @since 0.1.0
 */
export class Forbidden extends Data.TaggedError("Forbidden")<
  ErrorResponse & { readonly reason: "permission" | "network" }
> {}

/**
 * The document does not exist, or the user of the key cannot see it. `status` is 404, or 400 for a project
 * (`Invalid project: …`).
 *
 * @category errors
 * @since 0.1.0
 */
export class NotFound extends Data.TaggedError("NotFound")<ErrorResponse> {}

/**
 * 400 or 422: the hub refused the parameters of the request, or returned `"status":"fail"` with another status code.
 *
 * @category errors
 * @since 0.1.0
 */
export class BadRequest extends Data.TaggedError("BadRequest")<ErrorResponse> {}

/**
 * 429: more requests than the plan allows. All attempts were made, or the requested wait exceeds the deadline of the call.
 * `retryAfter` is the wait that the hub asked for, if any.
 *
 * @category errors
 * @since 0.1.0
 */
export class RateLimited extends Data.TaggedError("RateLimited")<
  ErrorResponse & { readonly retryAfter?: Duration.Duration }
> {}

/**
 * 408 or 5xx: the hub, or a proxy in front of it, failed. `retryAfter` is the wait that the hub asked for, if any.
 *
 * @category errors
 * @since 0.1.0
 */
export class ServerError extends Data.TaggedError("ServerError")<
  ErrorResponse & { readonly retryAfter?: Duration.Duration }
> {}

/**
 * The hub responded with an undocumented status.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnexpectedStatus extends Data.TaggedError("UnexpectedStatus")<ErrorResponse> {}

/**
 * The request would leave the configured origin, which the key must not. `reason` says why:
 *
 * - `redirect`: the hub responded with a redirect (`status`), which this client does not follow. `location` is its target
 *   without the query string; `wasFollowed` is true if the HTTP client has followed it on its own.
 * - `origin`: a request was addressed to `actual` instead of `expected`. It was not sent.
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
 * The connection could not be made, broke, or was idle for too long. `phase` says how far the attempt was:
 *
 * - `connect`: no connection was made, nothing was sent.
 * - `request`: the request was sent, perhaps in part, and no response came.
 * - `body`: the response broke off.
 *
 * @category errors
 * @since 0.1.0
 */
export class ConnectionFailed extends Data.TaggedError("ConnectionFailed")<
  OperationContext & { readonly phase: "connect" | "request" | "body"; readonly cause?: Error }
> {}

/**
 * The response is not JSON: its body is `empty`, `html` (of a proxy or a login page), `truncated` JSON, or otherwise
 * `not-json`.
 *
 * @category errors
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
 * The response is JSON, but does not have the documented shape. It is not retried: another attempt would return the same.
 *
 * @category errors
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
 * The call did not end within its deadline, which includes all attempts and waits.
 *
 * @category errors
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
 * that shows whether it was applied (if there is one), `repeatable` whether sending it again does no harm.
 *
 * @category errors
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
 * The errors of one attempt of a call.
 *
 * @category errors
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
 * The errors of any single call to the hub.
 *
 * @category errors
 * @since 0.1.0
 */
export type CallError = AttemptError | AmbiguousOutcome
