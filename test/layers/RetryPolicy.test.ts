// The retry policy, told by its tests. Time is virtual and chance is seeded.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { block, golden, scripted, toResponse } from "../support/Wire.js"

const { fail, ok, tooManyRequests } = Faults

const program = Effect.gen(function* () {
  const hub = yield* Emulator
  const tasks = yield* Tasks
  const [first] = yield* Effect.map(tasks.page(AngoTest.projectId, { limit: 1 }), ({ items }) => items)
  const taskId = first?.id ?? "none"
  return {
    hub,
    taskId,
    get: tasks.get(taskId),
    sent: Effect.map(hub.requests("tasks.get"), (all) => all.length)
  }
})

const withHub = <A, E>(
  test: (hub: Effect.Effect.Success<typeof program>) => Effect.Effect<A, E>,
  options: AngoTest.Options = {}
) => Effect.provide(Effect.flatMap(program, test), AngoTest.layer({ tasks: 3, ...options }))

describe("Retry-After", () => {
  it.effect("is never undercut", () =>
    withHub(({ get, hub, sent, taskId }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [tooManyRequests({ retryAfter: "7 seconds" }), ok])
        const fiber = yield* Effect.fork(get)
        yield* TestClock.adjust("6999 millis")
        expect(yield* sent).toBe(1)
        yield* TestClock.adjust("1 millis")
        expect((yield* Fiber.join(fiber)).id).toBe(taskId)
        expect(yield* sent).toBe(2)
      })
    )
  )

  it.effect("as a date is measured on the hub's clock", () =>
    Effect.gen(function* () {
      const late = toResponse(block(golden("errors").responses, "429-retry-after-date"))
      const task = Response.json({ status: "success", data: { task: { _id: "65aa0000000000000000b001" } } })
      const hub = scripted([() => late, () => task], { attempts: 2 })
      const fiber = yield* Effect.fork(
        Effect.provide(
          Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001")),
          hub.layer
        )
      )
      yield* TestClock.adjust("6999 millis")
      expect(hub.requests).toHaveLength(1)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      expect(hub.requests).toHaveLength(2)
    })
  )

  it.effect("of no time is no reason to hurry", () =>
    withHub(({ get, hub, sent }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [tooManyRequests({ retryAfter: 0 }), ok])
        const fiber = yield* Effect.fork(Effect.withRandom(get, Random.fixed([0])))
        yield* TestClock.adjust("249 millis")
        expect(yield* sent).toBe(1)
        yield* TestClock.adjust("1 millis")
        yield* Fiber.join(fiber)
      })
    )
  )

  it.effect("that does not fit into the time left fails at once, with the hint", () =>
    withHub(
      ({ get, hub, sent }) =>
        Effect.gen(function* () {
          yield* hub.faults.on("tasks.get", [tooManyRequests({ retryAfter: "300 seconds" })])
          const error = yield* Effect.flip(get)
          expect(error).toMatchObject({ _tag: "RateLimited", retryAfter: Duration.minutes(5) })
          expect(error.message).toBe(
            "GET /task/{taskId} was refused (429) and the hub asks to wait 5m, but this call has 42s left. " +
              "Give it more time (Ango.withDeadline), or run it later: retryAfter is on this error."
          )
          expect(yield* sent).toBe(1)
        }),
      { deadline: "42 seconds" }
    )
  )
})

describe("a read that the hub fails to answer", () => {
  it.effect.each([
    ["the shortest", 0, 250, 500],
    ["the middle", 0.5, 375, 750],
    ["the longest", 1, 500, 1000]
  ] as const)(
    "is asked again after half to all of 0.5 s, then of 1 s: %s waits",
    ([, chance, first, second]) =>
      withHub(({ get, hub, sent, taskId }) =>
        Effect.gen(function* () {
          yield* hub.faults.on("tasks.get", [fail(500), fail(503), ok])
          const fiber = yield* Effect.fork(Effect.withRandom(get, Random.fixed([chance])))
          yield* TestClock.adjust(Duration.millis(first - 1))
          expect(yield* sent).toBe(1)
          yield* TestClock.adjust("1 millis")
          expect(yield* sent).toBe(2)
          yield* TestClock.adjust(Duration.millis(second - 1))
          expect(yield* sent).toBe(2)
          yield* TestClock.adjust("1 millis")
          expect((yield* Fiber.join(fiber)).id).toBe(taskId)
          expect(yield* sent).toBe(3)
        })
      )
  )

  it.effect.each([
    ["the connection is refused", Faults.refuse],
    ["the answer breaks off", Faults.cut(20)],
    ["a proxy answers in HTML", Faults.html(502)],
    ["a page of HTML comes with status 200", Faults.html(200)],
    ["the body is empty", Faults.empty(200)]
  ] as const)("is asked again when %s", ([, fault]) =>
    withHub(({ get, hub, sent, taskId }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fault, ok])
        const fiber = yield* Effect.fork(get)
        yield* TestClock.adjust("1 seconds")
        expect((yield* Fiber.join(fiber)).id).toBe(taskId)
        expect(yield* sent).toBe(fault._tag === "Refuse" ? 1 : 2)
      })
    )
  )

  it.effect("is asked four times and no more", () =>
    withHub(({ get, hub, sent }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fail(500), fail(500), fail(500), fail(500), ok])
        const fiber = yield* Effect.fork(Effect.flip(get))
        yield* TestClock.adjust("1 minutes")
        expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "ServerError", status: 500 })
        expect(yield* sent).toBe(4)
      })
    )
  )

  it.effect("is not asked again after it was interrupted in a wait", () =>
    withHub(({ get, hub, sent }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fail(500), ok])
        const fiber = yield* Effect.fork(get)
        yield* TestClock.adjust("100 millis")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 hour")
        expect(yield* sent).toBe(1)
      })
    )
  )
})

describe("what is not asked again", () => {
  it.effect.each([
    ["a refusal", fail(400), "BadRequest"],
    ["a wrong key", fail(401), "Unauthorized"],
    ["an answer of another shape", Faults.respond(200, '{"status":"success","data":{}}'), "DecodeError"],
    ["a status that says it is not implemented", fail(501), "ServerError"]
  ] as const)("%s", ([, fault, tag]) =>
    withHub(({ get, hub, sent }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fault, ok])
        expect(yield* Effect.flip(get)).toMatchObject({ _tag: tag })
        expect(yield* sent).toBe(1)
      })
    )
  )
})

describe("the settings", () => {
  it.effect("one attempt means no retry", () =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response("", { status: 503 })], { attempts: 1 })
      const call = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001"))
      expect(yield* Effect.flip(Effect.provide(call, hub.layer))).toMatchObject({ _tag: "ServerError" })
      expect(hub.requests).toHaveLength(1)
    })
  )
})
