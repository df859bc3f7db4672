/**
 * How long a connection may be silent: before the answer begins, and between two parts of its body.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { ConnectionFailed, type InvalidRequest } from "../AngoError.js"
import { label } from "../api/Operations.js"
import { refuse } from "../internal/refuse.js"
import { where } from "../internal/where.js"
import { type Answered, around, type Response, readParts, withBody } from "./Around.js"
import type { CallState } from "./CallState.js"

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

/** The idle timeout for the running fiber's calls. */
const current = (
  configured: Duration.Duration,
  call: CallState
): Effect.Effect<Duration.Duration, InvalidRequest> =>
  Effect.flatMap(IdleOverride, (override) => {
    const idle = override === undefined ? Option.some(configured) : Duration.decodeUnknown(override)
    return Option.isSome(idle) && Duration.greaterThan(idle.value, Duration.zero)
      ? Effect.succeed(idle.value)
      : Effect.fail(
          refuse(
            call.operation,
            "idleTimeout",
            'It must be a time longer than zero, for example "30 seconds".'
          )
        )
  })

/** The failure of a connection that was silent for too long. */
const silent = (call: CallState, phase: "request" | "body", idle: Duration.Duration) =>
  new ConnectionFailed({
    ...where(
      call.operation,
      `${label(call.operation)} ${phase === "request" ? "got no answer" : "stopped in the middle of the answer"}: ` +
        `nothing came for ${Duration.format(idle)}. Check the network, or give it more time (Ango.withIdleTimeout).`
    ),
    phase
  })

// The body, read beside one watcher, which sleeps to the instant at which the silence would be too long, and looks
// again. A timeout for each part would cost more than the parts.
const watched = (
  response: Response,
  call: CallState,
  idle: Duration.Duration
): Effect.Effect<ArrayBuffer, unknown> =>
  Effect.flatMap(Clock.currentTimeMillis, (start) => {
    let heardAt = start
    const heard = Effect.map(Clock.currentTimeMillis, (now) => {
      heardAt = now
    })
    const silence: Effect.Effect<never, ConnectionFailed> = Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const left = heardAt + Duration.toMillis(idle) - now
      return left > 0 ? Effect.zipRight(Effect.sleep(left), silence) : Effect.fail(silent(call, "body", idle))
    })
    return Effect.raceFirst(readParts(response.stream, heard), silence)
  })

/** How the body of an answer is kept from silence. */
type Body = (response: Response, call: CallState, idle: Duration.Duration) => Response

const whole: Body = (response, call, idle) => withBody(response, watched(response, call, idle))

/** A body that is read by its `stream` alone, part by part as they come: of the others the whole is waited for. */
export const streamed: Body = (response, call, idle) =>
  Object.create(response, {
    stream: { get: () => Stream.timeoutFail(response.stream, () => silent(call, "body", idle), idle) }
  })

/**
 * A connection that is silent for too long fails: before the headers, and in the body. A call that may not be repeated
 * waits for its answer until the deadline instead, since nothing else can tell what became of it.
 */
export const idleTimeout = (configured: Duration.Duration, body: Body = whole) =>
  around<ConnectionFailed, Answered>((request, send, call) =>
    Effect.gen(function* () {
      const idle = yield* current(configured, call)
      const sent = send(request)
      if (!Duration.isFinite(idle)) return yield* sent
      const response = yield* call.operation.repeat === "never"
        ? sent
        : Effect.timeoutFail(sent, {
            duration: idle,
            onTimeout: () => silent(call, "request", idle)
          })
      return body(response, call, idle)
    })
  )
