// Many writers at once, in any weather: what each of them is told, and what the hub holds in the end.
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

/** A mix of all faults that a create can have, each of them some of the time. */
const weather = (seed: number): Faults.Script => {
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

/** What a writer has come to know: it may also have given up by itself. */
const write = (name: string) =>
  Effect.gen(function* () {
    const { create } = yield* Projects
    yield* Effect.sleep(yield* Random.nextIntBetween(0, 60_000))
    const isImpatient = (yield* Random.next) < 0.2
    const patience = isImpatient ? yield* Random.nextIntBetween(0, 2_000) : Number.POSITIVE_INFINITY
    const ended = Effect.map(
      Effect.either(create({ name })),
      Either.match({ onLeft: ({ _tag }) => _tag, onRight: () => "success" })
    )
    const told = isImpatient ? Effect.timeoutOption(ended, patience) : Effect.asSome(ended)
    return { name, told: Option.getOrElse(yield* told, () => "given up") }
  })

const storm = (seed: number) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    yield* hub.faults.on("*", weather(seed))
    const names = Array.from({ length: writers }, (_, number) => `Project ${number}`)
    const ends = yield* Effect.forEach(names, write, { concurrency: "unbounded" })
    // What was given up may still be on its way to the hub.
    yield* Effect.sleep("10 minutes")
    const projects = Array.from(hub.state.projects.values(), ({ project }) => project.name)
    return ends.map((end) => ({ ...end, made: projects.filter((name) => name === end.name).length }))
  }).pipe(
    Effect.provide(client.pipe(Layer.provideMerge(Emulator.layer({ tasks: 1 })))),
    Effect.withRandom(Random.make(seed)),
    Logger.withMinimumLogLevel(LogLevel.None),
    withoutWaiting
  )

/** How often what a writer was told allows its project to be there. */
const allowed = (told: string): ReadonlyArray<number> => {
  if (told === "success") return [1]
  return told === "AmbiguousOutcome" || told === "given up" ? [0, 1] : [0]
}

it.live.prop(
  "a project is there once when its writer was told so, at most once when nobody knows, and else not at all",
  [FastCheck.integer({ min: 0, max: 2 ** 31 })],
  ([seed]) =>
    Effect.map(storm(seed), (ends) => {
      expect(ends.filter(({ made, told }) => !allowed(told).includes(made))).toEqual([])
    }),
  { fastCheck: { numRuns: 7 }, timeout: 90_000 }
)

it.live("where nobody knows, both are seen", () =>
  Effect.map(storm(7), (ends) =>
    expect(ends.map(({ made, told }) => `${told}, ${made}`)).toEqual(
      expect.arrayContaining(["success, 1", "AmbiguousOutcome, 0", "AmbiguousOutcome, 1"])
    )
  )
)
