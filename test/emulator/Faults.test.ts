// What can go wrong with the hub in the process, and the language in which a test says so.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import {
  everyFaultAsError,
  everyFaultSeen,
  expectedErrors,
  expectedMade,
  expectedSeen,
  madeUnder,
  names
} from "../support/Weather.js"

const { exponential, fail, hang, latency, mix, ok, processed, repeat, replay, reset, respond, uniform } =
  Faults

const withHub = <A, E>(test: (hub: Emulator["Type"]) => Effect.Effect<A, E>, options = {}) =>
  Effect.provide(Effect.flatMap(Emulator, test), Emulator.layer({ tasks: 6, ...options }))

/** The statuses of so many requests, one after the other; 0 for none. */
const statuses = (hub: Emulator["Type"], requests: ReadonlyArray<string>) =>
  Effect.forEach(requests, (path) =>
    Effect.promise(() =>
      hub
        .fetch(`${hub.baseUrl}${path}`, { headers: { apikey: Redacted.value(hub.apiKey) } })
        .then((response) => response.status)
        .catch(() => 0)
    )
  )

const projects = (count: number) => Array.from({ length: count }, () => "/listProjects")

describe("in the process every fault", () => {
  it.live("looks to a client as it is meant to", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        expect(yield* everyFaultSeen(hub, hub.faults)).toEqual(expectedSeen)
        expect(yield* everyFaultAsError(hub, hub.faults)).toEqual(expectedErrors)
        expect(yield* madeUnder(hub, hub.faults)).toEqual(expectedMade)
      }).pipe(Effect.provide(FetchHttpClient.layer), Effect.provideService(FetchHttpClient.Fetch, hub.fetch))
    )
  )

  it("says whether the hub does its work", () => {
    expect(names.filter((name) => Faults.isProcessed(Faults.all[name]))).toEqual(expectedMade)
    expect(Faults.isProcessed(latency(5, reset))).toBe(false)
    expect(Faults.isProcessed(latency(5))).toBe(true)
  })

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(Faults.all))).toEqual(Faults.all)
  })

  it.effect("is heard of or not", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.list", [
          Faults.refuse,
          reset,
          latency(0, reset),
          processed(reset),
          fail(500)
        ])
        expect(yield* statuses(hub, projects(6))).toEqual([0, 0, 0, 0, 500, 200])
        expect(yield* hub.requests("projects.list")).toHaveLength(3)
        expect(yield* hub.faults.log).toHaveLength(6)
      })
    )
  )
})

describe("what cannot be is refused where it is built", () => {
  it.each([
    [() => respond(100, ""), "No answer has the status 100. Give one of 200 to 599."],
    [() => fail(600), "No answer has the status 600."],
    [() => Faults.empty(199.5), "No answer has the status 199.5."],
    [() => respond(204, "{}"), 'An answer with status 204 has no body. Give "".'],
    [() => Faults.redirect("/Ω"), "ByteString"],
    [() => Faults.cut(-1), "An answer cannot end after -1 bytes."],
    [() => Faults.stall(Number.NaN), "An answer cannot end after NaN bytes."],
    [() => Faults.truncated(0.5), "An answer cannot end after 0.5 bytes."],
    [() => Faults.shiftedPage(1.5), "A page cannot be shifted by 1.5 rows."],
    [() => latency(Number.POSITIVE_INFINITY), "take Faults.hang"],
    [() => uniform(2, 1), "Give the shorter time first."],
    [() => repeat([[]]), "There is nothing to repeat."],
    [
      () =>
        mix({
          seed: 1,
          faults: [
            [0.6, ok],
            [0.6, ok]
          ]
        }),
      "The shares 0.6, 0.6 are no parts of a whole."
    ],
    [() => mix({ seed: 1, faults: [[-0.1, ok]] }), "no parts of a whole"],
    [() => mix({ seed: 1, faults: [[Number.NaN, ok]] }), "no parts of a whole"]
  ] as const)("%s", (build, message) => {
    expect(build).toThrow(message)
  })

  it.effect("and what can be is answered: 204 and 304 without a body", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.list", [Faults.empty(204), Faults.empty(304), respond(205, "")])
        expect(yield* statuses(hub, projects(3))).toEqual([204, 304, 205])
      })
    )
  )
})

