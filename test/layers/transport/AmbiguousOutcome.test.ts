// A write whose result is unknown fails with `AmbiguousOutcome`, which says how to find out.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Batches, type Issues, Projects, type Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"

type Services = Batches | Issues | Projects | Tasks

const withHub = <A, E>(test: (hub: EmulatorService) => Effect.Effect<A, E, Services>) =>
  Effect.provide(Effect.flatMap(Emulator, test), AngoTest.layer({ tasks: 3 }))

const eventually = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(call)
    yield* TestClock.adjust("5 minutes")
    return yield* Fiber.join(fiber)
  })

const create = Effect.flatMap(Projects, (projects) => projects.create({ name: "Cats", description: "" }))
const named = (hub: EmulatorService) =>
  Array.from(hub.state.projects.values()).filter(({ project }) => project.name === "Cats").length

describe("a write whose connection breaks after it was sent", () => {
  it.effect("reports the operation, the failure, the read that shows the result, and not to repeat it", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", [Faults.afterProcessing(Faults.reset)])
        const error = yield* Effect.flip(create)
        expect(error).toMatchObject({
          _tag: "AmbiguousOutcome",
          operation: "projects.create",
          route: "/project",
          attempts: 1,
          repeatable: false,
          reconcile: { read: "projects.list", lookFor: "a project of this name" },
          cause: { _tag: "ConnectionFailed", phase: "request" }
        })
        expect(error.message).toMatch(
          /^POST \/project was sent; result unknown: no response came \(.*\)\. To find out, call Projects\.stream and look for a project of this name\. Do not send it again before the result is known: it could be applied twice\.$/
        )
        expect(named(hub)).toBe(1)
      })
    )
  )

  it.effect.each([
    ["a proxy's 502", Faults.fail(502), "ServerError", "the response was a 502"],
    [
      "a 303",
      Faults.redirect("https://hub.example/v2/project/1", 303),
      "OriginMismatch",
      "the response was a redirect (303)"
    ],
    ["an HTML page", Faults.html(200), "MalformedResponse", "was not the hub's JSON (html)"],
    ["a response that breaks off", Faults.cutBody(20), "ConnectionFailed", "the response broke off"],
    ["no response until the deadline", Faults.hang, "DeadlineExceeded", "no response came within 2m"]
  ] as const)("has an unknown result after %s", ([, fault, tag, words]) =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", [fault])
        const error = yield* eventually(Effect.flip(create))
        expect(error).toMatchObject({ _tag: "AmbiguousOutcome", cause: { _tag: tag } })
        expect(error.message).toContain(words)
        expect(yield* hub.requests("projects.create")).toHaveLength(1)
      })
    )
  )

  it.effect("prints its cause once in every way", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", [Faults.fail(502)])
        const error = yield* Effect.flip(create)
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({
          cause: { _tag: "ServerError", status: 502 }
        })
        expect(inspect(error)).toContain("[cause]: ServerError")
        expect(Cause.pretty(Cause.fail(error), { renderErrorCause: true })).toContain("ServerError")
      })
    )
  )
})

describe("a write that may be repeated", () => {
  const update = Effect.flatMap(Projects, (projects) => projects.update(AngoTest.projectId, { name: "Dogs" }))

  it.effect("reports after its last attempt that a repeat does no harm", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.update", Faults.repeat(Faults.fail(503)))
        const error = yield* eventually(Effect.flip(update))
        expect(error).toMatchObject({ _tag: "AmbiguousOutcome", attempts: 4, repeatable: true })
        expect(error.message).toContain("It may be sent again: a repeat does no harm.")
      })
    )
  )

  it.effect("that deletes, breaks, and then finds nothing has an unknown result, not NotFound", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.delete", [Faults.afterProcessing(Faults.reset), Faults.ok])
        const projects = yield* Projects
        const error = yield* eventually(Effect.flip(projects.delete(AngoTest.projectId)))
        expect(error).toMatchObject({ _tag: "AmbiguousOutcome", attempts: 2, cause: { _tag: "NotFound" } })
        expect(error.message).toContain(
          "To find out, call Projects.stream and look for the project being gone."
        )
      })
    )
  )
})

describe("a known result keeps its error", () => {
  it.effect.each([
    ["refused by the hub", Faults.fail(400), "BadRequest"],
    ["never connected", Faults.repeat(Faults.refuse), "ConnectionFailed"],
    ["applied, with a response of another shape", Faults.respond(201, '{"status":"success"}'), "DecodeError"]
  ] as const)("a create that was %s", ([, fault, tag]) =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.create", fault)
        expect(yield* eventually(Effect.flip(create))).toMatchObject({ _tag: tag })
      })
    )
  )

  it.effect("a read whose connection broke", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.get", Faults.repeat(Faults.reset))
        const get = Effect.flatMap(Projects, (projects) => projects.get(AngoTest.projectId))
        expect(yield* eventually(Effect.flip(get))).toMatchObject({
          _tag: "ConnectionFailed",
          phase: "request"
        })
      })
    )
  )
})

describe("batches", () => {
  it.effect("are read back after a broken write, so that their creation succeeds", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("batches.update", [Faults.afterProcessing(Faults.reset), Faults.ok])
        const batches = yield* Batches
        const created = yield* eventually(batches.createMany(AngoTest.projectId, ["Week 1", "Week 2"]))
        expect(created.map(({ name }) => name)).toEqual(["Week 1", "Week 2"])
        expect(yield* hub.requests("batches.update")).toHaveLength(1)
      })
    )
  )

  it.effect("are written again as a list when the read shows that the write was not applied", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("batches.update", [Faults.reset, Faults.ok])
        const batches = yield* Batches
        const created = yield* eventually(batches.createMany(AngoTest.projectId, ["Week 1"]))
        expect(created.map(({ name }) => name)).toEqual(["Week 1"])
      })
    )
  )

  it.effect("are read back after a broken write of one name", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("batches.update", [Faults.afterProcessing(Faults.reset), Faults.ok])
        const batches = yield* Batches
        const created = yield* eventually(batches.create(AngoTest.projectId, "Week 1"))
        expect(created).toMatchObject({ name: "Week 1" })
        expect(yield* hub.requests("batches.update")).toHaveLength(1)
      })
    )
  )

  it.effect("are not sent again by name, even if the read shows no batch: the request may still arrive", () =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("batches.update", [Faults.reset, Faults.ok])
        const batches = yield* Batches
        const error = yield* eventually(Effect.flip(batches.create(AngoTest.projectId, "Week 1")))
        expect(error).toMatchObject({ _tag: "AmbiguousOutcome", reconcile: { read: "projects.get" } })
        // The hub received no second request; the first was reset before it.
        expect(yield* hub.requests("batches.update")).toEqual([])
      })
    )
  )

  it.effect.each(
    Object.entries(Faults.all).flatMap(([name, fault]) => [
      [`${name}, once`, fault] as const,
      [`${name}, on every attempt`, Faults.repeat(fault)] as const
    ])
  )("exist once after success, and at most once otherwise: %s", ([, script]) =>
    withHub((hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("batches.update", script)
        const batches = yield* Batches
        const fiber = yield* Effect.fork(Effect.either(batches.create(AngoTest.projectId, "Week 1")))
        yield* TestClock.adjust("20 minutes")
        const outcome = yield* Fiber.join(fiber)
        const held = hub.state.projects.get(AngoTest.projectId)?.project.batches ?? []
        const there = held.filter(({ name }) => name === "Week 1").length
        expect(there).toBeLessThanOrEqual(1)
        if (outcome._tag === "Right") expect(there).toBe(1)
      })
    )
  )
})
