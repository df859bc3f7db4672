/**
 * The state of a call in progress.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Operation } from "../../api/operation.js"
import type { AttemptError } from "../../errors/AngoError.js"

/** The state of a call, across its attempts. The policies write it; errors are made from it. */
export interface CallState {
  readonly operation: Operation
  /** The deadline as an instant, in epoch milliseconds. An upload moves it with each part that is sent. */
  endsAt: number
  /** The deadline as a duration. */
  deadline: Duration.Duration
  /** The idle timeout in milliseconds. */
  idleMillis: number
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
  /** The error for the status of the attempt's response, when that status is an error; it does not read the body. */
  statusError?: Effect.Effect<AttemptError>
  /** The attempt's response, once its headers have arrived. */
  response?: { readonly status: number; readonly contentType: string; readonly requestId?: string }
}

/** The state of a call that has not started. */
export const make = (operation: Operation, secrets: ReadonlyArray<Redacted.Redacted> = []): CallState => ({
  operation,
  secrets,
  endsAt: Number.POSITIVE_INFINITY,
  deadline: Duration.infinity,
  idleMillis: Number.POSITIVE_INFINITY,
  attempts: 0,
  isResultUnknown: false,
  keys: []
})

/** The call that the running fiber belongs to. A request outside of any call has no route and no deadline. */
export class CurrentCall extends Context.Reference<CurrentCall>()("effect-ango/CurrentCall", {
  defaultValue: () => make({ name: "http", method: "HTTP", route: "request", status: 200, repeat: "never" })
}) {}
