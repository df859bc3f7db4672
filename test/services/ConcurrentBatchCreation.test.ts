// Concurrent creation of batches: a write of several replaces the whole list, and no batch may get lost.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Ango, Batches, RateLimit } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { locks } from "../../src/utils/keyLock.js"
import { names, writes } from "../support/SeededBatches.js"

const { projectId } = AngoTest

/** Another client of the same emulator in this process. */
const client = (hub: EmulatorService, fetch: typeof globalThis.fetch = hub.fetch) =>
  Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide(RateLimit.layerOff)
  )

/** A writer in another process: it writes an old list after each of our writes. */
const overwriting = (hub: EmulatorService, times: number): typeof globalThis.fetch => {
  const before = [...(hub.state.projects.get(projectId)?.project.batches ?? [])]
  let remaining = times
  return async (input, init) => {
    const request = new Request(input, init)
    const isWrite = request.method === "POST" && new URL(request.url).pathname.includes("/batches/")
    const response = await hub.fetch(request)
    if (isWrite && remaining-- > 0) {
      await hub.fetch(`${hub.baseUrl}/batches/${projectId}`, {
        method: "POST",
        headers: { apikey: Redacted.value(hub.apiKey), "content-type": "application/json" },
        body: JSON.stringify({ batches: [...before, { name: "Theirs" }] })
      })
    }
    return response
  }
}

describe("concurrent calls", () => {
  const requested = Array.from({ length: 12 }, (_, index) => `Shift ${index}`)

  it.effect("of one client run one after the other, without repeated writes", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const before = yield* names
      yield* Effect.forEach(requested, (name) => batches.create(projectId, name), {
        concurrency: "unbounded"
      })
      expect((yield* names).toSorted()).toEqual([...before, ...requested].toSorted())
      expect(yield* writes).toBe(requested.length)
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("of two clients create all batches", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const before = yield* names
      const create = (name: string) => Effect.flatMap(Batches, (batches) => batches.create(projectId, name))
      const [ours, theirs] = yield* Effect.all(
        [Effect.provide(create("Ours"), client(hub)), Effect.provide(create("Theirs"), client(hub))],
        { concurrency: "unbounded" }
      )
      expect(ours.id).not.toBe(theirs.id)
      expect((yield* names).toSorted()).toEqual([...before, "Ours", "Theirs"].toSorted())
      expect(yield* writes).toBe(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("with one name return the same batch", () =>
    Effect.gen(function* () {
      const batches = yield* Batches
      const [a, b] = yield* Effect.all(
        [batches.create(projectId, "Same"), batches.create(projectId, "Same")],
        {
          concurrency: "unbounded"
        }
      )
      expect(a.id).toBe(b.id)
      expect((yield* names).filter((name) => name === "Same")).toHaveLength(1)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("for different projects run in parallel", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const [first, second = first] = hub.projectIds
      yield* hub.faults.on("batches.update", [Faults.hang])
      const stuck = yield* Effect.fork(batches.create(first, "Week 9"))
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))
      expect(locks.size).toBe(1)
      expect((yield* batches.create(second, "Week 9")).name).toBe("Week 9")
      yield* Fiber.interrupt(stuck)
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("repeat the write when another process overwrote the list", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const before = yield* names
      const created = yield* Effect.gen(function* () {
        const batches = yield* Batches
        const fiber = yield* Effect.fork(batches.createMany(projectId, ["Ours"]))
        yield* TestClock.adjust("1 second")
        return yield* Fiber.join(fiber)
      }).pipe(Effect.provide(client(hub, overwriting(hub, 1))))
      expect(created.map(({ name }) => name)).toEqual(["Ours"])
      expect((yield* names).toSorted()).toEqual([...before, "Ours", "Theirs"].toSorted())
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fail with the missing names when the list is overwritten after each of five writes", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const error = yield* Effect.gen(function* () {
        const batches = yield* Batches
        const fiber = yield* Effect.fork(batches.createMany(projectId, ["Ours", "Theirs"]))
        yield* Effect.forEach(Array.from({ length: 20 }), () => TestClock.adjust("1 second"))
        return yield* Effect.flip(Fiber.join(fiber))
      }).pipe(Effect.provide(client(hub, overwriting(hub, Number.POSITIVE_INFINITY))))
      expect(error).toMatchObject({ _tag: "LostUpdate", missing: ["Ours"], writes: 5 })
      expect(locks.size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