describe("a script", () => {
  const played = (script: Faults.Script, count = 6) =>
    withHub((hub) => Effect.zipRight(hub.faults.on("projects.list", script), statuses(hub, projects(count))))

  it.effect.each([
    ["one fault is for one request", fail(503), [503, 200, 200, 200, 200, 200]],
    ["a list is played once", [fail(503), ok, fail(500)], [503, 200, 500, 200, 200, 200]],
    ["repeat goes on for ever", repeat(fail(503)), [503, 503, 503, 503, 503, 503]],
    ["or so many times", [repeat([fail(503), ok], 2), fail(500)], [503, 200, 503, 200, 500, 200]],
    ["after a good start", [ok, ok, repeat(fail(503))], [200, 200, 503, 503, 503, 503]],
    ["nothing at all", [], [200, 200, 200, 200, 200, 200]]
  ] as const)("%s", ([, script, expected]) =>
    Effect.map(played(script), (seen) => expect(seen).toEqual(expected))
  )

  it.effect(
    "of an operation comes before that of all, a new one instead of the old; files are asked for by name",
    () =>
      withHub((hub) =>
        Effect.gen(function* () {
          yield* hub.faults.on("*", [repeat(fail(503))])
          yield* hub.faults.on("projects.list", [ok, fail(500)])
          const mixed = [
            "/listProjects",
            `/project/${AngoTest.projectId}`,
            "/listProjects",
            "/listProjects",
            "/nowhere"
          ]
          expect(yield* statuses(hub, mixed)).toEqual([200, 503, 500, 503, 404])
          yield* hub.faults.on("projects.list", repeat(ok))
          yield* hub.faults.on("unknown", fail(418))
          expect(yield* statuses(hub, mixed)).toEqual([200, 503, 200, 200, 418])
          yield* hub.faults.on("*", [])
          expect(yield* statuses(hub, mixed)).toEqual([200, 200, 200, 200, 404])
        })
      )
  )

  const stormy = (seed: number) =>
    mix({
      seed,
      faults: [
        [0.2, fail(503)],
        [0.1, processed(reset)],
        [0.1, latency(exponential("2 millis"), fail(429))]
      ]
    })

  it.live("mixes faults in their shares, the same for the same seed and others for another", () =>
    Effect.gen(function* () {
      const [a, b, c] = yield* Effect.all(
        [stormy(7), stormy(7), stormy(8)].map((script) => played(script, 300))
      )
      expect(a).toEqual(b)
      expect(a).not.toEqual(c)
      const share = (status: number) => (a ?? []).filter((one) => one === status).length / 300
      expect(share(200)).toBeCloseTo(0.6, 1)
      expect(share(503)).toBeCloseTo(0.2, 1)
      expect(share(0)).toBeCloseTo(0.1, 1)
    })
  )

  it.live("is replayed from its log, through JSON, whatever the order of the operations", () =>
    Effect.gen(function* () {
      const paths = ["/listProjects", `/project/${AngoTest.projectId}`]
      const many = Array.from({ length: 60 }, (_, index) => paths[index % 2] ?? "")
      const run = (script: Faults.Script, requests: ReadonlyArray<string>) =>
        withHub((hub) =>
          Effect.gen(function* () {
            yield* hub.faults.on("*", script)
            const seen = yield* statuses(hub, requests)
            const of = (path: string | undefined) => seen.filter((_, index) => requests[index] === path)
            return { log: yield* hub.faults.log, seen: paths.map(of) }
          })
        )
      const first = yield* run(stormy(3), many)
      const again = yield* run(replay(JSON.parse(JSON.stringify(first.log))), many.toSorted())
      expect(again.seen).toEqual(first.seen)
      expect(new Set(first.seen.flat()).size).toBeGreaterThan(2)
      const longer = yield* run(replay(first.log), [...many, ...paths])
      expect(longer.log.slice(0, 60)).toEqual(first.log)
      expect(longer.log.slice(60).map(({ fault }) => fault)).toEqual([ok, ok])
    })
  )
})

