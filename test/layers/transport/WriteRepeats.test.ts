// Many writers at once under random faults: the outcome of each, and what the hub has in the end.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { expect, it } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { PCGRandom } from "effect/Utils"
import { Ango, ConcurrencyLimit, Projects, RetryPolicy } from "effect-ango"
import { Emulator, Faults } from "effect-ango/emulator"
import { withoutWaiting } from "../../support/VirtualTime.js"

const writers = 40

/** A random mix of all faults. */
const randomFaults = (seed: number): Faults.Script => {
  const random = new PCGRandom(seed)
  const faults = Object.values(Faults.all)
  const weights = faults.map(() => random.number() ** 3)
  const sum = weights.reduce((all, one) => all + one, 0) / (0.2 + 0.7 * random.number())
  return Faults.mix({
    seed,
    faults: Arr.zip(weights, faults).map(([weight, fault]) => [weight / sum, fault])
  })
}

const client = Layer.unwrapEffect(
  Effect.map(Emulator, (hub) =>
    Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, deadline: "40 seconds" }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
      Layer.provide(ConcurrencyLimit.layer(7)),
      Layer.provide(RetryPolicy.layer({ quota: "off" }))
    )
  )
)

/** Creates a project; one writer in five interrupts its call. */
const write = (name: string) =>
  Effect.gen(function* () {
    const { create } = yield* Projects
    yield* Effect.sleep(yield* Random.nextIntBetween(0, 60_000))
    const isInterrupted = (yield* Random.next) < 0.2
    const timeout = isInterrupted ? yield* Random.nextIntBetween(0, 2_000) : Number.POSITIVE_INFINITY
    const ended = Effect.map(
      Effect.either(create({ name })),
      Either.match({ onLeft: ({ _tag }) => _tag, onRight: () => "success" })
    )
    const outcome = isInterrupted ? Effect.timeoutOption(ended, timeout) : Effect.asSome(ended)
    return { name, outcome: Option.getOrElse(yield* outcome, () => "interrupted") }
  })

const runWriters = (seed: number) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    yield* hub.faults.on("*", randomFaults(seed))
    const names = Array.from({ length: writers }, (_, number) => `Project ${number}`)
    const ends = yield* Effect.forEach(names, write, { concurrency: "unbounded" })
    // An interrupted request may still arrive.
    yield* Effect.sleep("10 minutes")
    const projects = Array.from(hub.state.projects.values(), ({ project }) => project.name)
    return ends.map((end) => ({ ...end, count: projects.filter((name) => name === end.name).length }))
  }).pipe(
    Effect.provide(client.pipe(Layer.provideMerge(Emulator.layer({ tasks: 1 })))),
    Effect.withRandom(Random.make(seed)),
    Logger.withMinimumLogLevel(LogLevel.None),
    withoutWaiting
  )

/** How many projects an outcome allows. */
const allowed = (outcome: string): ReadonlyArray<number> => {
  if (outcome === "success") return [1]
  return outcome === "AmbiguousOutcome" || outcome === "interrupted" ? [0, 1] : [0]
}

it.live.prop(
  "a project exists once after success, at most once after an unknown result, and otherwise not at all",
  [FastCheck.integer({ min: 0, max: 2 ** 31 })],
  ([seed]) =>
    Effect.map(runWriters(seed), (ends) => {
      expect(ends.filter(({ count, outcome }) => !allowed(outcome).includes(count))).toEqual([])
    }),
  { fastCheck: { numRuns: 7 }, timeout: 90_000 }
)

it.live("an unknown result occurs both applied and not applied", () =>
  Effect.map(runWriters(7), (ends) =>
    expect(ends.map(({ count, outcome }) => `${outcome}, ${count}`)).toEqual(
      expect.arrayContaining(["success, 1", "AmbiguousOutcome, 0", "AmbiguousOutcome, 1"])
    )
  )
)
