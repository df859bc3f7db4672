/**
 * The rate limiter: when the next request may be sent.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { label } from "../../api/operation.js"
import { RateLimited, StoreUnavailable } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { cacheSuccess } from "../../utils/cacheSuccess.js"
import { digest } from "../../utils/digest.js"
import { clockOf } from "../../utils/fiberClock.js"
import { scrubCause } from "../../utils/scrub.js"
import type { Settings } from "../RateLimit.js"
import { rateLimitWait, updateNow } from "../Telemetry.js"
import type { CallState } from "./callState.js"

/**
 * The rate limit as this client has used it: `left` requests of `limit` per `window` remain.
 *
 * @category models
 * @since 0.1.0
 */
export interface Budget {
  readonly left: number
  readonly limit: number
  readonly window: Duration.Duration
}

/** Delays requests for the configured limit, and for pauses after a 429. */
export interface Limiter {
  /** Waits until the request may be sent; fails at once when the hub's pause ends after the call's deadline. */
  readonly acquire: (call: CallState) => Effect.Effect<void, RateLimited | StoreUnavailable>
  /**
   * Records a response. A 429 pauses all requests, for its `Retry-After` if it has one: the effect says so in the log.
   */
  readonly onResponse: (
    status: number,
    retryAfter: Duration.Duration | undefined,
    now: number
  ) => Effect.Effect<void> | undefined
  /** The budget now; `undefined` without a limit. */
  readonly budget: Effect.Effect<Budget | undefined>
}

// A shared budget is named by a digest of the key. A failure to read the key is not cached: the next call tries again.
const budgetName = (apiKey: Effect.Effect<Redacted.Redacted, unknown>): Effect.Effect<string> =>
  Effect.catchAllCause(cacheSuccess(Effect.flatMap(apiKey, digest)), () => Effect.succeed("unknown key"))

/**
 * Makes an effect that reserves the next request and returns in how many milliseconds it may be sent.
 *
 * A sliding window: request `n` takes seat `n % limit`, and each seat may be taken once per window, so that no span of
 * that length has more than `limit` requests. (A token bucket would allow twice the limit in its first window.) In the
 * store, a seat is a fixed window of one request; the counter `turn`, shared with other processes, gives the next seat.
 */
const makeReservation = (settings: Settings, apiKey: Effect.Effect<Redacted.Redacted, unknown>) =>
  Effect.gen(function* () {
    const shared = yield* Effect.serviceOption(RateLimiter.RateLimiterStore)
    const limiter = yield* Effect.provide(
      RateLimiter.make,
      Option.isSome(shared)
        ? Layer.succeed(RateLimiter.RateLimiterStore, shared.value)
        : RateLimiter.layerStoreMemory
    )
    const name = Option.isSome(shared) ? budgetName(apiKey) : Effect.succeed("requests")
    const consume = (key: string) =>
      limiter.consume({
        key,
        limit: 1,
        window: settings.window,
        algorithm: "fixed-window",
        onExceeded: "delay"
      })
    return Effect.gen(function* () {
      const budget = yield* name
      const { remaining } = yield* consume(`${budget}:turn`)
      const { delay } = yield* consume(`${budget}:seat:${-remaining % settings.limit}`)
      return Duration.toMillis(delay)
    })
  })

const maxPauseMillis = 3_600_000

const pauseTooLong = (call: CallState, pause: Duration.Duration): RateLimited =>
  new RateLimited({
    ...operationContext(
      call.operation,
      `${label(call.operation)} was not sent: the hub refused an earlier call (429) and asks to wait ` +
        `${Duration.format(pause)} more, which is longer than the deadline of this call allows. ` +
        "Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error."
    ),
    status: 429,
    retryAfter: pause
  })

