// One of several processes that export the same project, with a lock in Redis unless STORE is "none". Waits for a line on
// standard input, then exports in several ways, two at a time, once per seed from FIRST to LAST, and prints the seed, the
// way and a digest of the rows. Run by test/exports/SharedExportsOverSockets.test.ts.
import { layerStoreConfig } from "@effect/experimental/RateLimiter/Redis"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import { Ango, RateLimit } from "effect-ango"
import { digestOf, exportWays } from "./ExportWays.js"

const store = layerStoreConfig({
  host: Config.string("REDIS_HOST"),
  port: Config.integer("REDIS_PORT"),
  username: Config.withDefault(Config.string("REDIS_USERNAME"), ""),
  password: Config.withDefault(Config.string("REDIS_PASSWORD"), ""),
  prefix: Config.string("REDIS_PREFIX"),
  maxRetriesPerRequest: Config.succeed(0)
})

const client = Ango.layerConfig().pipe(Layer.provide(RateLimit.layerOff))

const ready = Effect.async<void>((resume) => {
  process.stdin.once("data", () => {
    process.stdin.destroy()
    resume(Effect.void)
  })
  console.log("ready")
})

const round = (seed: number) =>
  Effect.flatMap(Random.shuffle(Object.keys(exportWays)), (names) =>
    Effect.forEach(
      names,
      (name) =>
        Effect.flatMap(exportWays[name] ?? Effect.succeed([]), (rows) =>
          Console.log(`${seed} ${name} ${digestOf(rows)}`)
        ),
      { concurrency: 2, discard: true }
    )
  ).pipe(Effect.withRandom(Random.make(seed)))

Effect.gen(function* () {
  const { first, last } = yield* Config.all({ first: Config.integer("FIRST"), last: Config.integer("LAST") })
  yield* ready
  for (let seed = first; seed <= last; seed++) yield* round(seed)
}).pipe(
  Effect.provide(process.env["STORE"] === "none" ? client : Layer.provide(client, store)),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
