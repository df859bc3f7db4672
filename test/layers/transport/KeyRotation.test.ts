// Rotating keys: each request carries the current key, and no error quotes a current or an earlier one.
import { inspect } from "node:util"
import * as RateLimiter from "@effect/experimental/RateLimiter"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Ango, Tasks } from "effect-ango"
import { scripted } from "../../support/Wire.js"

const taskId = "65aa0000000000000000b001"
const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get(taskId))
const task = () => Response.json({ status: "success", data: { task: { _id: taskId } } })
const refused = (message: string) => () =>
  Response.json({ status: "fail", message }, { status: 429, headers: { "retry-after": "3" } })

/** A store of keys: the current one, and how often it was read. */
const store = (first: string) => {
  const state = { key: first, reads: 0, issued: Redacted.make(first) }
  const apiKey = Effect.sync(() => {
    state.reads++
    state.issued = Redacted.make(state.key)
    return state.issued
  })
  return { state, apiKey }
}

const keysOf = (requests: ReadonlyArray<Request>) => requests.map(({ headers }) => headers.get("apikey"))

/** Prints an error in every way. */
const printed = (error: unknown): string =>
  [
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 12, showHidden: true }),
    Cause.pretty(Cause.fail(error), { renderErrorCause: true })
  ].join("\n")

/** Runs a call that fails, on virtual time. */
const failure = (hub: ReturnType<typeof scripted>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(Effect.flip(Effect.provide(getTask, hub.layer)))
    yield* TestClock.adjust("1 minutes")
    return yield* Fiber.join(fiber)
  })

describe("a key that rotates", () => {
  it.effect("is read once per request, and used from the next request on", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("first-key")
      const hub = scripted([task], { apiKey })
      yield* Effect.gen(function* () {
        yield* getTask
        state.key = "second-key"
        yield* Effect.zip(getTask, getTask)
      }).pipe(Effect.provide(hub.layer))
      expect(keysOf(hub.requests)).toEqual(["first-key", "second-key", "second-key"])
      expect(state.reads).toBe(3)
    })
  )

  it.effect("before a retry is used in the retry", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("first-key")
      const hub = scripted([refused("wait"), task], { apiKey, attempts: 2 })
      const fiber = yield* Effect.fork(Effect.provide(getTask, hub.layer))
      yield* TestClock.adjust("2 seconds")
      expect(keysOf(hub.requests)).toEqual(["first-key"])
      state.key = "second-key"
      yield* TestClock.adjust("1 seconds")
      yield* Fiber.join(fiber)
      expect(keysOf(hub.requests)).toEqual(["first-key", "second-key"])
    })
  )

  it.effect("is in no error, nor are earlier keys, when the hub quotes them all", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("k3y-zero")
      const said = (status: number) => () => {
        const message = `k3y-zero and k3y-one were replaced by k3y-two, not ${state.key}`
        const id = `k3y-zero/k3y-one/k3y-two`
        state.key = state.key === "k3y-zero" ? "k3y-one" : "k3y-two"
        return Response.json({ status: "fail", message }, { status, headers: { "x-request-id": id } })
      }
      const hub = scripted([said(401), said(503), said(503), said(400)], { apiKey, attempts: 4 })
      const errors = yield* Effect.gen(function* () {
        const first = yield* Effect.flip(getTask)
        // An old key may be wiped.
        Redacted.unsafeWipe(state.issued)
        const second = yield* Effect.fork(Effect.flip(getTask))
        yield* TestClock.adjust("1 minutes")
        return [first, yield* Fiber.join(second)]
      }).pipe(Effect.provide(hub.layer))
      expect(keysOf(hub.requests)).toEqual(["k3y-zero", "k3y-one", "k3y-two", "k3y-two"])
      expect(errors.map(({ _tag }) => _tag)).toEqual(["Unauthorized", "BadRequest"])
      expect(printed(errors[0])).not.toMatch(/k3y-zero/)
      expect(printed(errors[1])).not.toMatch(/k3y-/)
    })
  )
})

