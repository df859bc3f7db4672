/**
 * How long one call may take in all: attempts, waits, body and decoding.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import { type CallError, DeadlineExceeded } from "../AngoError.js"
import { label } from "../api/Operations.js"
import { where } from "../internal/where.js"
import type { CallState } from "./CallState.js"

/** A deadline that the caller set for the calls of one effect. */
export class DeadlineOverride extends Context.Reference<DeadlineOverride>()("effect-ango/DeadlineOverride", {
  defaultValue: (): Duration.Duration | undefined => undefined
}) {}

/**
 * Runs an effect whose calls each have another deadline than the configured one; it also reaches services that
 * were built before.
 *
 * @example
 * ```ts
 * import { Ango, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const patient = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001")).pipe(
 *   Ango.withDeadline("5 minutes")
 * )
 * ```
 *
 * @since 0.1.0
 */
export const withDeadline: {
  (deadline: Duration.DurationInput): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Duration.DurationInput): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Duration.DurationInput): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, DeadlineOverride, Duration.decode(deadline))
)

const progress = ({ attempts, lastFailure }: CallState): string => {
  if (attempts === 0) return "no request has left, since the key or the rate limit was waited for"
  const before = lastFailure === undefined ? "" : `, the last failure was ${lastFailure}`
  return attempts === 1 ? `one request was sent${before}` : `${attempts} requests were sent${before}`
}

/** Gives `run` the instant at which it must have ended, and ends it then. */
export const deadline = <A>(
  configured: Duration.Duration,
  call: CallState,
  run: (endsAt: number) => Effect.Effect<A, CallError>
): Effect.Effect<A, CallError> =>
  Effect.gen(function* () {
    const duration = (yield* DeadlineOverride) ?? configured
    const endsAt = (yield* Clock.currentTimeMillis) + Duration.toMillis(duration)
    return yield* Effect.timeoutFail(run(endsAt), {
      duration,
      onTimeout: () =>
        new DeadlineExceeded({
          ...where(
            call.operation,
            `${label(call.operation)} did not end within its deadline of ${Duration.format(duration)}: ` +
              `${progress(call)}. Give it more time (Ango.withDeadline).`
          ),
          deadline: duration,
          attempts: call.attempts
        })
    })
  })
