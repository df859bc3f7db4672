// The rate limit, told by its tests: who waits, for how long, and what is left behind by those who give up.

import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Ango, type AngoError, RateLimit, RetryPolicy, Tasks } from "effect-ango"

const taskId = "65aa0000000000000000b001"

const hub = (policy: Layer.Layer<RateLimit.RateLimit, unknown> = Layer.empty as never) => {
  const sent: Array<Request> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent.push(new Request(input, init))
    return Response.json({ status: "success", data: { task: { _id: taskId } } })
  }
  const layer = Ango.layer({ apiKey: Redacted.make("key"), deadline: "1 hour" }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide(policy)
  )
  return { layer, sent }
}

const gets = (count: number) =>
  Effect.flatMap(Tasks, (tasks) =>
    Effect.all(
      Array.from({ length: count }, () => tasks.get(taskId)),
      { concurrency: "unbounded" }
    )
  )

describe("the rate limit", () => {
  it.effect("of the standard plan lets 100 requests leave at once, and one each 0.6 s after them", () =>
    Effect.gen(function* () {
      const { layer, sent } = hub()
      const fiber = yield* Effect.fork(Effect.provide(gets(102), layer))
      yield* TestClock.adjust("599 millis")
      expect(sent).toHaveLength(100)
      yield* TestClock.adjust("1 millis")
      expect(sent).toHaveLength(101)
      yield* TestClock.adjust("600 millis")
      yield* Fiber.join(fiber)
      expect(sent).toHaveLength(102)
    })
  )

  it.effect("is replaced by a layer", () =>
    Effect.gen(function* () {
      const { layer, sent } = hub(RateLimit.layer({ limit: 2, window: "10 seconds" }))
      const fiber = yield* Effect.fork(Effect.provide(gets(3), layer))
      yield* TestClock.adjust("4999 millis")
      expect(sent).toHaveLength(2)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      expect(sent).toHaveLength(3)
    })
  )

  it.effect("is switched off by a layer", () =>
    Effect.gen(function* () {
      const { layer, sent } = hub(RateLimit.layerOff)
      yield* Effect.provide(gets(150), layer)
      expect(sent).toHaveLength(150)
    })
  )

  it.effect("gives nothing away to calls that were given up while they waited", () =>
    Effect.gen(function* () {
      const { layer, sent } = hub(RateLimit.layer({ limit: 1, window: "1 second" }))
      yield* Effect.gen(function* () {
        yield* gets(1)
        const burst = yield* Effect.fork(gets(500))
        yield* TestClock.adjust("10 millis")
        yield* Fiber.interrupt(burst)
        const late = yield* Effect.fork(gets(1))
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(late)
      }).pipe(Effect.provide(layer))
      expect(sent).toHaveLength(2)
    })
  )

  it.effect("that ate the deadline is named in the error", () =>
    Effect.gen(function* () {
      const { layer } = hub(RateLimit.layer({ limit: 1, window: "1 minute" }))
      const fiber = yield* Effect.fork(
        Effect.provide(Effect.flip(Ango.withDeadline(gets(2), "5 seconds")), layer)
      )
      yield* TestClock.adjust("5 seconds")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "DeadlineExceeded", attempts: 0 })
      expect(error.message).toContain("no request has left")
    })
  )
})

const unusable: ReadonlyArray<readonly [string, Layer.Layer<never, AngoError.InvalidConfig>]> = [
  ["rateLimit", RateLimit.layer({ limit: 0, window: "1 minute" })],
  ["rateLimit", RateLimit.layer({ limit: Number.NaN, window: "1 minute" })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: 0 })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: "soon" as "1 minute" })],
  ["retry", RetryPolicy.layer({ attempts: 0 })],
  ["retry", RetryPolicy.layer({ attempts: Number.NaN })],
  ["retry", RetryPolicy.layer({ attempts: Number.POSITIVE_INFINITY })],
  ["retry", RetryPolicy.layer({ baseDelay: "soon" as "1 second" })]
]

describe("policies that cannot be used", () => {
  it.effect.each(unusable)("are refused when the layer is built: %s", ([setting, layer]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      expect(error).toMatchObject({ _tag: "InvalidConfig", setting })
    })
  )
})
