// A lock in the shared store: one holder at a time, renewed while it is held, expired after its holder has died.
import * as RateLimiter from "@effect/experimental/RateLimiter"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, AngoClient, AngoConfig, Exports, RateLimit } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { holdStoreLock, leaseMillis } from "../../../src/layers/transport/storeLock.js"

type Store = RateLimiter.RateLimiterStore["Type"]

const memory: Effect.Effect<Store> = Effect.scoped(
  Effect.map(Layer.build(RateLimiter.layerStoreMemory), Context.get(RateLimiter.RateLimiterStore))
)

/** Holds the lock for a time; writes down when it got it and when it gave it back. */
const hold = (store: Store, name: string, millis: number, log: Array<string>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const lost = yield* holdStoreLock(store, "p")
      log.push(`${name} in`)
      yield* Effect.raceFirst(Effect.sleep(millis), lost)
      log.push(`${name} out`)
    })
  )

describe("a lock in a store", () => {
  it.effect("has one holder at a time, for as long as it takes", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const log: Array<string> = []
      const names = ["a", "b", "c"]
      const all = yield* Effect.fork(
        Effect.forEach(names, (name) => hold(store, name, 2 * leaseMillis, log), {
          concurrency: "unbounded",
          discard: true
        })
      )
      yield* TestClock.adjust(Duration.millis(names.length * 2 * leaseMillis + 10_000))
      yield* Fiber.join(all)
      expect(log).toHaveLength(6)
      for (let index = 0; index < 6; index += 2) {
        expect(log[index + 1]).toBe(log[index]?.replace("in", "out"))
      }
    })
  )

  it.effect("is free soon after its release, and after an interruption", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const log: Array<string> = []
      yield* Effect.fork(hold(store, "a", 5000, log))
      yield* TestClock.adjust("1 second")
      const second = yield* Effect.fork(hold(store, "b", 1_000_000, log))
      yield* TestClock.adjust("5 seconds")
      expect(log).toEqual(["a in", "a out", "b in"])
      yield* Fiber.interrupt(second)
      yield* Effect.fork(hold(store, "c", 1, log))
      yield* TestClock.adjust("1 second")
      expect(log.slice(3)).toEqual(["c in", "c out"])
    })
  )

  it.effect("expires when its holder has died", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const log: Array<string> = []
      // What a process leaves behind that was killed just after it took the lock.
      const lease = { key: "p", refillRate: Duration.millis(1), limit: undefined }
      yield* store.fixedWindow({ ...lease, tokens: leaseMillis + 9_999 })
      yield* Effect.fork(hold(store, "a", 1, log))
      yield* TestClock.adjust(Duration.millis(leaseMillis - 1000))
      expect(log).toEqual([])
      yield* TestClock.adjust("12 seconds")
      expect(log).toEqual(["a in", "a out"])
    })
  )

  it.effect("that is lost fails its holder, and leaves the lock of the next one alone", () =>
    Effect.gen(function* () {
      let store = yield* memory
      const switched: Store = {
        fixedWindow: (options) => store.fixedWindow(options),
        tokenBucket: (options) => store.tokenBucket(options)
      }
      const log: Array<string> = []
      const first = yield* Effect.fork(Effect.exit(hold(switched, "a", 1_000_000, log)))
      yield* TestClock.adjust("1 second")
      // The store forgets everything, as a Redis does that is restarted without persistence.
      store = yield* memory
      const second = yield* Effect.fork(hold(switched, "b", 300_000, log))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(first)).toMatchObject({
        _tag: "Failure",
        cause: { error: { cause: undefined } }
      })
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(second)
      expect(log).toEqual(["a in", "b in", "b out"])
    })
  )

  it.effect("survives a store that is away for a while, and is lost when it stays away", () =>
    Effect.gen(function* () {
      const store = yield* memory
      let isAway = false
      const away = Effect.fail(new RateLimiter.RateLimitStoreError({ message: "away" }))
      const flaky: Store = {
        fixedWindow: (options) => Effect.suspend(() => (isAway ? away : store.fixedWindow(options))),
        tokenBucket: (options) => store.tokenBucket(options)
      }
      const log: Array<string> = []
      const held = yield* Effect.fork(Effect.exit(hold(flaky, "a", 1_000_000, log)))
      yield* TestClock.adjust("9 seconds")
      isAway = true
      yield* TestClock.adjust("15 seconds")
      isAway = false
      yield* TestClock.adjust("5 minutes")
      expect(yield* Fiber.poll(held)).toMatchObject({ _tag: "None" })
      isAway = true
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(held)).toMatchObject({ cause: { error: { cause: { message: "away" } } } })
      expect(log).toEqual(["a in"])
    })
  )
})

