// Faults of the in-process hub.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import {
  createdUnder,
  errorOfEveryFault,
  expectedCreated,
  expectedErrors,
  expectedObservations,
  names,
  observeEveryFault,
  projects,
  statuses,
  withHub
} from "../support/FaultObservations.js"

const { fail, hang, latency, mix, ok, afterProcessing, repeat, reset, respond, uniform } = Faults

describe("in the process, every fault", () => {
  it.live("gives the client the expected result", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        expect(yield* observeEveryFault(hub, hub.faults)).toEqual(expectedObservations)
        expect(yield* errorOfEveryFault(hub, hub.faults)).toEqual(expectedErrors)
        expect(yield* createdUnder(hub, hub.faults)).toEqual(expectedCreated)
      }).pipe(Effect.provide(FetchHttpClient.layer), Effect.provideService(FetchHttpClient.Fetch, hub.fetch))
    )
  )

  it("isProcessed says whether the hub processes the request", () => {
    expect(names.filter((name) => Faults.isProcessed(Faults.all[name]))).toEqual(expectedCreated)
    expect(Faults.isProcessed(latency(5, reset))).toBe(false)
    expect(Faults.isProcessed(latency(5))).toBe(true)
  })

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(Faults.all))).toEqual(Faults.all)
  })

  it.effect("decides whether the request reaches the hub", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.list", [
          Faults.refuse,
          reset,
          latency(0, reset),
          afterProcessing(reset),
          fail(500)
        ])
        expect(yield* statuses(hub, projects(6))).toEqual([0, 0, 0, 0, 500, 200])
        expect(yield* hub.requests("projects.list")).toHaveLength(3)
        expect(yield* hub.faults.log).toHaveLength(6)
      })
    )
  )
})

describe("invalid faults throw when they are built", () => {
  it.each([
    [() => respond(100, ""), "A response cannot have status 100. Use 200 to 599."],
    [() => fail(600), "A response cannot have status 600."],
    [() => Faults.emptyBody(199.5), "A response cannot have status 199.5."],
    [() => respond(204, "{}"), 'A response with status 204 has no body. Use "".'],
    [() => Faults.redirect("/Ω"), "ByteString"],
    [() => Faults.cutBody(-1), "A response body cannot stop after -1 bytes."],
    [() => Faults.stallBody(Number.NaN), "A response body cannot stop after NaN bytes."],
    [() => Faults.truncateBody(0.5), "A response body cannot stop after 0.5 bytes."],
    [() => Faults.shiftPage(1.5), "A page cannot be shifted by 1.5 rows."],
    [() => latency(Number.POSITIVE_INFINITY), "use Faults.hang"],
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
      "The shares 0.6, 0.6 are invalid."
    ],
    [() => mix({ seed: 1, faults: [[-0.1, ok]] }), "are invalid"],
    [() => mix({ seed: 1, faults: [[Number.NaN, ok]] }), "are invalid"]
  ] as const)("%s", (build, message) => {
    expect(build).toThrow(message)
  })

  it.effect("and statuses without a body can be sent: 204, 304, 205", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.list", [
          Faults.emptyBody(204),
          Faults.emptyBody(304),
          respond(205, "")
        ])
        expect(yield* statuses(hub, projects(3))).toEqual([204, 304, 205])
      })
    )
  )
})

describe("duplicated and shifted pages", () => {
  it.effect.each([
    ["the first page has no previous page", 1, Faults.duplicatePage, [0, 1]],
    ["the first page has no rows above it", 1, Faults.shiftPage(1), [0, 1]],
    ["a shift of more than a page is one page", 3, Faults.shiftPage(9), [2, 3]],
    ["the last page ends with the list", 3, Faults.shiftPage(-1), [5]],
    ["a delayed page can be shifted", 2, latency(0, Faults.shiftPage(1)), [1, 2]]
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

  it.effect("a response without a list and a request without a page stay unchanged", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("*", repeat(Faults.shiftPage(1)))
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
    ["a processed request that hangs", afterProcessing(hang)],
    ["a body that stalls", Faults.stallBody(5)],
    ["a delay", latency("1 hour")]
  ] as const)("ends %s when it closes", ([, fault]) =>
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
      const said = yield* Fiber.join(call).pipe(
        Effect.catchAll(({ error }) => Effect.succeed(String(error))),
        Effect.timeout("2 seconds")
      )
      expect(said).toMatch(fault._tag === "Latency" ? /success/ : /fetch failed|terminated/)
      yield* Effect.sleep("50 millis")
      expect(timers()).toBeLessThanOrEqual(before)
    })
  )
})
