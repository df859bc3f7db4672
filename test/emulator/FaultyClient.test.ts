// Faults around any client: which requests are sent, and what the program sees.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { Ango, Tasks } from "effect-ango"
import { Emulator, Faults, FaultyClient } from "effect-ango/emulator"
import { operations } from "../../src/api/operations.js"
import {
  createdUnder,
  errorOfEveryFault,
  expectedCreated,
  expectedErrors,
  expectedObservations,
  observeEveryFault
} from "../support/FaultObservations.js"

const { fail, hang, latency, mix, afterProcessing, reset, stallBody } = Faults

// A client that responds to everything and records requests.
const answering = (body = '{"status":"success","data":{}}') => {
  const asked: Array<string> = []
  const client = HttpClient.make((request, url) => {
    asked.push(`${request.method} ${url.pathname}${url.search}`)
    return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body)))
  })
  return { asked, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

const over = (plan: Faults.Plan, inner = answering(), options = {}) =>
  Layer.provide(FaultyClient.layer(plan, options), inner.layer)

const get = (path: string) => HttpClient.get(`https://hub.example${path}`)
const status = (path: string) =>
  Effect.match(get(path), { onFailure: ({ reason }) => reason, onSuccess: (response) => response.status })

describe("around a client of another hub, every fault", () => {
  it.scopedLive("gives the program and the hub the expected results", () =>
    Effect.gen(function* () {
      const hub = Context.get(yield* Layer.build(Emulator.layer({ tasks: 6 })), Emulator)
      const client = FetchHttpClient.layer.pipe(
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch))
      )
      yield* Effect.gen(function* () {
        const faults = yield* FaultyClient
        expect(yield* observeEveryFault(hub, faults)).toEqual(expectedObservations)
        expect(yield* errorOfEveryFault(hub, faults)).toEqual(expectedErrors)
        expect(yield* createdUnder(hub, faults)).toEqual(expectedCreated)
      }).pipe(Effect.provide(Layer.provide(FaultyClient.layer(), client)))
    })
  )
})

describe("a request", () => {
  it.effect.each(Object.values(operations))("is matched to its operation: $name", ({ method, name, route }) =>
    Effect.gen(function* () {
      const path = route.replace(/\{\w+\}/g, "65aa0000000000000000b001")
      for (const url of [`https://hub.example/v2${path}`, `https://proxy.example/ango/v2${path}?page=1`]) {
        yield* HttpClient.execute(HttpClientRequest.make(method as "GET")(url))
      }
      const { log } = yield* FaultyClient
      expect((yield* log).map(({ operation }) => operation)).toEqual([name, name])
    }).pipe(Effect.provide(over({})))
  )

  it.effect("is sent once, never, or twice for a shifted page", () => {
    const inner = answering('{"status":"success","data":{"tasks":[{"_id":"1"}],"total":9}}')
    return Effect.gen(function* () {
      const list = "/v2/project/p1/tasks?page=4&limit=1"
      const { on } = yield* FaultyClient
      const sent = (fault: Faults.Fault) =>
        Effect.gen(function* () {
          yield* on("tasks.list", fault)
          inner.asked.length = 0
          yield* status(list)
          return inner.asked.map((one) => one.replace(/\D+4&|.*\?/, "?"))
        })
      expect(yield* sent(Faults.ok)).toHaveLength(1)
      expect(yield* sent(Faults.refuse)).toHaveLength(0)
      expect(yield* sent(reset)).toHaveLength(0)
      expect(yield* sent(fail(503))).toHaveLength(0)
      expect(yield* sent(afterProcessing(fail(503)))).toHaveLength(1)
      expect(yield* sent(Faults.duplicatePage)).toEqual(["?page=3&limit=1"])
      expect(yield* sent(Faults.shiftPage(1))).toEqual(["?page=3&limit=1", "?page=4&limit=1"])
      expect(yield* sent(Faults.shiftPage(-1))).toEqual(["?page=4&limit=1", "?page=5&limit=1"])
    }).pipe(Effect.provide(over({}, inner)))
  })

  it.effect("to the file storage can have faults", () =>
    Effect.gen(function* () {
      expect(yield* status("/bucket/file?X-Token=1")).toBe("Transport")
      expect(yield* status("/bucket/file?X-Token=1")).toBe(200)
    }).pipe(Effect.provide(over({ unknown: reset, "*": Faults.repeat(fail(500)) })))
  )
})

