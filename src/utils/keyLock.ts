// Mutual exclusion per key within the process: two clients of one hub share a lock.
import * as Effect from "effect/Effect"
import { globalValue } from "effect/GlobalValue"
import * as Scope from "effect/Scope"

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

/** Holds the lock of a key until the scope closes. Waits, first come, first served; the wait can be interrupted. */
export const holdKeyedLock = (key: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.suspend(() => {
      const lock = enter(key)
      const left = Effect.sync(() => leave(key, lock))
      return restore(lock.semaphore.take(1)).pipe(
        Effect.onError(() => left),
        Effect.zipRight(Effect.addFinalizer(() => Effect.zipRight(lock.semaphore.release(1), left)))
      )
    })
  )

/** Runs effects with the same key one after another. Unused keys are removed. */
export const withKeyedLock =
  (key: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.scopedWith((scope) => Effect.zipRight(Scope.extend(holdKeyedLock(key), scope), effect))
