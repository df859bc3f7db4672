// The faults of a hub behind a socket, as real HTTP clients see them.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { Emulator, Faults } from "effect-ango/emulator"
import {
  everyFaultAsError,
  everyFaultSeen,
  expectedErrors,
  expectedMade,
  expectedSeen,
  madeUnder
} from "../support/Weather.js"

// Whom to refuse is known when the request is there: it is reset.
const behindASocket = { ...expectedSeen, refuse: "Transport ECONNRESET" }

const clients = [
  [
    "fetch",
    Layer.merge(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" })),
    behindASocket
  ],
  ["Node http", NodeHttpClient.layer, { ...behindASocket, cut: "200, 20 bytes, Decode ECONNRESET" }]
] as const

describe("behind a socket every fault", () => {
  for (const [name, client, expected] of clients) {
    it.scopedLive(`looks to ${name} as it is meant to`, () =>
      Effect.gen(function* () {
        const hub = yield* Emulator.serve({ tasks: 6 })
        expect(yield* everyFaultSeen(hub, hub.faults)).toEqual(expected)
        expect(yield* everyFaultAsError(hub, hub.faults)).toEqual(expectedErrors)
        expect(yield* madeUnder(hub, hub.faults)).toEqual(expectedMade)
      }).pipe(Effect.provide(client))
    )
  }
})

const ask = (hub: Emulator["Type"]) =>
  Effect.promise((signal) =>
    fetch(`${hub.baseUrl}/listProjects`, { signal, headers: { apikey: Redacted.value(hub.apiKey) } }).then(
      (response) => response.text()
    )
  )

describe("behind a socket", () => {
  it.scopedLive("a connection that broke leaves the next request alone", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      yield* hub.faults.on("projects.list", [Faults.reset, Faults.ok, Faults.cut(10), Faults.ok])
      const kinds = yield* Effect.replicateEffect(Effect.exit(ask(hub)), 4)
      expect(kinds.map(Exit.isSuccess)).toEqual([false, true, false, true])
    })
  )

  it.live.each([
    ["a request that hangs", Faults.hang],
    ["a body that stalls", Faults.stall(5)]
  ] as const)("%s ends with the hub's scope", ([, fault]) =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const hub = yield* Scope.extend(Emulator.serve({ tasks: 1 }), scope)
      yield* hub.faults.on("projects.list", fault)
      const call = yield* Effect.fork(ask(hub))
      yield* Effect.sleep("100 millis")
      expect(yield* hub.faults.log).toHaveLength(1)
      yield* Effect.timeoutFail(Scope.close(scope, Exit.void), {
        duration: "2 seconds",
        onTimeout: () => "the hub did not close"
      })
      expect(Exit.isFailure(yield* Fiber.await(call))).toBe(true)
    })
  )
})
