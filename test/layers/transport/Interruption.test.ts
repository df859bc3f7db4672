// Interrupted calls do not affect later ones.
import * as RateLimiter from "@effect/experimental/RateLimiter"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Scheduler } from "effect/Scheduler"
import * as TestClock from "effect/TestClock"
import { PCGRandom } from "effect/Utils"
import { Ango, type AngoConfig, Batches, ConcurrencyLimit, Tasks } from "effect-ango"
import { captureLogs } from "../../support/Logs.js"
import { scripted } from "../../support/Wire.js"

const id = "65aa0000000000000000b001"
const batches = [{ _id: id, name: "Week 1" }]
const answer = () =>
  Response.json({
    status: "success",
    data: { task: { _id: id }, project: { _id: id, name: "Cats", batches } }
  })

const key = Redacted.make("key")

// Everything that calls of a client share: a rate limit in a store, a concurrency limit, the lock of writers.
const client = (apiKey: AngoConfig.ApiKey = key) =>
  Ango.layer({ apiKey }).pipe(
    Layer.provide(scripted([answer]).http),
    Layer.provide(RateLimiter.layerStoreMemory),
    Layer.provide(ConcurrencyLimit.layer(1))
  )

const calls = Effect.zipRight(
  Effect.flatMap(Tasks, (tasks) => tasks.get(id)),
  Effect.flatMap(Batches, (all) => all.create(id, "Week 1"))
)

/** Runs an effect step by step and interrupts it before one of the steps. */
const interruptedAt = <A, E>(step: number, random: PCGRandom, effect: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    let steps = 0
    let fiber: Fiber.RuntimeFiber<A, E> | undefined
    const scheduler: Scheduler = {
      shouldYield: ({ currentOpCount }) => (currentOpCount > 10 && random.number() < 0.3 ? 0 : false),
      scheduleTask: (task) => {
        if (steps++ === step) fiber?.unsafeInterruptAsFork(FiberId.none)
        queueMicrotask(task)
      }
    }
    fiber = Effect.runFork(effect, { scheduler })
    return Fiber.await(fiber)
  })

describe("an interrupted call", () => {
  it.effect("does not break the wait for the key of the next call", () =>
    Effect.gen(function* () {
      let seconds = 60
      const slow = Effect.suspend(() => Effect.delay(Effect.succeed(key), `${seconds} seconds`))
      yield* Effect.gen(function* () {
        const tasks = yield* Tasks
        const late = yield* Effect.fork(Effect.flip(Ango.withDeadline(tasks.get(id), "5 seconds")))
        yield* TestClock.adjust("5 seconds")
        expect(yield* Fiber.join(late)).toMatchObject({ _tag: "DeadlineExceeded", attempts: 0 })
        seconds = 0
        expect(yield* tasks.get(id)).toMatchObject({ id })
      }).pipe(Effect.provide(client(slow)))
    })
  )

  it.scopedLive("does not affect the next ones, wherever it was interrupted", () =>
    Effect.gen(function* () {
      const random = new PCGRandom(11)
      const points = Array.from({ length: 60 }, (_, run) => random.integer(run % 2 === 0 ? 100 : 1000))
      // One body serves both calls, with a field more than either documents: drift is logged.
      const logs = captureLogs()
      const logged = Effect.provide(calls, logs.layer)
      let interrupted = 0
      for (const point of points) {
        const services = yield* Layer.build(client())
        const first = yield* interruptedAt(point, random, Effect.provide(logged, services))
        if (Exit.isFailure(first)) interrupted++
        const next = yield* Effect.exit(Effect.timeout(Effect.provide(logged, services), "5 seconds"))
        expect([point, Exit.isSuccess(next) ? "answered" : String(next.cause)]).toEqual([point, "answered"])
      }
      expect(interrupted).toBeGreaterThan(45)
      expect(new Set(logs.lines.map(({ annotations }) => annotations["name"]))).toEqual(
        new Set(["project", "task"])
      )
    })
  )
})
