// The concurrency limit: how many requests are in flight at once, at any rate.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import { ConcurrencyLimit, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const gets = (count: number) =>
  Effect.flatMap(Tasks, (tasks) =>
    Effect.all(
      Array.from({ length: count }, () => tasks.page(AngoTest.projectId)),
      { concurrency: "unbounded" }
    )
  )

const hub = AngoTest.layer({ tasks: 3 }).pipe(Layer.provide(ConcurrencyLimit.layer(4)))
const sent = Effect.flatMap(Emulator, ({ requests }) => Effect.map(requests(), (all) => all.length))

describe("the concurrency limit", () => {
  it.effect("allows that many requests in flight, bodies included", () =>
    Effect.gen(function* () {
      yield* Effect.flatMap(Emulator, ({ faults }) =>
        faults.on("tasks.list", Faults.repeat(Faults.latency("1 second")))
      )
      const fiber = yield* Effect.fork(gets(10))
      yield* TestClock.adjust("999 millis")
      expect(yield* sent).toBe(4)
      yield* TestClock.adjust("1 millis")
      expect(yield* sent).toBe(8)
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(fiber)).toHaveLength(10)
    }).pipe(Effect.provide(hub))
  )

  it.effect("does not count a call that waits for a retry", () =>
    Effect.gen(function* () {
      const script = [...Array.from({ length: 4 }, () => Faults.fail(503)), Faults.ok]
      yield* Effect.flatMap(Emulator, ({ faults }) => faults.on("tasks.list", script))
      const fiber = yield* Effect.fork(gets(10))
      yield* TestClock.adjust("1 millis")
      expect(yield* sent).toBe(10)
      yield* TestClock.adjust("1 seconds")
      expect(yield* Fiber.join(fiber)).toHaveLength(10)
    }).pipe(Effect.provide(hub))
  )

  it.effect("is off unless a layer sets one", () =>
    Effect.gen(function* () {
      yield* Effect.flatMap(Emulator, ({ faults }) =>
        faults.on("tasks.list", Faults.repeat(Faults.latency("1 second")))
      )
      const fiber = yield* Effect.fork(gets(50))
      yield* TestClock.adjust("1 millis")
      expect(yield* sent).toBe(50)
      yield* TestClock.adjust("1 seconds")
      yield* Fiber.join(fiber)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )
})
