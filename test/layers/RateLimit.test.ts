// The rate limit, told by its tests: who waits, for how long, and what is left behind by those who give up.

import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as TestClock from "effect/TestClock"
import { Ango, type AngoError, RateLimit, RetryPolicy, Tasks } from "effect-ango"

const taskId = "65aa0000000000000000b001"
const task = () => Response.json({ status: "success", data: { task: { _id: taskId } } })
const refused = (retryAfter?: number) => () =>
  new Response("{}", {
    status: 429,
    headers: retryAfter === undefined ? {} : { "retry-after": `${retryAfter}` }
  })

/** A hub that answers with `answers` in turn, then with a task; and the times at which it was asked. */
const hub = (
  policies: Layer.Layer<never, AngoError.InvalidConfig> = Layer.empty,
  answers: ReadonlyArray<() => Response> = [],
  {
    key = "key",
    deadline = "1 hour",
    idleTimeout = "30 seconds"
  }: {
    readonly key?: string
    readonly deadline?: Duration.DurationInput
    readonly idleTimeout?: Duration.DurationInput
  } = {}
) =>
  Effect.map(Effect.runtime<never>(), (runtime) => {
    const sent: Array<number> = []
    const fetch: typeof globalThis.fetch = async () => {
      sent.push(Runtime.runSync(runtime)(Clock.currentTimeMillis))
      return (answers[sent.length - 1] ?? task)()
    }
    const layer = Ango.layer({ apiKey: Redacted.make(key), deadline, idleTimeout }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(policies)
    )
    return { layer, sent }
  })

const get = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
const gets = (count: number) =>
  Effect.all(
    Array.from({ length: count }, () => get),
    { concurrency: "unbounded" }
  )

/** The most requests within any span of that length. */
const mostWithin = (times: ReadonlyArray<number>, millis: number): number =>
  Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + millis).length))

describe("the rate limit", () => {
  it.effect("of the standard plan lets 100 requests leave at once, and the next a minute later", () =>
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

  it.effect("holds for every minute of ten: 50 fibers, no minute with more than 100, nobody starves", () =>
    Effect.gen(function* () {
      // A virtual clock keeps every timer that was ever set: without any, this takes seconds instead of minutes.
      const patient = { deadline: Duration.infinity, idleTimeout: Duration.infinity }
      const { layer, sent } = yield* hub(Layer.empty, [], patient)
      const done = Array.from({ length: 50 }, () => 0)
      const work = (_: number, index: number) => {
        const one = Effect.flatMap(Effect.zipRight(get, Clock.currentTimeMillis), (now) =>
          Effect.sync(() => {
            if (now >= 60_000) done[index] = (done[index] ?? 0) + 1
          })
        )
        // They begin in five groups within the first minute, so that the requests do not come in step.
        return Effect.delay(Effect.forever(one), Duration.seconds(11 * (index % 5)))
      }
      const fiber = yield* Effect.forEach(done, work, { concurrency: "unbounded" }).pipe(
        Effect.provide(layer),
        Effect.fork
      )
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.interrupt(fiber)
      expect(mostWithin(sent, 60_000)).toBe(100)
      // All of the budget is used, and once all have begun it is shared evenly.
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

  it.effect("gives nothing away to calls that were given up while they waited", () =>
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

  it.effect("that ate the deadline is named in the error, with the budget", () =>
    Effect.gen(function* () {
      const { layer } = yield* hub(RateLimit.layer({ limit: 1, window: "1 minute" }))
      const fiber = yield* Effect.fork(
        Effect.provide(Effect.flip(Ango.withDeadline(gets(2), "5 seconds")), layer)
      )
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "DeadlineExceeded", attempts: 0 })
      expect(error.message).toContain("no request has left")
      expect(error.message).toContain("Budget now: 0 of 1 requests per 1m.")
    })
  )

  it.effect(
    "is one for all clients of a key that are given the same store, and one each for other keys",
    () =>
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
        // The digest of the key is made outside of virtual time.
        yield* Effect.promise(() => new Promise((resume) => setTimeout(resume, 50)))
        yield* TestClock.adjust("59 seconds")
        expect(one.sent.length + two.sent.length).toBe(3)
        expect(other.sent).toHaveLength(2)
        yield* TestClock.adjust("1 seconds")
        yield* Effect.forEach(fibers, Fiber.join)
        expect(one.sent.length + two.sent.length).toBe(4)
      }).pipe(Effect.provide(RateLimiter.layerStoreMemory))
  )

  it.effect("whose store fails lets nothing through, and says so", () =>
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
      expect(error).toMatchObject({ _tag: "RateLimitUnavailable", operation: "tasks.get" })
      expect(error.message).toContain("Check the store")
      expect(sent).toEqual([])
    })
  )
})

describe("a refusal (429)", () => {
  const plenty = RateLimit.layer({ limit: 1000, window: "1 minute" })

  it.effect("makes every call of the client stand still for as long as the hub asks", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(plenty, [refused(7)])
      yield* Effect.gen(function* () {
        const first = yield* Effect.fork(get)
        yield* TestClock.adjust("1 seconds")
        const others = yield* Effect.fork(gets(20))
        yield* TestClock.adjust("5999 millis")
        expect(sent).toEqual([0])
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(first)
        yield* Fiber.join(others)
      }).pipe(Effect.provide(layer))
      expect(sent).toEqual([0, ...Array.from({ length: 21 }, () => 7000)])
    })
  )

  it.effect("without a hint costs a second, and twice as much for each one more in a row", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(Layer.merge(plenty, RetryPolicy.layer({ baseDelay: 1 })), [
        refused(),
        refused(),
        refused(),
        task,
        refused()
      ])
      const fiber = yield* Effect.fork(Effect.provide(Effect.zip(get, get), layer))
      yield* TestClock.adjust("1 minutes")
      yield* Fiber.join(fiber)
      expect(sent).toEqual([0, 1000, 3000, 7000, 7000, 8000])
    })
  )

  it.effect("fails the calls at once that cannot wait so long, with the hint", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(plenty, [refused(300)])
      const [first, second] = yield* Effect.all([Effect.flip(get), Effect.flip(get)]).pipe(
        Ango.withDeadline("60 seconds"),
        Effect.provide(layer)
      )
      expect(first).toMatchObject({ _tag: "RateLimited", retryAfter: Duration.minutes(5) })
      expect(second).toMatchObject({ _tag: "RateLimited", retryAfter: Duration.minutes(5) })
      expect(first.message).toBe(
        "GET /task/{taskId} was refused (429) and the hub asks to wait 5m, but this call has 1m left. " +
          "Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error. " +
          "Budget now: 999 of 1000 requests per 1m."
      )
      expect(second.message).toContain("was not sent: the hub refused an earlier call (429)")
      expect(sent).toHaveLength(1)
    })
  )

  it.effect("is obeyed without a limit of our own as well", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layerOff, [refused(7)])
      const fiber = yield* Effect.fork(Effect.provide(gets(2), layer))
      yield* TestClock.adjust("7 seconds")
      yield* Fiber.join(fiber)
      expect(sent).toEqual([0, 0, 7000])
    })
  )
})
