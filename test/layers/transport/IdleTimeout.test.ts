// The idle timeout ends an attempt whose connection is silent; calls that may be repeated are retried.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Ango, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { scripted } from "../../support/Wire.js"

const page = Effect.flatMap(Tasks, (tasks) => tasks.page(AngoTest.projectId))
const broken = (operation: "tasks.list" | "projects.create", script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on(operation, script))

describe("a silent connection", () => {
  it.effect.each([
    ["before the answer", Faults.hang],
    ["in the middle of the answer", Faults.stallBody(100)]
  ] as const)("%s for 30 s ends the attempt, and a retry succeeds", ([, fault]) =>
    Effect.gen(function* () {
      yield* broken("tasks.list", [fault, Faults.ok])
      const fiber = yield* Effect.fork(page)
      yield* TestClock.adjust("29999 millis")
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust("1 seconds")
      expect((yield* Fiber.join(fiber)).items).toHaveLength(20)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("is reported in the error, with what to do", () =>
    Effect.gen(function* () {
      yield* broken("tasks.list", Faults.stallBody(100))
      const fiber = yield* Effect.fork(Effect.flip(Ango.withRetry(page, { attempts: 1 })))
      yield* TestClock.adjust("1 minutes")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
      expect(error.message).toBe(
        "GET /project/{projectId}/tasks stopped in the middle of the response: the connection was silent for 30s. " +
          "Check the network, or give it more time (Ango.withIdleTimeout)."
      )
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect(
    "is awaited until the deadline by a call that may not be repeated, as its response shows the result",
    () =>
      Effect.gen(function* () {
        yield* broken("projects.create", Faults.latency("100 seconds"))
        const projects = yield* Projects
        const fiber = yield* Effect.fork(projects.create({ name: "Cats", description: "" }))
        yield* TestClock.adjust("100 seconds")
        expect((yield* Fiber.join(fiber)).name).toBe("Cats")
      }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )
})

describe("a slow body", () => {
  it.effect("is read to its end", () =>
    Effect.gen(function* () {
      const text = JSON.stringify({
        status: "success",
        data: { task: { _id: "65aa", note: "x".repeat(40) } }
      })
      const clock = yield* Effect.runtime<never>()
      const hub = scripted(
        [
          () => {
            let at = 0
            const body = new ReadableStream<Uint8Array>({
              pull: (controller) =>
                new Promise<void>((resolve) => {
                  // One byte every 20 s of virtual time.
                  const wait = Effect.runFork(Effect.provide(Effect.sleep("20 seconds"), clock))
                  wait.addObserver(() => {
                    if (at === text.length) controller.close()
                    else controller.enqueue(new TextEncoder().encode(text[at++]))
                    resolve()
                  })
                })
            })
            return new Response(body)
          }
        ],
        { deadline: "1 day" }
      )
      const fiber = yield* Effect.fork(
        Effect.provide(
          Effect.flatMap(Tasks, (tasks) => tasks.get("65aa")),
          hub.layer
        )
      )
      yield* TestClock.adjust("1 hour")
      expect((yield* Fiber.join(fiber)).id).toBe("65aa")
      expect(hub.requests).toHaveLength(1)
    })
  )
})

describe("a body that stops", () => {
  it.effect("ends the attempt exactly the idle timeout after its last part", () =>
    Effect.gen(function* () {
      const first = Effect.runPromise(
        Effect.provide(Effect.sleep("20 seconds"), yield* Effect.runtime<never>())
      )
      const hub = scripted([
        () =>
          new Response(
            new ReadableStream<Uint8Array>({
              start: (controller) => void first.then(() => controller.enqueue(new TextEncoder().encode("{")))
            })
          )
      ])
      const get = Ango.withRetry(
        Effect.flatMap(Tasks, (tasks) => tasks.get("65aa")),
        { attempts: 1 }
      )
      const fiber = yield* Effect.fork(Effect.flip(Effect.provide(get, hub.layer)))
      yield* TestClock.adjust("20 seconds")
      yield* TestClock.adjust("29999 millis")
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "ConnectionFailed", phase: "body" })
    })
  )
})

describe("the setting", () => {
  it.effect("for one effect reaches services that were built before", () =>
    Effect.gen(function* () {
      yield* broken("tasks.list", [Faults.hang, Faults.ok])
      const fiber = yield* Effect.fork(Ango.withIdleTimeout(page, "2 seconds"))
      yield* TestClock.adjust("3 seconds")
      expect((yield* Fiber.join(fiber)).items).toHaveLength(20)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("of infinity leaves only the deadline", () =>
    Effect.gen(function* () {
      yield* broken("tasks.list", Faults.hang)
      const fiber = yield* Effect.fork(Effect.flip(Ango.withIdleTimeout(page, Duration.infinity)))
      yield* TestClock.adjust("2 minutes")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "DeadlineExceeded", attempts: 1 })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect.each([
    ["idleTimeout", Ango.withIdleTimeout(0)],
    ["idleTimeout", Ango.withIdleTimeout("soon" as "1 second")],
    ["deadline", Ango.withDeadline(0)],
    ["deadline", Ango.withDeadline(Number.NaN)],
    ["deadline", Ango.withDeadline("soon" as "1 second")]
  ] as const)("fails before any request when it is not a time: %s", ([parameter, change]) =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(change(page))).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(yield* Effect.flatMap(Emulator, (hub) => hub.requests())).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )
})
