// A 429 pauses all calls of the client, for its `Retry-After` or a default time.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { Ango, RateLimit, RetryPolicy } from "effect-ango"
import { get, gets, hub, refused, task, taskId } from "../../support/TimedHub.js"

describe("a 429", () => {
  const plenty = RateLimit.layer({ limit: 1000, window: "1 minute" })

  it.effect("pauses all calls of the client for its Retry-After", () =>
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

  it.effect(
    "without Retry-After pauses for a sixth of the window, doubled for each further one in a row",
    () =>
      Effect.gen(function* () {
        const { layer, sent } = yield* hub(Layer.merge(plenty, RetryPolicy.layer({ baseDelay: 1 })), [
          refused(),
          refused(),
          refused(),
          task,
          refused()
        ])
        const fiber = yield* Effect.fork(Effect.provide(Effect.zip(get, get), layer))
        yield* TestClock.adjust("2 minutes")
        yield* Fiber.join(fiber)
        expect(sent).toEqual([0, 10_000, 30_000, 70_000, 70_000, 80_000])
      })
  )

  it.effect("fails calls at once whose deadline is before the end of the pause, with retryAfter", () =>
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

  it.effect("of many concurrent calls counts once, not as many in a row", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(
        plenty,
        Array.from({ length: 10 }, () => refused())
      )
      const fiber = yield* Effect.fork(Effect.provide(gets(10), layer))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      expect(sent).toHaveLength(20)
    })
  )

  it.effect("with an absurd Retry-After does not stop the client for good", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(plenty, [refused(1_785_000_000)])
      yield* Effect.gen(function* () {
        expect(yield* Effect.flip(get)).toMatchObject({
          _tag: "RateLimited",
          retryAfter: Duration.seconds(1_785_000_000)
        })
        yield* TestClock.adjust("1 hour")
        expect((yield* get).id).toBe(taskId)
      }).pipe(Effect.provide(layer))
      expect(sent).toHaveLength(2)
    })
  )

  it.effect("pauses calls without a rate limit of the client as well", () =>
    Effect.gen(function* () {
      const { layer, sent } = yield* hub(RateLimit.layerOff, [refused(7)])
      const fiber = yield* Effect.fork(Effect.provide(gets(2), layer))
      yield* TestClock.adjust("7 seconds")
      yield* Fiber.join(fiber)
      expect(sent).toEqual([0, 0, 7000])
    })
  )
})
