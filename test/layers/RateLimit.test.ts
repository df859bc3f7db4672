// The rate limit: which requests wait, for how long, and what interrupted calls leave behind.

import * as RateLimiter from "@effect/experimental/RateLimiter"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, RetryPolicy } from "effect-ango"
import { get, gets, hub } from "../support/TimedHub.js"

/** The largest number of requests in any span of this length. */
const maxWithin = (times: ReadonlyArray<number>, millis: number): number =>
  Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + millis).length))

describe("the rate limit", () => {
  it.effect("of the standard plan sends 100 requests at once, and the next a minute later", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub()
      const fiber = yield* Effect.fork(Effect.provide(gets(102), layer))
      yield* TestClock.adjust("59999 millis")
      expect(sent).toHaveLength(100)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      expect(sent).toHaveLength(102)
    })
  )

  it.effect("holds in every minute of ten for 50 fibers, and starves none", () =>
    Effect.gen(function* () {
      // The test clock keeps every timer ever set: without the idle timeout's, this takes seconds instead of minutes.
      const patient = { deadline: Duration.infinity, idleTimeout: Duration.infinity }
      const { layer, sent } = yield* hub(Layer.empty, [], patient)
      const done = Array.from({ length: 50 }, () => 0)
      const work = (_: number, index: number) => {
        const one = Effect.flatMap(Effect.zipRight(get, Clock.currentTimeMillis), (now) =>
          Effect.sync(() => {
            if (now >= 60_000) done[index] = (done[index] ?? 0) + 1
          })
        )
        // Five groups start within the first minute, so that the requests are not synchronized.
        return Effect.delay(Effect.forever(one), Duration.seconds(11 * (index % 5)))
      }
      const fiber = yield* Effect.forEach(done, work, { concurrency: "unbounded" }).pipe(
        Effect.provide(layer),
        Effect.fork
      )
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.interrupt(fiber)
      expect(maxWithin(sent, 60_000)).toBe(100)
      // The whole budget is used, and shared evenly once all fibers have started.
      expect(sent.length).toBeGreaterThanOrEqual(1000)
      expect(Math.max(...done) - Math.min(...done)).toBeLessThanOrEqual(2)
    })
  )

  it.effect("is replaced by a layer", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layer({ limit: 2, window: "10 seconds" }))
      const fiber = yield* Effect.fork(Effect.provide(gets(3), layer))
      yield* TestClock.adjust("9999 millis")
      expect(sent).toHaveLength(2)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      expect(sent).toHaveLength(3)
    })
  )

  it.effect("is switched off by a layer", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layerOff)
      yield* Effect.provide(gets(150), layer)
      expect(sent).toHaveLength(150)
    })
  )

  it.effect("is not used up by calls that were interrupted while they waited", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layer({ limit: 2, window: "1 second" }))
      yield* Effect.gen(function* () {
        yield* gets(2)
        const burst = yield* Effect.fork(gets(500))
        yield* TestClock.adjust("10 millis")
        yield* Fiber.interrupt(burst)
        const late = yield* Effect.fork(gets(1))
        yield* TestClock.adjust("1 seconds")
        yield* Fiber.join(late)
      }).pipe(Effect.provide(layer))
      expect(sent).toHaveLength(3)
    })
  )

  it.effect("is not used up by calls whose deadline ends while they wait", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layer({ limit: 2, window: "1 second" }))
      yield* Effect.gen(function* () {
        yield* gets(2)
        const hurried = yield* Effect.fork(
          Effect.repeatN(Effect.ignore(Ango.withDeadline(get, "40 millis")), 19)
        )
        yield* TestClock.adjust("800 millis")
        yield* Fiber.join(hurried)
        const patient = yield* Effect.fork(get)
        yield* TestClock.adjust("200 millis")
        yield* Fiber.join(patient)
      }).pipe(Effect.provide(layer))
      expect(sent).toEqual([0, 0, 1000])
    })
  )

  it.effect("is named with its budget in the error when it exceeds the deadline", () =>
    Effect.gen(function* () {
      const { layer } = yield* hub(RateLimit.layer({ limit: 1, window: "1 minute" }))
      const fiber = yield* Effect.fork(
        Effect.provide(Effect.flip(Ango.withDeadline(gets(2), "5 seconds")), layer)
      )
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "DeadlineExceeded", attempts: 0 })
      expect(error.message).toContain("no request was sent")
      expect(error.message).toContain("Budget now: 0 of 1 requests per 1m.")
    })
  )

  it.effect("is shared by all clients with the same key and store, and separate for other keys", () =>
    Effect.gen(function* () {
      const settings = yield* Effect.map(RateLimiter.RateLimiterStore, (store) =>
        Layer.merge(
          RateLimit.layer({ limit: 3, window: "1 minute" }),
          Layer.succeed(RateLimiter.RateLimiterStore, store)
        )
      )
      const one = yield* hub(settings)
      const two = yield* hub(settings)
      const other = yield* hub(settings, [], { key: "another-key" })
      const fibers = yield* Effect.forEach([one, two, other], ({ layer }) =>
        Effect.fork(Effect.provide(gets(2), layer))
      )
      // The digest of the key is computed outside of virtual time.
      yield* Effect.promise(() => new Promise((resume) => setTimeout(resume, 50)))
      yield* TestClock.adjust("59 seconds")
      expect(one.sent.length + two.sent.length).toBe(3)
      expect(other.sent).toHaveLength(2)
      yield* TestClock.adjust("1 seconds")
      yield* Effect.forEach(fibers, Fiber.join)
      expect(one.sent.length + two.sent.length).toBe(4)
    }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  )

  it.effect("sends nothing while its store fails, and reports it", () =>
    Effect.gen(function* () {
      const down = Effect.fail(
        new RateLimiter.RateLimitStoreError({ message: "no", cause: new Error("connect ECONNREFUSED") })
      )
      const { layer, sent } = yield* hub(
        Layer.mergeAll(
          RetryPolicy.layer({ attempts: 1 }),
          Layer.succeed(RateLimiter.RateLimiterStore, { fixedWindow: () => down, tokenBucket: () => down })
        )
      )
      const error = yield* Effect.flip(Effect.provide(get, layer))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "rate-limit", operation: "tasks.get" })
      expect(error.message).toContain("Check the store")
      expect(sent).toEqual([])
    })
  )
})
