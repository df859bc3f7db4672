/**
 * The time limits of attempts: an attempt ends at the deadline of its call, or when its connection was silent for the
 * idle timeout. `deadline.ts` and `idleTimeout.ts` write the state from which both are computed.
 *
 * One watcher serves all attempts of a client that are in flight: a fiber and a timer for each would cost more than all
 * other policies together.
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Runtime from "effect/Runtime"
import type { AttemptError } from "../../errors/AngoError.js"
import { maxTimerDelay } from "../../utils/maxTimerDelay.js"
import type { CallState } from "./callState.js"
import { failDeadline } from "./deadline.js"
import { connectionIdle } from "./idleTimeout.js"
import type { Budget } from "./rateLimiter.js"

/** Runs attempts within the time limits of their calls. */
export interface TimeLimits {
  /**
   * Runs an attempt in a fiber of its own; fails with `DeadlineExceeded` or `ConnectionFailed` when a limit is exceeded,
   * after the attempt has been interrupted. `budget` is for the message.
   */
  readonly run: <A, E>(
    call: CallState,
    budget: Effect.Effect<Budget | undefined>,
    attempt: Effect.Effect<A, E>
  ) => Effect.Effect<A, E | AttemptError>
}

/** An attempt in flight. */
interface Watched {
  readonly call: CallState
  readonly end: (reason: "deadline" | "idle") => void
}

const exceededLimit = (
  { endsAt, idleMillis, lastActivity }: CallState,
  now: number
): "deadline" | "idle" | undefined => {
  if (endsAt <= now) return "deadline"
  return lastActivity !== undefined && lastActivity.at + idleMillis <= now ? "idle" : undefined
}

// The earliest instant at which a limit may be exceeded: activity only writes a timestamp and reschedules nothing.
const nextCheck = ({ endsAt, idleMillis, lastActivity }: CallState, now: number): number =>
  Math.min(endsAt, (lastActivity?.at ?? now) + idleMillis)

/** Watches the attempts of one clock: its fiber runs while there are any. */
const makeWatcher = (clock: Clock.Clock) => {
  const attempts = new Set<Watched>()
  let fiber: Fiber.RuntimeFiber<void> | undefined
  let wakesAt = Number.POSITIVE_INFINITY

  const check: Effect.Effect<void> = Effect.suspend(() => {
    const now = clock.unsafeCurrentTimeMillis()
    wakesAt = Number.POSITIVE_INFINITY
    for (const attempt of attempts) {
      const reason = exceededLimit(attempt.call, now)
      if (reason === undefined) {
        wakesAt = Math.min(wakesAt, nextCheck(attempt.call, now))
      } else {
        attempts.delete(attempt)
        attempt.end(reason)
      }
    }
    if (wakesAt === Number.POSITIVE_INFINITY) return Effect.void
    const wait = clock.sleep(Duration.millis(Math.min(wakesAt - now, maxTimerDelay)))
    return Effect.zipRight(wait, check)
  })

  const stop = () => {
    wakesAt = Number.POSITIVE_INFINITY
    fiber?.unsafeInterruptAsFork(FiberId.none)
    fiber = undefined
  }

  return {
    add: (attempt: Watched): void => {
      attempts.add(attempt)
      if (nextCheck(attempt.call, clock.unsafeCurrentTimeMillis()) >= wakesAt) return
      stop()
      fiber = Effect.runFork(check)
    },
    /** Returns whether attempts remain. */
    remove: (attempt: Watched): boolean => {
      attempts.delete(attempt)
      if (attempts.size > 0) return true
      stop()
      return false
    }
  }
}

// In the state of the parent, started at once. `Effect.fork` costs twice as much.
const forkFrom = <A>(parent: Fiber.RuntimeFiber<unknown, unknown>, effect: Effect.Effect<A>) =>
  Runtime.runFork(
    Runtime.make({
      context: parent.currentContext,
      runtimeFlags: Runtime.defaultRuntimeFlags,
      fiberRefs: parent.getFiberRefs()
    }),
    effect
  )

/** Makes the time limits of one client. */
export const make = (): TimeLimits => {
  const watchers = new Map<Clock.Clock, ReturnType<typeof makeWatcher>>()

  const watch = (clock: Clock.Clock, attempt: Watched): (() => void) => {
    const watcher = watchers.get(clock) ?? makeWatcher(clock)
    watchers.set(clock, watcher)
    watcher.add(attempt)
    return () => {
      if (!watcher.remove(attempt) && watchers.get(clock) === watcher) watchers.delete(clock)
    }
  }

  const exceeded = (
    call: CallState,
    budget: Effect.Effect<Budget | undefined>,
    reason: "deadline" | "idle"
  ): Effect.Effect<never, AttemptError> =>
    reason === "deadline"
      ? failDeadline(call, budget)
      : // When the body of an error status stops, that status is still the error of the call.
        Effect.fail(call.statusError ?? connectionIdle(call, call.lastActivity?.phase ?? "request"))

  return {
    run: <A, E>(
      call: CallState,
      budget: Effect.Effect<Budget | undefined>,
      attempt: Effect.Effect<A, E>
    ): Effect.Effect<A, E | AttemptError> =>
      Effect.clockWith((clock) =>
        Effect.withFiberRuntime<A, E | AttemptError>((parent) =>
          Effect.async<A, E | AttemptError>((resume) => {
            delete call.lastActivity
            delete call.statusError
            let limit: Effect.Effect<never, AttemptError> | undefined
            let stopWatching = () => {}
            let isOver = false
            // As an exit: the runtime logs the failure of a fiber that nobody joins.
            const fiber = forkFrom(parent, Effect.exit(attempt))
            fiber.addObserver((exit) => {
              isOver = true
              stopWatching()
              const result = Exit.flatten(exit)
              resume(limit === undefined || Exit.isSuccess(result) ? result : limit)
            })
            if (!isOver) {
              stopWatching = watch(clock, {
                call,
                end: (reason) => {
                  limit = exceeded(call, budget, reason)
                  fiber.unsafeInterruptAsFork(parent.id())
                }
              })
            }
            return Fiber.interrupt(fiber)
          })
        )
      )
  }
}
