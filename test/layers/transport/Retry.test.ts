// Which calls are retried, by their class in the contract, and how often all of them together.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Ango, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { scripted } from "../../support/Wire.js"

const { fail, ok, tooManyRequests } = Faults

const withHub = <A, E>(test: (hub: EmulatorService) => Effect.Effect<A, E, Projects | Tasks>) =>
  Effect.provide(Effect.flatMap(Emulator, test), AngoTest.layer({ tasks: 3 }))

describe("after a request that the hub may have received", () => {
  const update = Effect.flatMap(Projects, (projects) => projects.update(AngoTest.projectId, { name: "Dogs" }))
  const create = Effect.flatMap(Projects, (projects) => projects.create({ name: "Cats", description: "" }))
  const eventually = <A, E, R>(call: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.fork(Effect.either(call))
      yield* TestClock.adjust("1 minutes")
      return yield* Fiber.join(fiber)
    })

  it.effect("retries an idempotent write", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.update", [fail(503), Faults.reset, ok])
        expect(yield* eventually(update)).toMatchObject({ _tag: "Right" })
        expect(hub.state.projects.get(AngoTest.projectId)?.project.name).toBe("Dogs")
      })
    )
  )

  it.effect("does not retry a create", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", [fail(503), ok])
        expect(yield* eventually(create)).toMatchObject({ left: { _tag: "AmbiguousOutcome", attempts: 1 } })
        expect(yield* hub.requests("projects.create")).toHaveLength(1)
      })
    )
  )

  it.effect("retries a create that was refused with 429, or not sent", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", [tooManyRequests(), Faults.refuse, ok])
        expect(yield* eventually(create)).toMatchObject({ right: { name: "Cats" } })
        const made = Array.from(hub.state.projects.values()).filter(({ project }) => project.name === "Cats")
        expect(made).toHaveLength(1)
      })
    )
  )

  it.effect("retries only reads, if the policy says so", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.update", [fail(503), ok])
        expect(yield* eventually(Ango.withRetry(update, { repeat: ["safe"] }))).toMatchObject({
          left: { _tag: "AmbiguousOutcome", repeatable: true }
        })
      })
    )
  )

  it.effect("retries after the statuses of the policy", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        const tasks = yield* Tasks
        const get = Effect.flatMap(tasks.page(AngoTest.projectId, { limit: 1 }), ({ items: [first] }) =>
          tasks.get(first?.id ?? "none")
        )
        yield* hub.faults.on("tasks.get", [fail(423), ok])
        expect(yield* eventually(get)).toMatchObject({ left: { _tag: "UnexpectedStatus", status: 423 } })
        yield* hub.faults.on("tasks.get", [fail(423), ok])
        expect(yield* eventually(Ango.withRetry(get, { statuses: [423] }))).toMatchObject({ _tag: "Right" })
        expect(yield* hub.requests("tasks.get")).toHaveLength(3)
      })
    )
  )
})

describe("the quota", () => {
  it.effect("limits the retries of all calls together, and the error reports it", () =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response("", { status: 503 })], {
        retry: { attempts: 2, quota: { limit: 5, window: "1 minute" } }
      })
      const call = Effect.flatMap(Tasks, (tasks) => Effect.flip(tasks.get("65aa0000000000000000b001")))
      const fiber = yield* Effect.fork(
        Effect.all(
          Array.from({ length: 20 }, () => call),
          { concurrency: "unbounded" }
        ).pipe(Effect.provide(hub.layer))
      )
      yield* TestClock.adjust("1 seconds")
      const errors = yield* Fiber.join(fiber)
      expect(hub.requests).toHaveLength(25)
      const limited = errors.filter(({ message }) => message.includes("have used up their 5 retries per 1m"))
      expect(limited).toHaveLength(15)
      expect(limited[0]).toMatchObject({ _tag: "ServerError", status: 503, operation: "tasks.get" })
    })
  )

  it.effect("refills over time", () =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response("", { status: 503 })], {
        retry: { attempts: 2, quota: { limit: 2, window: "10 seconds" } }
      })
      const call = Effect.flatMap(Tasks, (tasks) => Effect.flip(tasks.get("65aa0000000000000000b001")))
      yield* Effect.gen(function* () {
        const first = yield* Effect.fork(Effect.all([call, call, call]))
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(first)
        expect(hub.requests).toHaveLength(5)
        yield* TestClock.adjust("10 seconds")
        const second = yield* Effect.fork(Effect.all([call, call, call]))
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(second)
        expect(hub.requests).toHaveLength(10)
      }).pipe(Effect.provide(hub.layer))
    })
  )

  it.effect("does not count retries after a 429", () =>
    Effect.gen(function* () {
      const busy = () => new Response("{}", { status: 429, headers: { "retry-after": "1" } })
      const hub = scripted(
        [busy, busy, busy, () => Response.json({ status: "success", data: { task: { _id: "65aa" } } })],
        { retry: { quota: { limit: 1, window: "1 hour" } } }
      )
      const fiber = yield* Effect.fork(
        Effect.provide(
          Effect.flatMap(Tasks, (tasks) => tasks.get("65aa")),
          hub.layer
        )
      )
      yield* TestClock.adjust("10 seconds")
      expect((yield* Fiber.join(fiber)).id).toBe("65aa")
    })
  )
})
