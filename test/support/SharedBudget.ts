// One of several processes that share a rate limit in Redis: requests a page of projects TIMES times. Run by
// test/layers/RateLimitRedis.test.ts.
import { layerStoreConfig } from "@effect/experimental/RateLimiter/Redis"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ango, Projects, RateLimit, RetryPolicy } from "effect-ango"

const store = layerStoreConfig({
  host: Config.string("REDIS_HOST"),
  port: Config.integer("REDIS_PORT"),
  username: Config.withDefault(Config.string("REDIS_USERNAME"), ""),
  password: Config.withDefault(Config.string("REDIS_PASSWORD"), ""),
  prefix: Config.string("REDIS_PREFIX"),
  // A missing store fails at once.
  maxRetriesPerRequest: Config.succeed(0)
})

Effect.gen(function* () {
  const projects = yield* Projects
  const hub = yield* Config.string("ANGO_BASE_URL")
  // Opens the connection before the requests that count, so that these arrive without delay.
  yield* Effect.tryPromise(() => fetch(new URL("/", hub)).then((response) => response.text()))
  const times = yield* Config.integer("TIMES")
  yield* Effect.replicateEffect(projects.page({ limit: 1 }), times, {
    concurrency: 5,
    discard: true
  })
  yield* Console.log("done")
}).pipe(
  Effect.provide(
    Ango.layerConfig().pipe(
      Layer.provide(RateLimit.layer({ limit: 10, window: "3 seconds" })),
      Layer.provide(RetryPolicy.layer({ attempts: 1 })),
      Layer.provide(store)
    )
  ),
  Effect.provide(FetchHttpClient.layer),
  Effect.provideServiceEffect(
    FetchHttpClient.RequestInit,
    Effect.map(Config.string("NAME"), (name) => ({ headers: { "x-process": name } }))
  ),
  NodeRuntime.runMain
)