const client = (store: Store) =>
  Layer.unwrapEffect(
    Effect.map(Emulator, (hub) =>
      Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layerOff),
        Layer.provide(Layer.succeed(RateLimiter.RateLimiterStore, store)),
        Layer.orDie
      )
    )
  ).pipe(Layer.provideMerge(Emulator.layer({ tasks: 3 })))

const exportAll = Effect.flatMap(Exports, (exports) =>
  Stream.runCount(exports.stream(AngoTest.projectId, { stages: "all" }))
)

describe("an export with a shared store", () => {
  it.effect("waits while another process holds the lock of the project", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const keys: Array<string> = []
      const watched: Store = {
        fixedWindow: (options) => {
          keys.push(options.key)
          return store.fixedWindow(options)
        },
        tokenBucket: (options) => store.tokenBucket(options)
      }
      yield* Effect.gen(function* () {
        expect(yield* exportAll).toBe(3)
        yield* TestClock.adjust("1 second")
        const [key = ""] = keys
        // A name that reveals neither the hub nor the project.
        expect(key).toMatch(/^[0-9a-f]{16}:export$/)
        expect(new Set(keys).size).toBe(1)
        yield* store.fixedWindow({ key, tokens: 20_000, refillRate: Duration.millis(1), limit: undefined })
        const waiting = yield* Effect.fork(exportAll)
        yield* TestClock.adjust("15 seconds")
        expect(yield* (yield* Emulator).requests("exports.request")).toHaveLength(1)
        yield* TestClock.adjust("10 seconds")
        expect(yield* Fiber.join(waiting)).toBe(3)
      }).pipe(Effect.provide(client(watched)))
    })
  )

  it.effect("that does not respond fails, and nothing is sent", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(exportAll)
      expect(error).toMatchObject({
        _tag: "StoreUnavailable",
        store: "export-lock",
        reason: "unreachable",
        operation: "exports.request"
      })
      expect(error.message).toMatch(/^The export was not requested: .* Check the store\.$/)
      expect(yield* (yield* Emulator).requests()).toEqual([])
    }).pipe(
      Effect.provide(
        client({
          fixedWindow: () => Effect.fail(new RateLimiter.RateLimitStoreError({ message: "away" })),
          tokenBucket: () => Effect.fail(new RateLimiter.RateLimitStoreError({ message: "away" }))
        })
      )
    )
  )

  it.effect("uses that of its client, also where the services have none", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const away = Effect.fail(new RateLimiter.RateLimitStoreError({ message: "away" }))
      const services = Ango.layerServices.pipe(
        Layer.provide(
          AngoClient.layer.pipe(
            Layer.provide(
              Layer.succeed(RateLimiter.RateLimiterStore, {
                fixedWindow: () => away,
                tokenBucket: () => away
              })
            )
          )
        ),
        Layer.provide(AngoConfig.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl })),
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layerOff)
      )
      const error = yield* Effect.flip(Effect.provide(exportAll, services))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "export-lock" })
    }).pipe(Effect.provide(Emulator.layer({ tasks: 3 })))
  )
})
