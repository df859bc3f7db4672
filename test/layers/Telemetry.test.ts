// Metrics and logs of calls.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/TestClock"
import { RateLimit, Tasks, Telemetry } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { scripted } from "../support/Wire.js"

const valueOf = (counter: Metric.Metric.Counter<number>, tags: Readonly<Record<string, string>>) =>
  Object.entries(tags)
    .reduce((tagged, [key, value]) => Metric.tagged(tagged, key, value), counter)
    .pipe(
      Metric.value,
      Effect.map(({ count }) => count)
    )

const task = (id: string) => Response.json({ status: "success", data: { task: { _id: id } } })

describe("metrics", () => {
  it.effect("count requests by outcome and retries by reason", () =>
    Effect.gen(function* () {
      const operation = "tasks.get"
      const before = {
        ok: yield* valueOf(Telemetry.requests, { operation, outcome: "200" }),
        failed: yield* valueOf(Telemetry.requests, { operation, outcome: "503" }),
        retried: yield* valueOf(Telemetry.retries, { operation, reason: "ServerError" }),
        drifted: yield* valueOf(Telemetry.decodeDrift, { operation })
      }
      const hub = yield* Emulator
      const tasks = yield* Tasks
      const { items } = yield* tasks.page(AngoTest.projectId, { limit: 1 })
      yield* hub.faults.on(operation, [
        Faults.fail(503),
        Faults.ok,
        Faults.respond(200, '{"status":"success","data":{}}')
      ])
      const fiber = yield* Effect.fork(
        Effect.all([tasks.get(items[0]?.id ?? ""), Effect.flip(tasks.get(items[0]?.id ?? ""))])
      )
      yield* TestClock.adjust("1 seconds")
      yield* Fiber.join(fiber)
      expect(yield* valueOf(Telemetry.requests, { operation, outcome: "200" })).toBe(before.ok + 2)
      expect(yield* valueOf(Telemetry.requests, { operation, outcome: "503" })).toBe(before.failed + 1)
      expect(yield* valueOf(Telemetry.retries, { operation, reason: "ServerError" })).toBe(before.retried + 1)
      expect(yield* valueOf(Telemetry.decodeDrift, { operation })).toBe(before.drifted + 1)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 3 })))
  )

  it.effect("measure the wait for the rate limit", () =>
    Effect.gen(function* () {
      const before = yield* Metric.value(Telemetry.rateLimitWait)
      const hub = scripted([() => task("65aa")], { rateLimit: { limit: 1, window: "10 seconds" } })
      const fiber = yield* Effect.fork(
        Effect.flatMap(Tasks, (tasks) => Effect.all([tasks.get("65aa"), tasks.get("65aa")])).pipe(
          Effect.provide(hub.layer)
        )
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      const after = yield* Metric.value(Telemetry.rateLimitWait)
      expect([after.count - before.count, after.sum - before.sum]).toEqual([2, 10_000])
    })
  )
})

describe("logs", () => {
  const recorded = <A, E, R>(run: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ annotations, logLevel, message }) => {
        lines.push(
          [logLevel.label, message, JSON.stringify(Object.fromEntries([...annotations].toSorted()))].join(" ")
        )
      })
      yield* run.pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
        Logger.withMinimumLogLevel(LogLevel.Debug)
      )
      return lines
    })

  it.effect("report each wait: its reason, duration and operation", () =>
    Effect.gen(function* () {
      const hub = scripted(
        [
          () => new Response("", { status: 503 }),
          () => new Response("", { status: 429, headers: { "retry-after": "7" } }),
          () => task("65aa")
        ],
        { attempts: 3, rateLimit: RateLimit.standardPlan }
      )
      const lines = yield* recorded(
        Effect.gen(function* () {
          const fiber = yield* Effect.fork(
            Effect.provide(
              Effect.flatMap(Tasks, (tasks) => tasks.get("65aa")),
              hub.layer
            )
          )
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
        })
      )
      expect(
        lines.map((line) => line.replace(/"waitMillis":[1-4]\d\d\b/, '"waitMillis":"by chance"'))
      ).toEqual([
        'DEBUG will try again {"attempt":2,"operation":"tasks.get","reason":"ServerError","waitMillis":"by chance"}',
        'WARN the hub refuses more requests (429): all calls wait {"waitMillis":7000}',
        'DEBUG will try again {"attempt":3,"operation":"tasks.get","reason":"RateLimited","waitMillis":7000}'
      ])
    })
  )
})
