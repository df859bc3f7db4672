/**
 * The rate limit at work: when the next request may leave.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { label } from "../../api/operations.js"
import { RateLimited, StoreUnavailable } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { cacheSuccess } from "../../utils/cacheSuccess.js"
import { digest } from "../../utils/digest.js"
import { scrubCause } from "../../utils/scrub.js"
import type { Settings } from "../RateLimit.js"
import { rateLimitWait } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import * as Failure from "./errorMapping.js"
import { middleware } from "./middleware.js"

/** What is left of the budget, as this client has used it. */
export interface Budget {
  readonly left: number
  readonly limit: number
  readonly window: Duration.Duration
}

/** Lets requests leave as the limit and the hub's refusals allow. */
export interface Limiter {
  /** Ends when the request may leave; fails at once when the hub's pause is longer than the call has left. */
  readonly acquire: (call: CallState) => Effect.Effect<void, RateLimited | StoreUnavailable>
  /** Learns from an answer: a 429, with the hub's hint if there is one, makes all requests stand still. */
  readonly answered: (status: number, hint: Duration.Duration | undefined) => Effect.Effect<void>
  /** What is left now; nothing when there is no limit. */
  readonly budget: Effect.Effect<Budget | undefined>
}

// A budget that processes share is named after its key, by which nobody can call the hub. Only a name is remembered:
// that the key could not be had once says nothing of the next call.
const nameOf = (apiKey: Effect.Effect<Redacted.Redacted, unknown>): Effect.Effect<string> =>
  Effect.catchAllCause(cacheSuccess(Effect.flatMap(apiKey, digest)), () => Effect.succeed("unknown key"))

/**
 * `limit` seats, of which each may be taken once per window: no span as long as the window sees more than `limit`
 * requests, and none of the budget is wasted. A token bucket would let twice the budget pass in its first window. In
 * the limiter's own terms a seat is a fixed window of one request; a ticket says which seat is next, also to the other
 * processes. Takes the next seat, and tells in how many milliseconds it opens.
 */
const seats = (settings: Settings, apiKey: Effect.Effect<Redacted.Redacted, unknown>) =>
  Effect.gen(function* () {
    const shared = yield* Effect.serviceOption(RateLimiter.RateLimiterStore)
    const limiter = yield* Effect.provide(
      RateLimiter.make,
      Option.isSome(shared)
        ? Layer.succeed(RateLimiter.RateLimiterStore, shared.value)
        : RateLimiter.layerStoreMemory
    )
    const name = Option.isSome(shared) ? nameOf(apiKey) : Effect.succeed("requests")
    const take = (key: string) =>
      limiter.consume({
        key,
        limit: 1,
        window: settings.window,
        algorithm: "fixed-window",
        onExceeded: "delay"
      })
    return Effect.gen(function* () {
      const budget = yield* name
      const { remaining } = yield* take(`${budget}:turn`)
      const { delay } = yield* take(`${budget}:seat:${-remaining % settings.limit}`)
      return Duration.toMillis(delay)
    })
  })

const longestPause = 3_600_000

const paused = (call: CallState, left: Duration.Duration): RateLimited =>
  new RateLimited({
    ...operationContext(
      call.operation,
      `${label(call.operation)} was not sent: the hub refused an earlier call (429) and asks to wait ` +
        `${Duration.format(left)} more, which is longer than this call has left. ` +
        "Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error."
    ),
    status: 429,
    retryAfter: left
  })

