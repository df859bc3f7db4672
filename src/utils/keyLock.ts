// Mutual exclusion per key within the process: two clients of one hub share a lock.
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"

interface Lock {
  readonly semaphore: Effect.Semaphore
  users: number
}

/** The locks that are held or waited for. */
export const locks = globalValue("effect-ango/locks", () => new Map<string, Lock>())

const enter = (key: string): Lock => {
  const lock = locks.get(key) ?? { semaphore: Effect.unsafeMakeSemaphore(1), users: 0 }
  lock.users++
  locks.set(key, lock)
  return lock
}

const leave = (key: string, lock: Lock): void => {
  lock.users--
  if (lock.users === 0) locks.delete(key)
}

/** Runs effects with the same key one after another. Unused keys are removed. */
export const withKeyedLock =
  (key: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => enter(key)),
      ({ semaphore }) => semaphore.withPermits(1)(effect),
      (lock) => Effect.sync(() => leave(key, lock))
    )
