/**
 * The one watcher of an attempt, for all the times that it must keep: it ends with its call's deadline, and when its
 * connection is silent for too long.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AttemptError } from "../../errors/AngoError.js"
import { maxTimerDelay } from "../../utils/maxTimerDelay.js"
import type { CallState } from "./callState.js"
import { exceeded } from "./deadline.js"
import { connectionIdle } from "./idleTimeout.js"
import type { Budget } from "./limiter.js"
import { raceWithWatcher } from "./raceWithWatcher.js"

// Sleeps to the first instant at which something may be over, and looks again: what is heard meanwhile costs nothing.
const watcher = (
  call: CallState,
  budget: Effect.Effect<Budget | undefined>
): Effect.Effect<never, AttemptError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const { endsAt, idleMillis, silence } = call
    const silentAt = (silence?.since ?? now) + idleMillis
    if (endsAt <= now) return exceeded(call, budget)
    if (silence !== undefined && silentAt <= now) {
      return Effect.flatMap(call.refusal ?? Effect.succeed(connectionIdle(call, silence.phase)), Effect.fail)
    }
    const wait = Math.min(endsAt - now, silentAt - now, maxTimerDelay)
    return Effect.zipRight(Effect.sleep(wait), watcher(call, budget))
  })

/** Runs an attempt that ends with its call's deadline, or when its connection is silent for too long. */
export const withAttemptTimeout =
  (call: CallState, budget: Effect.Effect<Budget | undefined>) =>
  <A, E, R>(attempt: Effect.Effect<A, E, R>): Effect.Effect<A, E | AttemptError, R> =>
    Effect.suspend(() => {
      delete call.silence
      delete call.refusal
      return Math.min(call.endsAt, call.idleMillis) === Number.POSITIVE_INFINITY
        ? attempt
        : raceWithWatcher(attempt, watcher(call, budget))
    })
