// Scripts of faults: which request gets which fault.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { AngoTest, Faults } from "effect-ango/emulator"
import { projects, statuses, withHub } from "../support/FaultObservations.js"

const { exponential, fail, latency, mix, ok, afterProcessing, repeat, replay, reset, uniform } = Faults

describe("a script", () => {
  const played = (script: Faults.Script, count = 6) =>
    withHub((hub) => Effect.zipRight(hub.faults.on("projects.list", script), statuses(hub, projects(count))))

  it.effect.each([
    ["a fault applies to one request", fail(503), [503, 200, 200, 200, 200, 200]],
    ["a list is played once", [fail(503), ok, fail(500)], [503, 200, 500, 200, 200, 200]],
    ["repeat never ends", repeat(fail(503)), [503, 503, 503, 503, 503, 503]],
    [
      "repeat ends after the given number",
      [repeat([fail(503), ok], 2), fail(500)],
      [503, 200, 503, 200, 500, 200]
    ],
    ["a list may end with a repeat", [ok, ok, repeat(fail(503))], [200, 200, 503, 503, 503, 503]],
    ["an empty list is no fault", [], [200, 200, 200, 200, 200, 200]]
  ] as const)("%s", ([, script, expected]) =>
    Effect.map(played(script), (seen) => expect(seen).toEqual(expected))
  )

  it.effect(
    "of an operation comes before that of `*`; a new script replaces the old; `unknown` needs its own",
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
        [0.1, afterProcessing(reset)],
        [0.1, latency(exponential("2 millis"), fail(429))]
      ]
    })

  it.live("mixes faults by share, the same for the same seed and different for another", () =>
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

  it.live("is replayed from its log, through JSON, for any order of operations", () =>
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
  it.effect("follows the test clock", () =>
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
    "of a distribution lies within it, and is the same for the hub's seed",
    [FastCheck.nat(1000), FastCheck.nat(1000), FastCheck.nat()],
    ([min, more, seed]) =>
      Effect.gen(function* () {
        const times = yield* drawn(uniform(min, min + more), seed, 4)
        expect(times.every((millis) => millis >= min && millis <= min + more)).toBe(true)
        expect(yield* drawn(uniform(min, min + more), seed, 4)).toEqual(times)
      }),
    { fastCheck: { numRuns: 5 } }
  )

  it.effect("of an exponential distribution is mostly short and sometimes long", () =>
    Effect.gen(function* () {
      const times = yield* drawn(exponential("1 second"), 5, 60)
      const mean = times.reduce((sum, one) => sum + one, 0) / 60
      expect(mean).toBeGreaterThan(600)
      expect(mean).toBeLessThan(1500)
      expect(Math.max(...times)).toBeGreaterThan(2500)
    })
  )
})
