/**
 * A lock in a `RateLimiterStore`, held by one of several processes. A holder renews it; if that process ends without
 * releasing it, the lock expires.
 *
 * The store has counters with a time to live. A lock is a counter that exists: whoever creates it holds the lock. The
 * first value is random, and the counter only grows by what its holder adds, so that the value tells whether the lock is
 * still the same. Each unit counts one millisecond of life.
 *
 * @since 0.1.0
 */
import type * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"

type Store = RateLimiter.RateLimiterStore["Type"]

/** A lock is renewed to this time, and free again this long after its holder has died; somewhat longer at first. */
export const leaseMillis = 30_000

const renewalMillis = leaseMillis / 3

const retryMillis = 1000

// How long a lock still lives after its release. The store refuses to end a counter in the past.
const remainders = [20, 200] as const

/** The lock was lost: it expired, or could not be renewed in time. `cause` is the error of the store, if any. */
export interface LockLost {
  readonly cause: unknown
}

const millisecond = Duration.millis(1)

/** Adds to the counter, and to its time to live; with a `limit`, only up to it. Creates a counter that does not exist. */
const add = (store: Store, key: string, tokens: number, limit?: number) =>
  store.fixedWindow({ key, tokens, refillRate: millisecond, limit })

// A counter that exists is above this limit, and is not changed. One that does not exist lives for a millisecond.
const read = (store: Store, key: string) =>
  Effect.map(add(store, key, 1, 1), ([next, ttl]) => ({ value: next - 1, ttl }))

interface Holder {
  value: number
  renewedAt: number
}

const renew = (store: Store, key: string, holder: Holder) =>
  Effect.gen(function* () {
    const { ttl, value } = yield* read(store, key)
    if (value !== holder.value) return false
    const tokens = Math.max(1, leaseMillis - ttl)
    const [next] = yield* add(store, key, tokens)
    if (next !== holder.value + tokens) return false
    holder.value = next
    holder.renewedAt = yield* Clock.currentTimeMillis
    return true
  })

// Renews until the lock is lost.
const keep = (store: Store, key: string, holder: Holder, lost: Deferred.Deferred<never, LockLost>) => {
  const loop = (wait: number): Effect.Effect<void> =>
    Effect.sleep(wait).pipe(
      Effect.zipRight(renew(store, key, holder)),
      Effect.matchEffect({
        onSuccess: (isHeld) =>
          isHeld ? loop(renewalMillis) : Effect.asVoid(Deferred.fail(lost, { cause: undefined })),
        onFailure: (cause) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            now - holder.renewedAt < leaseMillis - retryMillis
              ? loop(retryMillis)
              : Effect.asVoid(Deferred.fail(lost, { cause }))
          )
      })
    )
  return loop(renewalMillis)
}

const release = (store: Store, key: string, holder: Holder) => {
  const shorten = (remainder: number) =>
    Effect.flatMap(read(store, key), ({ ttl, value }) =>
      value === holder.value && ttl > remainder
        ? Effect.asVoid(add(store, key, remainder - ttl))
        : Effect.void
    )
  const [first, second] = remainders
  // What fails twice expires by itself.
  return Effect.ignore(Effect.catchAll(shorten(first), () => shorten(second)))
}

/**
 * Holds a lock until the scope closes. Waits while another process holds it: tries again several times a second, in no
 * particular order. The result never succeeds, and fails if the lock is lost meanwhile.
 */
export const holdStoreLock = (
  store: Store,
  key: string
): Effect.Effect<Effect.Effect<never, LockLost>, RateLimiter.RateLimiterError, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) => {
    const acquire: Effect.Effect<Holder, RateLimiter.RateLimiterError> = Effect.gen(function* () {
      const token = leaseMillis + (yield* Random.nextIntBetween(0, 10_000))
      const renewedAt = yield* Clock.currentTimeMillis
      const [value, ttl] = yield* add(store, key, token, token)
      if (value === token) return { value, renewedAt }
      const wait = yield* Random.nextIntBetween(100, 400)
      yield* restore(Effect.sleep(Math.max(1, Math.min(ttl, wait))))
      return yield* acquire
    })
    return Effect.gen(function* () {
      const holder = yield* acquire
      yield* Effect.addFinalizer(() => release(store, key, holder))
      const lost = yield* Deferred.make<never, LockLost>()
      yield* Effect.forkScoped(Effect.interruptible(keep(store, key, holder, lost)))
      return Deferred.await(lost)
    })
  })