describe("an effect that yields no key", () => {
  it.effect.each([
    ["fails with a text", Effect.fail("s3cret-key is locked"), "failed."],
    ["fails with an error", Effect.fail(new TypeError("s3cret-key is locked")), "failed (TypeError)."],
    ["fails with a tag", Effect.fail({ _tag: "VaultClosed", last: "s3cret-key" }), "failed (VaultClosed)."],
    ["fails with a tag that is a key", Effect.fail({ _tag: "s3cret-key" }), "failed."],
    ["dies", Effect.die(new RangeError("s3cret-key")), "failed (RangeError)."],
    ["yields a plain text", Effect.succeed("s3cret-key" as unknown as Redacted.Redacted), "not a Redacted"],
    ["yields a key with a line break", Effect.succeed(Redacted.make("s3cret-key\n")), "contains a blank"],
    ["yields an empty key", Effect.succeed(Redacted.make("")), "is empty"]
  ] as const)("%s: nothing is sent, and the error quotes no key", ([, apiKey, words]) =>
    Effect.gen(function* () {
      const hub = scripted([task], { apiKey, attempts: 4 })
      const error = yield* failure(hub)
      expect(error).toMatchObject({ _tag: "CredentialUnavailable", operation: "tasks.get" })
      expect(error.message).toContain(words)
      expect(printed(error)).not.toContain("s3cret-key")
      expect(hub.requests).toEqual([])
    })
  )

  it.effect("before a retry ends the call", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("s3cret-key")
      const locked = Effect.suspend(() =>
        state.reads === 0 ? apiKey : Effect.fail(new Error(`${state.key} is locked`))
      )
      const hub = scripted([refused("s3cret-key must wait")], { apiKey: locked, attempts: 4 })
      const error = yield* failure(hub)
      expect(error).toMatchObject({ _tag: "CredentialUnavailable" })
      expect(printed(error)).not.toContain("s3cret-key")
      expect(keysOf(hub.requests)).toEqual(["s3cret-key"])
    })
  )

  it.effect("is run again by the next call", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("key")
      const late = Effect.suspend(() => (state.key === "key" ? Effect.fail("not yet") : apiKey))
      const hub = scripted([task], { apiKey: late })
      yield* Effect.gen(function* () {
        expect(yield* Effect.flip(getTask)).toMatchObject({ _tag: "CredentialUnavailable" })
        state.key = "late-key"
        yield* getTask
      }).pipe(Effect.provide(hub.layer))
      expect(keysOf(hub.requests)).toEqual(["late-key"])
    })
  )

  it.effect("for long is awaited until the deadline or the interruption of the caller", () =>
    Effect.gen(function* () {
      const isRunning = yield* Deferred.make<void>()
      const apiKey = Effect.zipRight(Deferred.succeed(isRunning, undefined), Effect.never)
      const hub = scripted([task], { apiKey, deadline: "5 seconds" })
      expect(yield* failure(hub)).toMatchObject({ _tag: "DeadlineExceeded", attempts: 0 })
      yield* Deferred.await(isRunning)
      const fiber = yield* Effect.fork(Effect.provide(getTask, hub.layer))
      yield* TestClock.adjust("1 seconds")
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      expect(hub.requests).toEqual([])
    })
  )
})

describe("an effect that yields the key and is cached as interrupted", () => {
  it.effect("fails each call with an error, not with an interruption", () =>
    Effect.gen(function* () {
      const apiKey = yield* Effect.cached(Effect.interrupt)
      const hub = scripted([task], { apiKey })
      const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
      expect(error).toMatchObject({ _tag: "CredentialUnavailable", operation: "tasks.get" })
      expect(hub.requests).toEqual([])
    })
  )
})

describe("a shared rate limit", () => {
  it.effect("is named by the key as soon as there is one, and its name does not contain the key", () =>
    Effect.gen(function* () {
      const { apiKey, state } = store("s3cret-key")
      let isLocked = true
      const late = Effect.suspend(() => (isLocked ? Effect.fail("not yet") : apiKey))
      const names: Array<string> = []
      const recording = Layer.succeed(RateLimiter.RateLimiterStore, {
        fixedWindow: ({ key }) => Effect.sync(() => [names.push(key) && 1, 0] as const),
        tokenBucket: () => Effect.dieMessage("not used")
      })
      const hub = scripted([task])
      yield* Effect.gen(function* () {
        yield* Effect.ignore(getTask)
        isLocked = false
        yield* getTask
        state.key = "another-key"
        yield* getTask
      }).pipe(
        Effect.provide(Ango.layer({ apiKey: late }).pipe(Layer.provide(hub.http), Layer.provide(recording)))
      )
      expect(keysOf(hub.requests)).toEqual(["s3cret-key", "another-key"])
      const budgets = names.map((name) => name.split(":")[0])
      expect(budgets.slice(0, 2)).toEqual(["unknown key", "unknown key"])
      expect(budgets[2]).toMatch(/^[0-9a-f]{16}$/)
      expect(budgets.slice(2)).toEqual(Array.from({ length: 4 }, () => budgets[2]))
    })
  )
})