describe("latency", () => {
  it.effect("is on the clock of the test", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.list", latency("5 seconds", fail(503)))
        const call = yield* Effect.fork(statuses(hub, projects(1)))
        yield* TestClock.adjust("4999 millis")
        expect(yield* Fiber.poll(call)).toMatchObject({ _tag: "None" })
        yield* TestClock.adjust("1 millis")
        expect(yield* Fiber.join(call)).toEqual([503])
      })
    )
  )

  const drawn = (time: Faults.Distribution, seed: number, count: number) =>
    withHub(
      (hub) =>
        Effect.gen(function* () {
          yield* hub.faults.on("projects.list", repeat(latency(time)))
          const calls = yield* Effect.fork(statuses(hub, projects(count)))
          yield* Effect.forEach(projects(count), () => TestClock.adjust("1 hour"))
          yield* Fiber.join(calls)
          const log = yield* hub.faults.log
          return log.map(({ fault }) => (fault._tag === "Latency" ? Number(fault.millis) : Number.NaN))
        }),
      { seed }
    )

  it.effect.prop(
    "of a distribution lies in it, and is the same for the seed of the hub",
    [FastCheck.nat(1000), FastCheck.nat(1000), FastCheck.integer()],
    ([min, more, seed]) =>
      Effect.gen(function* () {
        const times = yield* drawn(uniform(min, min + more), seed, 4)
        expect(times.every((millis) => millis >= min && millis <= min + more)).toBe(true)
        expect(yield* drawn(uniform(min, min + more), seed, 4)).toEqual(times)
      }),
    { fastCheck: { numRuns: 5 } }
  )

  it.effect("may be mostly short and now and then long", () =>
    Effect.gen(function* () {
      const times = yield* drawn(exponential("1 second"), 5, 60)
      const mean = times.reduce((sum, one) => sum + one, 0) / 60
      expect(mean).toBeGreaterThan(600)
      expect(mean).toBeLessThan(1500)
      expect(Math.max(...times)).toBeGreaterThan(2500)
    })
  )
})

describe("pages that are mixed up", () => {
  it.effect.each([
    ["the first page has none before it", 1, Faults.duplicatePage, [0, 1]],
    ["nor rows above it", 1, Faults.shiftedPage(1), [0, 1]],
    ["more rows than a page has are one page", 3, Faults.shiftedPage(9), [2, 3]],
    ["the last page ends with the list", 3, Faults.shiftedPage(-1), [5]],
    ["a late page may be shifted too", 2, latency(0, Faults.shiftedPage(1)), [1, 2]]
  ] as const)("%s", ([, page, fault, expected]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("tasks.list", fault)
      const tasks = yield* Tasks
      const { items, total } = yield* tasks.page(AngoTest.projectId, { page, limit: 2, sort: "createdAt" })
      const all = hub.state.projects.get(AngoTest.projectId)?.tasks.map(({ _id }) => _id)
      expect(items.map(({ id }) => all?.indexOf(id))).toEqual(expected)
      expect(total).toBe(6)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 6 })))
  )

  it.effect("an answer without a list is left as it is, and so is a request without a page", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("*", repeat(Faults.shiftedPage(1)))
        const paths = [
          "/project/nowhere/tasks?page=2",
          "/listProjects",
          `/project/${AngoTest.projectId}?page=2`
        ]
        expect(yield* statuses(hub, paths)).toEqual([400, 200, 200])
      })
    )
  )
})

describe("the hub's scope", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

  it.live.each([
    ["a request that hangs", hang],
    ["one that was processed and hangs", processed(hang)],
    ["a body that stalls", Faults.stall(5)]
  ] as const)("ends %s, as a server that goes away does", ([, fault]) =>
    Effect.gen(function* () {
      const before = timers()
      const scope = yield* Scope.make()
      const hub = Context.get(yield* Layer.buildWithScope(Emulator.layer({ tasks: 1 }), scope), Emulator)
      yield* hub.faults.on("projects.list", fault)
      const headers = { apikey: Redacted.value(hub.apiKey) }
      const call = yield* Effect.fork(
        Effect.tryPromise(() =>
          hub.fetch(`${hub.baseUrl}/listProjects`, { headers }).then((one) => one.text())
        )
      )
      yield* Effect.sleep("50 millis")
      expect(yield* Fiber.poll(call)).toMatchObject({ _tag: "None" })
      yield* Scope.close(scope, Exit.void)
      const { error } = yield* Effect.flip(Fiber.join(call))
      expect(String(error)).toMatch(/fetch failed|terminated/)
      yield* Effect.sleep("50 millis")
      expect(timers()).toBeLessThanOrEqual(before)
    })
  )
})
