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
import * as Option from "effect/Option"
import { label } from "../../api/operations.js"
import { type AttemptError, DeadlineExceeded } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"
import { type Budget, reportBudget } from "./limiter.js"

/** A deadline that the caller set for the calls of one effect. */
export class DeadlineOverride extends Context.Reference<DeadlineOverride>()("effect-ango/DeadlineOverride", {
  defaultValue: (): Duration.DurationInput | undefined => undefined
}) {}

/**
 * Runs an effect whose calls each have another deadline than the configured one; it also reaches services that
 * were built before. `Duration.infinity` sets none. What is no time, or not longer than zero, makes the calls fail with
 * `InvalidRequest`.
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
    Effect.provideService(effect, DeadlineOverride, deadline)
)

const progress = ({ attempts, lastFailure }: CallState): string => {
  if (attempts === 0)
    return "no request has left, since the key, the rate limit or the concurrency limit was waited for"
  const before = lastFailure === undefined ? "" : `, the last failure was ${lastFailure}`
  return attempts === 1 ? `one request was sent${before}` : `${attempts} requests were sent${before}`
}

const current = (configured: Duration.Duration, call: CallState) =>
  Effect.flatMap(DeadlineOverride, (override) => {
    const deadline = override === undefined ? Option.some(configured) : Duration.decodeUnknown(override)
    return Option.isSome(deadline) && Duration.greaterThan(deadline.value, Duration.zero)
      ? Effect.succeed(deadline.value)
      : Effect.fail(
          invalidRequest(
            call.operation,
            "deadline",
            'It must be a time longer than zero, for example "2 minutes".'
          )
        )
  })

/** The failure of a call that has not ended by its deadline. */
export const exceeded = (
  call: CallState,
  budget: Effect.Effect<Budget | undefined>
): Effect.Effect<never, DeadlineExceeded> =>
  Effect.flatMap(
    budget,
    (left) =>
      new DeadlineExceeded({
        ...operationContext(
          call.operation,
          `${label(call.operation)} did not end within its deadline of ${Duration.format(call.deadline)}: ` +
            `${progress(call)}. Give it more time (Ango.withDeadline).${reportBudget(left)}`
        ),
        deadline: call.deadline,
        attempts: call.attempts
      })
  )

/**
 * Runs a call that must have ended by its deadline. The clock begins here; each attempt is ended by its watcher, and no
 * wait between two of them is longer than the time that is left.
 */
export const deadline =
  (configured: Duration.Duration, call: CallState) =>
  <A>(run: Effect.Effect<A, AttemptError>): Effect.Effect<A, AttemptError> =>
    Effect.flatMap(current(configured, call), (duration) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        call.deadline = duration
        call.endsAt = now + Duration.toMillis(duration)
        return run
      })
    )