/** Makes the limiter of one client. */
export const make = (
  settings: Settings | "off",
  apiKey: Effect.Effect<Redacted.Redacted, unknown>
): Effect.Effect<Limiter> =>
  Effect.gen(function* () {
    const reserve = settings === "off" ? Effect.succeed(0) : yield* makeReservation(settings, apiKey)
    const window = settings === "off" ? Duration.minutes(1) : Duration.decode(settings.window)
    const windowMillis = Duration.toMillis(window)
    const turn = yield* Effect.makeSemaphore(1)
    // When the reserved request may be sent. A call that is interrupted while it waits leaves its reservation to the
    // next one: it uses no budget.
    let reservedAt: number | undefined
    let pausedUntil = 0
    // Consecutive 429s without `Retry-After`.
    let refusals = 0
    // When requests were sent, within the last window.
    const sent: Array<number> = []

    const waitForPause = (call: CallState): Effect.Effect<void, RateLimited> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (pausedUntil <= now) return Effect.void
        const pause = Duration.millis(pausedUntil - now)
        return pausedUntil >= call.endsAt
          ? Effect.fail(pauseTooLong(call, pause))
          : Effect.zipRight(Effect.sleep(pause), waitForPause(call))
      })

    const waitForReservation = Effect.gen(function* () {
      if (reservedAt === undefined) {
        const delay = yield* reserve
        reservedAt = (yield* Clock.currentTimeMillis) + delay
      }
      const wait = reservedAt - (yield* Clock.currentTimeMillis)
      if (wait > 0) yield* Effect.sleep(wait)
      reservedAt = undefined
    })

    const waitForLimit = (call: CallState) =>
      Effect.mapError(
        waitForReservation,
        (error) =>
          new StoreUnavailable({
            store: "rate-limit",
            reason: "unreachable",
            ...operationContext(
              call.operation,
              `${label(call.operation)} was not sent: the store of the shared rate limit does not respond. ` +
                "Check the store, or use a rate limit without a store."
            ),
            cause: scrubCause("cause" in error && error.cause !== undefined ? error.cause : error, call.keys)
          })
      )

    const countRecent = (now: number) => {
      while ((sent[0] ?? now) <= now - windowMillis) sent.shift()
      return sent.length
    }

    const recordSent = (call: CallState, start: number) =>
      Effect.withFiberRuntime<void>((fiber) => {
        const now = clockOf(fiber).unsafeCurrentTimeMillis()
        sent.push(now)
        countRecent(now)
        updateNow(fiber, rateLimitWait, now - start)
        return now === start
          ? Effect.void
          : Effect.annotateLogs(Effect.logDebug("waited for the rate limit"), {
              operation: call.operation.name,
              waitMillis: now - start
            })
      })

    const waitForTurn = (call: CallState) =>
      Effect.zipRight(
        waitForPause(call),
        turn.withPermits(1)(Effect.zipRight(waitForLimit(call), waitForPause(call)))
      )

    return {
      acquire: (call) =>
        Effect.flatMap(Clock.currentTimeMillis, (start) =>
          settings === "off" && pausedUntil <= start
            ? recordSent(call, start)
            : Effect.zipRight(waitForTurn(call), recordSent(call, start))
        ),
      onResponse: (status, hint, now) => {
        // A response to a request that was sent before the pause.
        if (now < pausedUntil && hint === undefined) return undefined
        if (status !== 429) {
          refusals = 0
          return undefined
        }
        const pause =
          hint ?? Duration.millis(Math.min((windowMillis / 6) * 2 ** Math.min(refusals, 20), windowMillis))
        if (hint === undefined) refusals++
        // The refused call gets the whole `Retry-After`; a mistake in it must not pause the others for longer.
        const pauseMillis = Math.min(Duration.toMillis(pause), Math.max(windowMillis, maxPauseMillis))
        pausedUntil = Math.max(pausedUntil, now + pauseMillis)
        return Effect.annotateLogs(Effect.logWarning("the hub refuses more requests (429): all calls wait"), {
          waitMillis: pauseMillis
        })
      },
      budget: Effect.map(Clock.currentTimeMillis, (now) =>
        settings === "off"
          ? undefined
          : { left: Math.max(0, settings.limit - countRecent(now)), limit: settings.limit, window }
      )
    }
  })

/** Formats a budget for a message: " Budget now: 0 of 100 requests per 1m.". */
export const formatBudget = (budget: Budget | undefined): string =>
  budget === undefined
    ? ""
    : ` Budget now: ${budget.left} of ${budget.limit} requests per ${Duration.format(budget.window)}.`
