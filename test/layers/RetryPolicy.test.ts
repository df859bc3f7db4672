// The retry policy, on virtual time with seeded jitter.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/TestClock"
import { Ango, Tasks } from "effect-ango"
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
  it.effect("is the earliest time of the retry", () =>
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

  it.effect("as a date is compared with the response's Date", () =>
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

  it.effect("of 0 does not shorten the back-off", () =>
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

  it.effect("after the deadline fails at once, with retryAfter", () =>
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

describe("a failed read", () => {
  it.effect.each([
    ["the shortest", 0, 250, 500],
    ["the middle", 0.5, 375, 750],
    ["the longest", 1, 500, 1000]
  ] as const)("is retried after 50 to 100 % of 0.5 s, then of 1 s: %s waits", ([, chance, first, second]) =>
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
    ["the response breaks off", Faults.cutBody(20)],
    ["a proxy responds with HTML", Faults.html(502)],
    ["an HTML page comes with the status 200", Faults.html(200)],
    ["the body is empty", Faults.emptyBody(200)]
  ] as const)("is retried when %s", ([, fault]) =>
    withHub(({ get, hub, sent, taskId }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fault, ok])
        const fiber = yield* Effect.fork(get)
        yield* TestClock.adjust("1 seconds")
        expect((yield* Fiber.join(fiber)).id).toBe(taskId)
        // A refused connection never reached the hub.
        expect(yield* sent).toBe(fault._tag === "Refuse" ? 1 : 2)
      })
    )
  )

  it.effect("is sent four times at most", () =>
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

  it.effect("is not retried after an interruption of its wait", () =>
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

describe("no retry after", () => {
  it.effect.each([
    ["a 400", fail(400), "BadRequest"],
    ["a 401", fail(401), "Unauthorized"],
    ["a response of another shape", Faults.respond(200, '{"status":"success","data":{}}'), "DecodeError"],
    ["a 501", fail(501), "ServerError"]
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

describe("the exact times of the attempts with the longest delays", () => {
  // 500, 1000, 2000 ms: the base delay, doubled each time.
  const timesOf = (script: ReadonlyArray<Faults.Fault>, deadline: Duration.DurationInput = "2 minutes") =>
    withHub(
      ({ get, hub }) =>
        Effect.gen(function* () {
          yield* hub.faults.on("tasks.get", script)
          const fiber = yield* Effect.fork(Effect.withRandom(Effect.either(get), Random.fixed([1])))
          const times: Array<number> = []
          let seen = 0
          yield* TestClock.adjust(0)
          for (let now = 0; now <= 10_000; now += 250) {
            const { length } = yield* hub.requests("tasks.get")
            while (seen < length) {
              times.push(now)
              seen++
            }
            yield* TestClock.adjust("250 millis")
          }
          return { times, outcome: yield* Fiber.join(fiber) }
        }),
      { deadline }
    )

  it.effect.each([
    ["500, 500, 200", [fail(500), fail(500), ok], [0, 500, 1500], "Right"],
    ["503 four times", [fail(503), fail(503), fail(503), fail(503), ok], [0, 500, 1500, 3500], "Left"],
    ["429 with Retry-After: 2", [tooManyRequests({ retryAfter: "2 seconds" }), ok], [0, 2000], "Right"],
    [
      "503 with Retry-After: 3",
      [Faults.respond(503, "{}", { "content-type": "application/json", "retry-after": "3" }), ok],
      [0, 3000],
      "Right"
    ],
    [
      "429 with Retry-After: <date 4 s after the response's Date>",
      [
        Faults.respond(429, "{}", {
          date: "Sat, 21 Nov 2026 10:00:00 GMT",
          "retry-after": "Sat, 21 Nov 2026 10:00:04 GMT"
        }),
        ok
      ],
      [0, 4000],
      "Right"
    ],
    ["429 with Retry-After: 300 and 60 s left", [tooManyRequests({ retryAfter: "5 minutes" })], [0], "Left"]
  ] as const)("%s", ([, script, times, tag]) =>
    Effect.gen(function* () {
      const found = yield* timesOf(script, "60 seconds")
      expect(found.times).toEqual(times)
      expect(found.outcome._tag).toBe(tag)
    })
  )
})

describe("the settings", () => {
  it.effect("for one effect reach services that were built before", () =>
    withHub(({ get, hub, sent }) =>
      Effect.gen(function* () {
        yield* hub.faults.on("tasks.get", [fail(503), ok])
        expect(yield* Effect.flip(Ango.withRetry(get, { attempts: 1 }))).toMatchObject({
          _tag: "ServerError"
        })
        expect(yield* sent).toBe(1)
      })
    )
  )

  it.effect("for one effect fail before any request when they are out of range", () =>
    withHub(({ get, sent }) =>
      Effect.gen(function* () {
        expect(yield* Effect.flip(Ango.withRetry(get, { attempts: 0 }))).toMatchObject({
          _tag: "InvalidRequest",
          parameter: "retry"
        })
        expect(yield* sent).toBe(0)
      })
    )
  )

  it.effect("of one attempt switch retries off", () =>
    Effect.gen(function* () {
      const hub = scripted([() => new Response("", { status: 503 })], { attempts: 1 })
      const call = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001"))
      expect(yield* Effect.flip(Effect.provide(call, hub.layer))).toMatchObject({ _tag: "ServerError" })
      expect(hub.requests).toHaveLength(1)
    })
  )
})