describe("a random fault", () => {
  const run = (plan: Faults.Plan, options = {}) =>
    Effect.gen(function* () {
      const calls = yield* Effect.fork(Effect.replicateEffect(status("/v2/listProjects"), 50))
      yield* TestClock.adjust("10 minutes")
      return { seen: yield* Fiber.join(calls), log: yield* Effect.flatMap(FaultyClient, ({ log }) => log) }
    }).pipe(Effect.provide(over(plan, answering(), options)))

  const weather = mix({
    seed: 11,
    faults: [
      [0.3, fail(503)],
      [0.3, reset],
      [0.3, latency(Faults.uniform(1, 9000))]
    ]
  })

  it.effect("is the same for the same seed, and replayed from the log", () =>
    Effect.gen(function* () {
      const first = yield* run({ "*": weather })
      expect(new Set(first.seen)).toEqual(new Set([200, 503, "Transport"]))
      expect(yield* run({ "*": weather })).toEqual(first)
      expect(yield* run({ "*": Faults.replay(first.log) })).toEqual(first)
      expect(yield* run({ "*": { ...weather, seed: 12 } })).not.toEqual(first)
    })
  )

  it.effect("outside of a mix uses the layer's seed", () =>
    Effect.gen(function* () {
      const plan = { "projects.list": Faults.repeat(latency(Faults.uniform(1, 9000))) }
      const [a, b, c] = yield* Effect.all([run(plan, { seed: 1 }), run(plan), run(plan, { seed: 2 })])
      expect(a).toEqual(b)
      expect(a.log).not.toEqual(c.log)
    })
  )
})

describe("a hanging request", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

  it.effect("ends with the deadline", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const call = yield* Effect.fork(Effect.flip(tasks.get("65aa0000000000000000b001")))
      yield* TestClock.adjust("20 seconds")
      expect(yield* Fiber.join(call)).toMatchObject({ _tag: "DeadlineExceeded", attempts: 1 })
    }).pipe(
      Effect.provide(
        Layer.unwrapEffect(
          Effect.map(Emulator, ({ apiKey, baseUrl }) =>
            Ango.layer({ apiKey, baseUrl, deadline: "20 seconds" })
          )
        ).pipe(Layer.provide(Emulator.layer()), Layer.provide(over({ "*": hang })))
      )
    )
  )

  it.live.each([
    ["a request", hang],
    ["a body", stallBody(5)]
  ] as const)("%s is interrupted, holds nothing, and ends with the layer's scope", ([, fault]) =>
    Effect.gen(function* () {
      const before = timers()
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(over({ "*": Faults.repeat(fault) }), scope)
      const text = Effect.provide(
        Effect.flatMap(get("/v2/listProjects"), (response) => response.text),
        context
      )
      const given = yield* Effect.fork(text)
      const kept = yield* Effect.fork(text)
      yield* Effect.sleep("50 millis")
      expect(timers()).toBeLessThanOrEqual(before)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(given))).toBe(true)
      expect(yield* Fiber.poll(kept)).toMatchObject({ _tag: "None" })
      yield* Scope.close(scope, Exit.void)
      expect(yield* Effect.flip(Fiber.join(kept))).toMatchObject({
        reason: fault === hang ? "Transport" : "Decode"
      })
    })
  )
})

describe("the errors of a faulty client", () => {
  it.effect("are those of the platform, with the failed request", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(get("/v2/listProjects"))
      expect(error).toMatchObject({ _tag: "RequestError", reason: "Transport" })
      expect(error.request.url).toBe("https://hub.example/v2/listProjects")
      const response = yield* get("/v2/listProjects")
      expect(response.status).toBe(200)
      for (const read of [response.text, response.json, response.arrayBuffer]) {
        expect(yield* Effect.flip(read)).toMatchObject({ _tag: "ResponseError", reason: "Decode" })
      }
    }).pipe(Effect.provide(over({ "projects.list": [reset, Faults.cutBody(5)] })))
  )

  it.effect("leave an invalid URL to the client", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(HttpClient.get("http://[nowhere/v2/listProjects"))
      expect(error).toMatchObject({ _tag: "RequestError", reason: "InvalidUrl" })
    }).pipe(Effect.provide(over({ "*": reset })))
  )
})
