/**
 * The one watcher of an attempt, for all the times that it must keep: it ends with its call's deadline, and when its
 * connection is silent for too long.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Conclusion } from "../../errors/AngoError.js"
import { longestSleep } from "../../utils/maxTimerDelay.js"
import type { CallState } from "./callState.js"
import { exceeded } from "./deadline.js"
import { silent } from "./idleTimeout.js"
import type { Budget } from "./limiter.js"
import { beside } from "./raceWithWatcher.js"

// Sleeps to the first instant at which something may be over, and looks again: what is heard meanwhile costs nothing.
const watcher = (
  call: CallState,
  budget: Effect.Effect<Budget | undefined>
): Effect.Effect<never, Conclusion> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const { endsAt, idleMillis, silence } = call
    const silentAt = (silence?.since ?? now) + idleMillis
    if (endsAt <= now) return exceeded(call, budget)
    if (silence !== undefined && silentAt <= now) {
      return Effect.flatMap(call.refusal ?? Effect.succeed(silent(call, silence.phase)), Effect.fail)
    }
    const wait = Math.min(endsAt - now, silentAt - now, longestSleep)
    return Effect.zipRight(Effect.sleep(wait), watcher(call, budget))
  })

/** Runs an attempt that ends with its call's deadline, or when its connection is silent for too long. */
export const watched =
  (call: CallState, budget: Effect.Effect<Budget | undefined>) =>
  <A, E, R>(attempt: Effect.Effect<A, E, R>): Effect.Effect<A, E | Conclusion, R> =>
    Effect.suspend(() => {
      delete call.silence
      delete call.refusal
      return Math.min(call.endsAt, call.idleMillis) === Number.POSITIVE_INFINITY
        ? attempt
        : beside(attempt, watcher(call, budget))
    })
