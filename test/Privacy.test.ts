// Calls every method of every service with a canary key, with and without faults, and searches all output for the key.
import { inspect } from "node:util"
import * as RateLimiter from "@effect/experimental/RateLimiter"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type AngoError, Guard, RateLimit, RetryPolicy } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"
import { type OperationName, operations } from "../src/api/operations.js"
import { methodsOf, returnsResponse, silent, takesAnyShape } from "./support/Methods.js"
import { services } from "./support/Services.js"
import { toItsEnd, watch } from "./support/Watch.js"
import { canary } from "./support/Wire.js"

const echo = JSON.stringify({ status: "fail", message: `the key ${canary} is not welcome` })
const json = { "content-type": "application/json" }

const faults: Readonly<Record<string, Faults.Fault>> = {
  ...Faults.all,
  none: Faults.ok,
  "400": Faults.respond(400, echo),
  "401": Faults.respond(401, echo),
  "429": Faults.respond(429, echo, { ...json, "retry-after": "9999" }),
  "500": Faults.respond(500, echo),
  "200 fail": Faults.respond(200, echo),
  html: Faults.respond(200, `<html>${canary}</html>`, { "content-type": "text/html" }),
  "not json": Faults.respond(200, canary),
  shape: Faults.respond(200, JSON.stringify({ status: "success", data: { [canary]: canary } })),
  "request id": Faults.respond(500, echo, { ...json, "x-request-id": canary }),
  "redirect with the key": Faults.redirect(`https://evil.example/?apikey=${canary}`),
  "redirect to a path with the key": Faults.redirect(`https://evil.example/${canary}`)
}

/** The faults under which requests succeed. */
const harmless = ["none", "latency", "duplicatePage", "shiftedPage", "shiftedPageBack"]

const withHub = Effect.provide(Emulator.layer({ tasks: 5, apiKey: Redacted.make(canary) }))

const once = RetryPolicy.layer({ attempts: 1 })

/** Calls every method through a watched client with these policies, and checks that no output has the key. */
const everyMethod = (
  fault: Faults.Fault,
  policies: Layer.Layer<never, AngoError.InvalidConfig>,
  returningKey: ReadonlyArray<string> = []
) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    yield* hub.faults.on("*", Faults.repeat(fault))
    const watched = watch(hub)
    const all = Effect.gen(function* () {
      const methods = methodsOf(yield* Effect.all(services))
      return yield* Effect.forEach(
        methods,
        ({ name, run }) => Effect.map(Effect.either(run), (outcome) => ({ name, outcome })),
        { concurrency: "unbounded" }
      )
    }).pipe(Effect.provide(Layer.provide(watched.client, policies)), watched.observed)
    const outcomes = yield* toItsEnd(all, watched.progress)
    const errors = outcomes.flatMap(({ outcome }) => (Either.isLeft(outcome) ? [outcome.left] : []))
    // Not the text itself: a failure of the test would print all of it.
    const everything = yield* watched.everything(
      errors,
      returningKey.length === 0 ? [] : ["program", ...returningKey]
    )
    expect(everything.length).toBeGreaterThan(1000)
    expect(everything.includes(canary)).toBe(false)
    const holding = outcomes.filter(
      ({ outcome }) => Either.isRight(outcome) && inspect(outcome.right, { depth: 12 }).includes(canary)
    )
    expect(holding.map(({ name }) => name).toSorted()).toEqual(returningKey)
    expect([...watched.origins]).toEqual([new URL(hub.baseUrl).origin])
    return { hub, outcomes, watched }
  })

describe("the key is only in its header", () => {
  it.effect.each(Object.keys(faults))("%s", (name) =>
    Effect.gen(function* () {
      const isShape = name === "shape"
      const { outcomes } = yield* everyMethod(
        faults[name] ?? Faults.ok,
        Layer.merge(once, RateLimit.layerOff),
        isShape ? returnsResponse : []
      )
      if (harmless.includes(name)) return
      const whole = outcomes.filter(({ outcome }) => Either.isRight(outcome)).map((one) => one.name)
      expect(whole.filter((method) => !isShape || !takesAnyShape.includes(method))).toEqual([])
    }).pipe(withHub)
  )
})

