/**
 * How long a connection may be silent: before the answer begins, and between two parts of its body.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label } from "../../api/operations.js"
import { type AttemptError, ConnectionFailed } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"
import { middleware, type Response, readParts, withBody } from "./middleware.js"

/** An idle timeout that the caller set for the calls of one effect. */
export class IdleOverride extends Context.Reference<IdleOverride>()("effect-ango/IdleOverride", {
  defaultValue: (): Duration.DurationInput | undefined => undefined
}) {}

/**
 * Runs an effect whose connections may be silent for another time than the configured one; it also reaches services
 * that were built before. `Duration.infinity` sets none. What is no time, or not longer than zero, makes the
 * calls fail with `InvalidRequest`.
 *
 * @since 0.1.0
 */
export const withIdleTimeout: {
  (idle: Duration.DurationInput): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, idle: Duration.DurationInput): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, idle: Duration.DurationInput): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, IdleOverride, idle)
)

/** Runs a call whose connections may be silent for so long, or for as long as the caller has set. */
export const idleLimitOf =
  (configured: Duration.Duration, call: CallState) =>
  <A>(run: Effect.Effect<A, AttemptError>): Effect.Effect<A, AttemptError> =>
    Effect.flatMap(IdleOverride, (override) => {
      const idle = override === undefined ? Option.some(configured) : Duration.decodeUnknown(override)
      if (Option.isNone(idle) || !Duration.greaterThan(idle.value, Duration.zero)) {
        return Effect.fail(
          invalidRequest(
            call.operation,
            "idleTimeout",
            'It must be a time longer than zero, for example "30 seconds".'
          )
        )
      }
      call.idleMillis = Duration.toMillis(idle.value)
      return run
    })

/** The failure of a connection that was silent for too long. */
export const connectionIdle = (call: CallState, phase: "request" | "body"): ConnectionFailed =>
  new ConnectionFailed({
    ...operationContext(
      call.operation,
      `${label(call.operation)} ${phase === "request" ? "got no answer" : "stopped in the middle of the answer"}: ` +
        `nothing came for ${Duration.format(Duration.millis(call.idleMillis))}. ` +
        "Check the network, or give it more time (Ango.withIdleTimeout)."
    ),
    phase
  })

/** How the body of an answer is kept from silence. */
type Body = (response: Response, call: CallState, heard: () => void) => Response

const whole: Body = (response, call, heard) =>
  withBody(
    response,
    Effect.ensuring(
      Effect.suspend(() => readParts(response.stream, heard)),
      Effect.sync(() => {
        delete call.silence
      })
    )
  )

/** A body that is read by its `stream` alone, part by part as they come, after the attempt has ended. */
export const streamed: Body = (response, call) => {
  delete call.silence
  return Object.create(response, {
    stream: {
      get: () => Stream.timeoutFail(response.stream, () => connectionIdle(call, "body"), call.idleMillis)
    }
  })
}

/**
 * Notes since when the connection has been silent, before the headers and in the body, for the attempt's watcher to
 * end it. A call that may not be repeated waits for its answer until the deadline instead, since nothing else can tell
 * what became of it.
 */
export const idleTimeout = (body: Body = whole) =>
  middleware<ConnectionFailed, ConnectionFailed>((request, send, call) => {
    if (call.idleMillis === Number.POSITIVE_INFINITY) return send(request)
    return Effect.clockWith((clock) => {
      const hear = (phase: "request" | "body") => {
        call.silence = { since: clock.unsafeCurrentTimeMillis(), phase }
      }
      if (call.operation.repeat !== "never") hear("request")
      return Effect.map(send(request), (response) => {
        const heard = () => hear("body")
        heard()
        return body(response, call, heard)
      })
    })
  })