/** The limiter of one client. */
export const make = (
  settings: Settings | "off",
  apiKey: Effect.Effect<Redacted.Redacted, unknown>
): Effect.Effect<Limiter> =>
  Effect.gen(function* () {
    const seat = settings === "off" ? Effect.succeed(0) : yield* seats(settings, apiKey)
    const window = settings === "off" ? Duration.minutes(1) : Duration.decode(settings.window)
    const windowMillis = Duration.toMillis(window)
    // A request takes its seat when its turn comes, and when it is given up while it waits for it, the next one has it:
    // calls in a hurry burn no budget.
    const turn = yield* Effect.makeSemaphore(1)
    let opensAt: number | undefined
    let pausedUntil = 0
    let refusals = 0
    const sent: Array<number> = []

    const standStill = (call: CallState): Effect.Effect<void, RateLimited> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (pausedUntil <= now) return Effect.void
        const left = Duration.millis(pausedUntil - now)
        return pausedUntil >= call.endsAt
          ? Effect.fail(paused(call, left))
          : Effect.zipRight(Effect.sleep(left), standStill(call))
      })

    const take = Effect.gen(function* () {
      if (opensAt === undefined) {
        const delay = yield* seat
        opensAt = (yield* Clock.currentTimeMillis) + delay
      }
      const left = opensAt - (yield* Clock.currentTimeMillis)
      if (left > 0) yield* Effect.sleep(left)
      opensAt = undefined
    })

    const inTurn = (call: CallState) =>
      Effect.mapError(
        take,
        (error) =>
          new StoreUnavailable({
            store: "rate-limit",
            reason: "unreachable",
            ...operationContext(
              call.operation,
              `${label(call.operation)} was not sent: the store of the shared rate limit does not answer. ` +
                "Check the store, or give the client a limit of its own."
            ),
            cause: scrubCause("cause" in error && error.cause !== undefined ? error.cause : error, call.keys)
          })
      )

    const recent = (now: number) => {
      while ((sent[0] ?? now) <= now - windowMillis) sent.shift()
      return sent.length
    }

    const acquire: Limiter["acquire"] = (call) =>
      Effect.gen(function* () {
        const start = yield* Clock.currentTimeMillis
        yield* standStill(call)
        yield* turn.withPermits(1)(Effect.zipRight(inTurn(call), standStill(call)))
        const now = yield* Clock.currentTimeMillis
        sent.push(now)
        recent(now)
        yield* Metric.update(rateLimitWait, now - start)
        if (now > start) {
          yield* Effect.annotateLogs(Effect.logDebug("waited for the rate limit"), {
            operation: call.operation.name,
            waitMillis: now - start
          })
        }
      })

    return {
      acquire,
      answered: (status, hint) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          // What left before the pause has nothing new to tell.
          if (now < pausedUntil && hint === undefined) return Effect.void
          if (status !== 429) {
            refusals = 0
            return Effect.void
          }
          const pause =
            hint ?? Duration.millis(Math.min((windowMillis / 6) * 2 ** Math.min(refusals, 20), windowMillis))
          if (hint === undefined) refusals++
          // The call itself is told the hub's hint whole; the others do not stand still for a mistake in it.
          const shared = Math.min(Duration.toMillis(pause), Math.max(windowMillis, longestPause))
          pausedUntil = Math.max(pausedUntil, now + shared)
          return Effect.annotateLogs(
            Effect.logWarning("the hub refuses more requests (429): all calls wait"),
            { waitMillis: shared }
          )
        }),
      budget: Effect.map(Clock.currentTimeMillis, (now) =>
        settings === "off"
          ? undefined
          : { left: Math.max(0, settings.limit - recent(now)), limit: settings.limit, window }
      )
    }
  })

/** "Budget now: 0 of 100 requests per 1m." */
export const reportBudget = (budget: Budget | undefined): string =>
  budget === undefined
    ? ""
    : ` Budget now: ${budget.left} of ${budget.limit} requests per ${Duration.format(budget.window)}.`

/** Lets requests leave no faster than the rate limit, and slower when the hub says so. */
export const rateLimit = <E>(limiter: Limiter) =>
  middleware<E, E | RateLimited | StoreUnavailable>((request, send, call) =>
    Effect.flatMap(Effect.zipRight(limiter.acquire(call), send(request)), (response) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.as(limiter.answered(response.status, Failure.retryAfter(response.headers, now)), response)
      )
    )
  )
