/**
 * Ends an attempt at the deadline of its call, or when its connection was silent for the idle timeout. One watcher
 * enforces both, from the state that `deadline.ts` and `idleTimeout.ts` write.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AttemptError } from "../../errors/AngoError.js"
import { maxTimerDelay } from "../../utils/maxTimerDelay.js"
import type { CallState } from "./callState.js"
import { failDeadline } from "./deadline.js"
import { connectionIdle } from "./idleTimeout.js"
import { raceWithWatcher } from "./raceWithWatcher.js"
import type { Budget } from "./rateLimiter.js"

// Sleeps until the earliest instant at which a limit may be exceeded, then checks again: activity only writes a
// timestamp and reschedules nothing.
const watch = (
  call: CallState,
  budget: Effect.Effect<Budget | undefined>
): Effect.Effect<never, AttemptError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const { endsAt, idleMillis, lastActivity } = call
    const idleAt = (lastActivity?.at ?? now) + idleMillis
    if (endsAt <= now) return failDeadline(call, budget)
    if (lastActivity !== undefined && idleAt <= now) {
      return Effect.flatMap(
        call.statusError ?? Effect.succeed(connectionIdle(call, lastActivity.phase)),
        Effect.fail
      )
    }
    const wait = Math.min(endsAt - now, idleAt - now, maxTimerDelay)
    return Effect.zipRight(Effect.sleep(wait), watch(call, budget))
  })

/** Runs an attempt; fails with `DeadlineExceeded` or `ConnectionFailed` when a time limit is exceeded. */
export const withAttemptTimeout =
  (call: CallState, budget: Effect.Effect<Budget | undefined>) =>
  <A, E, R>(attempt: Effect.Effect<A, E, R>): Effect.Effect<A, E | AttemptError, R> =>
    Effect.suspend(() => {
      delete call.lastActivity
      delete call.statusError
      return Math.min(call.endsAt, call.idleMillis) === Number.POSITIVE_INFINITY
        ? attempt
        : raceWithWatcher(attempt, watch(call, budget))
    })
