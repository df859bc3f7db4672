/**
 * The idle timeout: how long a connection may be silent, before the response and within its body.
 *
 * This module records the last activity of a connection. `attemptTimeout.ts` ends an attempt whose connection was silent
 * for too long; a streamed body outlives its attempt and has a timeout of its own.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { label } from "../../api/operation.js"
import { ConnectionFailed, type InvalidRequest } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { useIdleTimeout } from "./callSettings.js"
import type { CallState } from "./callState.js"
import { middleware, overrideResponse, type Response, readBytes, withBody } from "./middleware.js"

/** Sets the idle timeout of a call, then runs it. */
export const setIdleTimeout =
  (configured: Duration.Duration, call: CallState) =>
  <A, E, R>(run: Effect.Effect<A, E, R>): Effect.Effect<A, E | InvalidRequest, R> =>
    useIdleTimeout(configured, call.operation, (idleTimeout) => {
      call.idleMillis = Duration.toMillis(idleTimeout)
      return run
    })

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

/** How the silence of a body is limited; `onData` records activity. */
type LimitBody = (response: Response, call: CallState, onData: () => void) => Response

/** A body that is read whole, within the attempt. */
const wholeBody: LimitBody = (response, call, onData) =>
  withBody(
    response,
    Effect.ensuring(
      Effect.suspend(() => readBytes(response.stream, onData)),
      Effect.sync(() => {
        delete call.lastActivity
      })
    )
  )

/** A body that is read by its `stream` only, after the attempt has ended. */
export const streamedBody: LimitBody = (response, call) => {
  delete call.lastActivity
  return overrideResponse(response, {
    stream: {
      get: () => Stream.timeoutFail(response.stream, () => connectionIdle(call, "body"), call.idleMillis)
    }
  })
}

/**
 * Records the activity of the attempt's connection. Before the response of a call that may not be repeated, silence is
 * limited by the deadline only: ending it earlier would leave its result unknown.
 */
export const recordActivity = (limitBody: LimitBody = wholeBody) =>
  middleware<ConnectionFailed, ConnectionFailed>((request, send, call) => {
    if (call.idleMillis === Number.POSITIVE_INFINITY) return send(request)
    return Effect.clockWith((clock) => {
      const record = (phase: "request" | "body") => {
        call.lastActivity = { at: clock.unsafeCurrentTimeMillis(), phase }
      }
      if (call.operation.repeat !== "never") record("request")
      return Effect.map(send(request), (response) => {
        const onData = () => record("body")
        onData()
        return limitBody(response, call, onData)
      })
    })
  })