describe("the methods", () => {
  it.effect("are all called, and each sends a request without faults", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const { client } = watch(hub)
      const idle = (all: Readonly<Record<string, object>>) =>
        Effect.filter(methodsOf(all), ({ run }) =>
          Effect.gen(function* () {
            const before = (yield* hub.faults.log).length
            yield* Effect.either(run)
            return (yield* hub.faults.log).length === before
          })
        )
      yield* Effect.gen(function* () {
        const all = yield* Effect.all(services)
        expect(methodsOf(all).length).toBeGreaterThanOrEqual(79)
        // Enumerating a service must find all its methods.
        for (const service of Object.values(all)) {
          expect(Object.getPrototypeOf(service)).toBe(Object.prototype)
        }
        expect((yield* idle(all)).map(({ name }) => name).toSorted()).toEqual(silent)
        // A new method that rejects the standard arguments is detected.
        const fresh = { ...all, Tasks: { ...all.Tasks, guess: () => Effect.fail("not such an id") } }
        expect((yield* idle(fresh)).map(({ name }) => name).toSorted()).toEqual(
          ["Tasks.guess", ...silent].toSorted()
        )
      }).pipe(Effect.provide(Layer.provide(client, Layer.merge(once, RateLimit.layerOff))))
    }).pipe(withHub)
  )
})

describe("the key is not revealed by", () => {
  it.effect("a dry run, which records writes and sends reads", () =>
    Effect.gen(function* () {
      const guard = Layer.memoize(Guard.layerDryRun)
      yield* Effect.gen(function* () {
        const shared = yield* guard
        const { hub, outcomes } = yield* everyMethod(
          Faults.ok,
          Layer.mergeAll(once, RateLimit.layerOff, shared)
        )
        const { requests } = yield* Effect.provide(Guard.DryRun, shared)
        const planned = JSON.stringify(yield* requests)
        expect(planned.length).toBeGreaterThan(1000)
        expect(planned.includes(canary)).toBe(false)
        const notSent = outcomes.filter(
          ({ outcome }) => Either.isLeft(outcome) && Object(outcome.left)._tag === "WriteBlocked"
        )
        expect(notSent.length).toBeGreaterThan(20)
        const requested = new Set((yield* hub.requests()).map(({ operation }) => operation))
        const writes = Object.values(operations).filter(({ repeat }) => repeat !== "safe")
        expect(writes.filter(({ name }) => requested.has(name as OperationName))).toEqual([])
      }).pipe(Effect.scoped)
    }).pipe(withHub)
  )

  it.effect("the names in the store of a shared rate limit, nor by the calls that wait for it", () =>
    Effect.gen(function* () {
      const store = yield* RateLimiter.RateLimiterStore
      const names = new Set<string>()
      const shared = Layer.succeed(RateLimiter.RateLimiterStore, {
        ...store,
        fixedWindow: (options) => {
          names.add(options.key)
          return store.fixedWindow(options)
        }
      })
      const { watched } = yield* everyMethod(
        Faults.ok,
        Layer.mergeAll(once, RateLimit.layer({ limit: 50, window: "5 seconds" }), shared)
      )
      const isLock = (name: string) => name.endsWith(":export")
      expect([...names].filter((name) => !isLock(name))).toHaveLength(51)
      // The exports of all methods are of one project.
      expect([...names].filter(isLock)).toHaveLength(1)
      expect([...names].filter((name) => !/^[0-9a-f]{16}:(turn|seat:\d+|export)$/.test(name))).toEqual([])
      expect(watched.lines.map(({ message }) => String(message))).toContain("waited for the rate limit")
    }).pipe(withHub, Effect.provide(RateLimiter.layerStoreMemory))
  )

  it.effect("a store that does not respond", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const watched = watch(hub)
      const down = Effect.fail(
        new RateLimiter.RateLimitStoreError({
          message: "no",
          cause: Object.assign(new Error("WRONGPASS invalid password"), {
            command: { name: "auth", args: ["r3dis-passw0rd", canary] }
          })
        })
      )
      const store = Layer.succeed(RateLimiter.RateLimiterStore, {
        fixedWindow: () => down,
        tokenBucket: () => down
      })
      const get = Effect.flatMap(services.Tasks, (tasks) =>
        Effect.flip(tasks.get("65aa0000000000000000b001"))
      )
      const error = yield* Effect.provide(get, Layer.provide(watched.client, Layer.merge(once, store)))
      expect(error).toMatchObject({ _tag: "StoreUnavailable", store: "rate-limit" })
      const everything = yield* watched.everything([error])
      expect(everything).toContain("WRONGPASS invalid password")
      expect(everything.includes(canary) || everything.includes("r3dis-passw0rd")).toBe(false)
      expect(watched.sent).toEqual([])
    }).pipe(withHub)
  )
})
