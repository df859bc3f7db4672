/**
 * The state of a call in progress.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Operation } from "../../api/operation.js"
import type { AttemptError } from "../../errors/AngoError.js"
import type { CallSettings } from "./callSettings.js"

/** What later steps need to know of a response. */
export interface CallResponse {
  readonly status: number
  readonly contentType: string
  readonly requestId?: string
  /** The hub's time of the response, in epoch milliseconds, if the response states it. */
  readonly respondedAt?: number
  /** When the request was sent, in epoch milliseconds. */
  readonly sentAt: number
}

/** The state of a call, across its attempts. The policies write it; errors are made from it. */
export interface CallState {
  readonly operation: Operation
  /** The deadline as an instant, in epoch milliseconds. An upload moves it with each part that is sent. */
  endsAt: number
  /** The deadline as a duration. */
  readonly deadline: Duration.Duration
  /** The idle timeout in milliseconds. */
  readonly idleMillis: number
  /** The last activity of the attempt's connection (epoch milliseconds); absent while nothing limits its silence. */
  lastActivity?: { readonly at: number; readonly phase: "request" | "body" }
  /** Requests sent so far. */
  attempts: number
  /** Whether a request was sent whose result is unknown. */
  isResultUnknown: boolean
  /** The tag of the previous attempt's error. */
  lastFailure?: string
  /** The secrets in the body of the request. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
  /** The keys that the client has sent, the current one first, and secrets of the body: errors are scrubbed of them. */
  keys: ReadonlyArray<Redacted.Redacted>
  /** The error for the status of the attempt's response, when that status is an error, without the hub's message. */
  statusError?: AttemptError
  /** Where the caller wants the hub's time of the latest response (epoch milliseconds). */
  readonly serverTime?: { millis?: number } | undefined
  /** The attempt's response, once its headers have arrived. */
  response?: CallResponse
}

/** The state of a call that starts at `now` (epoch milliseconds). */
export const make = (
  operation: Operation,
  { deadline, idleTimeout }: Pick<CallSettings, "deadline" | "idleTimeout">,
  now: number,
  { secrets = [], serverTime }: Partial<Pick<CallState, "secrets" | "serverTime">> = {}
): CallState => ({
  operation,
  secrets,
  serverTime,
  deadline,
  endsAt: now + Duration.toMillis(deadline),
  idleMillis: Duration.toMillis(idleTimeout),
  attempts: 0,
  isResultUnknown: false,
  keys: []
})
