/**
 * The idle timeout: how long a connection may be silent, before the response and within its body.
 *
 * This module records the last activity of a connection. `timeLimits.ts` ends an attempt whose connection was silent for
 * too long; a streamed body outlives its attempt and has a timeout of its own.
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import { label } from "../../api/operation.js"
import { ConnectionFailed } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"

/** The error for a connection that was silent for too long. */
export const connectionIdle = (call: CallState, phase: "request" | "body"): ConnectionFailed =>
  new ConnectionFailed({
    ...operationContext(
      call.operation,
      `${label(call.operation)} ${phase === "request" ? "got no response" : "stopped in the middle of the response"}: ` +
        `the connection was silent for ${Duration.format(Duration.millis(call.idleMillis))}. ` +
        "Check the network, or give it more time (Ango.withIdleTimeout)."
    ),
    phase
  })

/** Records that the connection of an attempt is active. */
export const recordActivity = (call: CallState, clock: Clock.Clock, phase: "request" | "body"): void => {
  if (call.idleMillis !== Number.POSITIVE_INFINITY) {
    call.lastActivity = { at: clock.unsafeCurrentTimeMillis(), phase }
  }
}

/**
 * Records that a request is sent. Before the response of a call that may not be repeated, silence is limited by the
 * deadline only: ending it earlier would leave its result unknown.
 */
export const recordRequest = (call: CallState, clock: Clock.Clock): void => {
  if (call.operation.repeat !== "never") recordActivity(call, clock, "request")
}
