/**
 * What is known of a call under way.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Operation } from "../../api/operations.js"
import type { AttemptError } from "../../errors/AngoError.js"

/** What a call has seen so far. The transport writes it, one attempt after the other; errors are made from it. */
export interface CallState {
  readonly operation: Operation
  /** The instant at which the call must have ended, in epoch milliseconds. */
  endsAt: number
  /** The time that it has in all, as `endsAt` was made of it. */
  deadline: Duration.Duration
  /** For how many milliseconds its connection may be silent. */
  idleMillis: number
  /** Since when the connection of the present attempt has been silent (epoch milliseconds), while it is watched. */
  silence?: { readonly since: number; readonly phase: "request" | "body" }
  /** Requests that have left so far. */
  attempts: number
  /** Whether a request has left of which it is not known what the hub made of it. */
  isUnsettled: boolean
  /** Why the attempt before the present one failed: the tag of its error. */
  lastFailure?: string
  /** The keys that the client has sent, that of the present attempt first: errors are scrubbed of them. */
  keys: ReadonlyArray<Redacted.Redacted>
  /** What the status of the present attempt's answer says, when it is a refusal. */
  refusal?: Effect.Effect<AttemptError>
  /** The answer of the present attempt, once its headers are there. */
  answer?: { readonly status: number; readonly contentType: string; readonly requestId?: string }
}

/** A call that has not begun. */
export const make = (operation: Operation): CallState => ({
  operation,
  endsAt: Number.POSITIVE_INFINITY,
  deadline: Duration.infinity,
  idleMillis: Number.POSITIVE_INFINITY,
  attempts: 0,
  isUnsettled: false,
  keys: []
})

/** The call that the running fiber is in. Requests made outside of any call have no route and no deadline. */
export class CurrentCall extends Context.Reference<CurrentCall>()("effect-ango/CurrentCall", {
  defaultValue: () => make({ name: "http", method: "HTTP", route: "request", status: 200, repeat: "never" })
}) {}
