// The faults of a hub behind a socket, as real HTTP clients see them.
import { connect } from "node:net"
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
  createdUnder,
  errorOfEveryFault,
  expectedCreated,
  expectedErrors,
  expectedObservations,
  observeEveryFault
} from "../support/FaultObservations.js"

// The connection is already open when the fault applies: `refuse` is a reset.
const behindASocket = { ...expectedObservations, refuse: "Transport ECONNRESET" }

const clients = [
  [
    "fetch",
    Layer.merge(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.RequestInit, { redirect: "manual" })),
    behindASocket
  ],
  ["Node http", NodeHttpClient.layer, { ...behindASocket, cut: "200, 20 bytes, Decode ECONNRESET" }]
] as const

describe("behind a socket, every fault", () => {
  for (const [name, client, expected] of clients) {
    it.scopedLive(`gives ${name} the expected result`, () =>
      Effect.gen(function* () {
        const hub = yield* Emulator.serve({ tasks: 6 })
        expect(yield* observeEveryFault(hub, hub.faults)).toEqual(expected)
        expect(yield* errorOfEveryFault(hub, hub.faults)).toEqual({
          ...expectedErrors,
          // A reset connection looks the same whether or not the request was read.
          refuse: "ConnectionFailed request"
        })
        expect(yield* createdUnder(hub, hub.faults)).toEqual(expectedCreated)
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
  it.scopedLive("a broken connection does not affect the next request", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 1 })
      yield* hub.faults.on("projects.list", [Faults.reset, Faults.ok, Faults.cutBody(10), Faults.ok])
      const kinds = yield* Effect.replicateEffect(Effect.exit(ask(hub)), 4)
      expect(kinds.map(Exit.isSuccess)).toEqual([false, true, false, true])
    })
  )

  // Closes the hub during a call and returns the result of the call.
  const closedUnder = <A, E>(fault: Faults.Fault, call: (hub: Emulator["Type"]) => Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const hub = yield* Scope.extend(Emulator.serve({ tasks: 1 }), scope)
      yield* hub.faults.on("projects.list", fault)
      const fiber = yield* Effect.fork(call(hub))
      yield* Effect.sleep("100 millis")
      expect(yield* hub.faults.log).toHaveLength(1)
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* Effect.timeoutFail(Effect.disconnect(Scope.close(scope, Exit.void)), {
        duration: "2 seconds",
        onTimeout: () => "the hub did not close"
      })
      return yield* Fiber.await(fiber)
    })

  it.live.each([
    ["a request that hangs", Faults.hang],
    ["a body that stalls", Faults.stallBody(5)]
  ] as const)("%s breaks with the hub's scope", ([, fault]) =>
    Effect.map(closedUnder(fault, ask), (exit) => expect(Exit.isFailure(exit)).toBe(true))
  )

  it.live("closing the hub's scope does not wait for a delayed response", () =>
    closedUnder(Faults.latency("1 hour"), ask)
  )

  it.live("nor for a client that stops in the middle of its request", () =>
    closedUnder(Faults.ok, (hub) =>
      Effect.async<void>((resume) => {
        const socket = connect(Number(new URL(hub.baseUrl).port), "127.0.0.1")
        socket.write("POST /v2/project HTTP/1.1\r\nhost: hub\r\ncontent-length: 99\r\n\r\n{")
        socket.on("error", () => {}).resume()
        socket.on("close", () => resume(Effect.void))
      })
    )
  )
})
