// A thousand failing calls over real sockets leave no socket, timer, listener or fiber.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Supervisor from "effect/Supervisor"
import { Ango, Projects, RateLimit, RetryPolicy, Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest
const calls = 1000

// No response is usable. Creates wait for their response until the deadline: the idle timeout is for reads.
const broken = [
  [0.14, Faults.refuse],
  [0.12, Faults.reset],
  [0.12, Faults.afterProcessing(Faults.reset)],
  [0.14, Faults.cutBody(20)],
  [0.1, Faults.stallBody(20)],
  [0.08, Faults.redirect("http://127.0.0.1:9/v2/")],
  [0.08, Faults.fail(500)],
  [0.06, Faults.html(502)],
  [0.06, Faults.html(200)]
] as const
const faults = {
  "projects.create": Faults.mix({ seed: 42, faults: [...broken, [0.1, Faults.emptyBody(200)]] }),
  "tasks.list": Faults.mix({
    seed: 43,
    faults: [...broken, [0.06, Faults.hang], [0.04, Faults.latency("1 minute")]]
  })
}

const client = (hub: EmulatorService, http: Layer.Layer<HttpClient.HttpClient>) =>
  Ango.layer({
    apiKey: hub.apiKey,
    baseUrl: hub.baseUrl,
    deadline: "20 seconds",
    idleTimeout: "300 millis"
  }).pipe(
    Layer.provide(http),
    Layer.provide(RateLimit.layerOff),
    Layer.provide(RetryPolicy.layer({ attempts: 2, baseDelay: "5 millis", quota: "off" }))
  )

// Reads, which are retried, and creates, which are not; some of both have a short deadline or are interrupted.
const call = (number: number) =>
  Effect.flatMap(Effect.all([Tasks, Projects]), ([tasks, projects]) => {
    const one: Effect.Effect<unknown, { readonly _tag: string }> =
      number % 2 === 0 ? tasks.page(projectId) : projects.create({ name: `Project ${number}` })
    const ended = Effect.map(
      Effect.either(one),
      Either.match({ onLeft: ({ _tag }) => _tag, onRight: () => "" })
    )
    if (number % 10 < 7) return ended
    return number % 10 === 7
      ? Ango.withDeadline(ended, "100 millis")
      : Effect.map(
          Effect.timeoutOption(ended, `${number % 37} millis`),
          Option.getOrElse(() => "given up")
        )
  })

const failAll = (hub: EmulatorService) =>
  Effect.forEach(
    [FetchHttpClient.layer, NodeHttpClient.layer],
    (http) =>
      Effect.provide(
        Effect.forEach(
          Array.from({ length: calls / 2 }, (_, number) => number),
          call,
          { concurrency: 25 }
        ),
        client(hub, http)
      ),
    { concurrency: 2 }
  ).pipe(Effect.map((ends) => ends.flat()))

/** Open sockets (of both sides) and timers of this thread, and listeners on the process. */
const held = Effect.sync(() => {
  const count = (kind: RegExp) => process.getActiveResourcesInfo().filter((name) => kind.test(name)).length
  return {
    sockets: count(/^(TCP|TLS|Pipe)(Socket)?Wrap$|ConnectWrap$/),
    timers: count(/^Timeout$/),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  }
})

type Held = Effect.Effect.Success<typeof held>
const isWithin = (now: Held, before: Held) =>
  now.sockets <= before.sockets && now.timers <= before.timers && now.listeners <= before.listeners

// Healthy connections are kept alive for five seconds.
const settled = (done: (now: Held) => boolean) =>
  Effect.repeat(Effect.delay(held, "100 millis"), { until: done, times: 80 })

it.scopedLive(
  `${calls} calls that fail leave no socket, no timer, no listener and no fiber`,
  () =>
    Effect.gen(function* () {
      const warnings: Array<string> = []
      const warn = ({ name }: Error) => warnings.push(name)
      yield* Effect.acquireRelease(
        Effect.sync(() => process.on("warning", warn)),
        () => Effect.sync(() => process.off("warning", warn))
      )
      const hub = yield* Emulator.serve({ tasks: 3 })
      yield* Effect.forEach(Record.toEntries(faults), ([name, script]) => hub.faults.on(name, script))
      yield* settled(({ sockets }) => sockets === 0)
      const before = yield* held

      const supervisor = yield* Supervisor.track
      const ends = yield* Effect.supervised(failAll(hub), supervisor)
      expect(ends.filter((tag) => tag === "")).toEqual([])

      // Not the fibers themselves: a failure would print their contents.
      expect((yield* supervisor.value).length).toBe(0)
      const after = yield* settled((now) => isWithin(now, before))
      expect([after, isWithin(after, before)]).toEqual([after, true])
      expect(warnings).toEqual([])
      expect(new Set(ends).size).toBeGreaterThan(2)
      expect((yield* hub.faults.log).length).toBeGreaterThan(calls / 2)
    }),
  90_000
)
