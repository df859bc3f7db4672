// The hub as a server: clients that give up, and sockets.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

describe("a client that aborts", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

  it.scopedLive.each([
    ["a request that hangs", Faults.hang],
    ["a body that stalls", Faults.stallBody(20)]
  ] as const)("leaves nothing behind: %s", ([, fault]) =>
    Effect.gen(function* () {
      const [hub, tasks] = yield* Effect.all([Emulator, Tasks])
      yield* hub.faults.on(
        "tasks.list",
        Array.from({ length: 20 }, () => fault)
      )
      yield* Effect.sleep("50 millis")
      const before = timers()
      const calls = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.fork(tasks.page(projectId))
      )
      yield* Effect.sleep("100 millis")
      yield* Fiber.interruptAll(calls)
      yield* Effect.sleep("200 millis")
      expect(timers()).toBeLessThanOrEqual(before)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 30 })))
  )

  it.effect("before the request gets no response", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const signal = AbortSignal.abort(new Error("changed my mind"))
        const error = yield* Effect.flip(
          Effect.tryPromise(() => hub.fetch(`${hub.baseUrl}/listProjects`, { signal }))
        )
        expect(String(error.error)).toContain("changed my mind")
      })
    )
  )
})

describe("behind a socket", () => {
  it.scopedLive("listens on 127.0.0.1, on a free port, until its scope closes", () =>
    Effect.gen(function* () {
      const baseUrl = yield* Effect.scoped(
        Effect.gen(function* () {
          const hub = yield* Emulator.serve({ tasks: 5 })
          expect(hub.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/)
          const response = yield* Effect.promise(() =>
            fetch(`${hub.baseUrl}/listProjects`, { headers: { apikey: Redacted.value(hub.apiKey) } })
          )
          expect(response.status).toBe(200)
          return hub.baseUrl
        })
      )
      const error = yield* Effect.flip(Effect.tryPromise(() => fetch(`${baseUrl}/listProjects`)))
      expect(String(error.cause ?? error)).toMatch(/fetch failed|unknown/)
    })
  )

  it.scopedLive("a port in use is a typed error", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      const error = yield* Effect.flip(Emulator.serve({ port: Number(new URL(hub.baseUrl).port) }))
      expect(error).toMatchObject({ _tag: "ServeFailed" })
      expect(error.message).toContain("Is the port in use?")
    })
  )
})
