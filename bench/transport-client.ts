// One client of `bench/transport.ts`, in its own process: reads pages one after the other up to `JSON.parse`, without
// decoding, and prints the time.
//
//   transport-client.js bare|platform|ours fetch|undici|node <base URL> <page size> <pages>
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { operations } from "../src/api/operations.js"
import { defaults } from "../src/layers/RetryPolicy.js"
import * as CallState from "../src/layers/transport/callState.js"
import { startDeadline } from "../src/layers/transport/deadline.js"
import { makeTransport } from "../src/layers/transport/policyOrder.js"
import * as Limiter from "../src/layers/transport/rateLimiter.js"
import { makeQuota, retry } from "../src/layers/transport/retry.js"
import { measured } from "./measured.js"

const [kind = "", client = "", origin = "", size = "100", count = "1000"] = process.argv.slice(2)
const limit = Number(size)
const url = `${origin}/v2/project/65aa0000000000000000a001/tasks`
const query = (page: number) => ({ page: String(page), limit: String(limit), sort: "createdAt" })

// Loaded only where it is asked for: it brings an undici of its own, which `fetch` would use as well.
const layer =
  client === "fetch"
    ? FetchHttpClient.layer
    : await import("@effect/platform-node/NodeHttpClient").then((NodeHttpClient) =>
        client === "undici" ? NodeHttpClient.layerUndici : NodeHttpClient.layer
      )

type Read = (page: number) => Effect.Effect<unknown, unknown>

const bare: Read = (page) =>
  Effect.promise(async () =>
    (
      await fetch(`${url}?page=${page}&limit=${limit}&sort=createdAt`, {
        headers: { apikey: "key", accept: "application/json" }
      })
    ).json()
  )

const platform = Effect.map(
  HttpClient.HttpClient,
  (http): Read =>
    (page) =>
      Effect.flatMap(
        http.execute(
          HttpClientRequest.get(url, {
            urlParams: query(page),
            headers: { apikey: "key", accept: "application/json" }
          })
        ),
        (response) => response.json
      )
)

const ours = Effect.gen(function* () {
  const apiKey = Effect.succeed(Redacted.make("key"))
  const limiter = yield* Limiter.make("off", apiKey)
  const config = { apiKey, origin, idleTimeout: Duration.seconds(30) }
  const http = makeTransport(yield* HttpClient.HttpClient, config, { limiter, guard: "off" })
  const quota = yield* makeQuota(defaults.quota)
  const read: Read = (page) =>
    Effect.suspend(() => {
      const call = CallState.make(operations["tasks.list"])
      return http.execute(HttpClientRequest.get(url, { urlParams: query(page) })).pipe(
        Effect.flatMap((response) => Effect.orDie(response.text)),
        Effect.map((text): unknown => JSON.parse(text)),
        retry(defaults, call, { quota, budget: limiter.budget }),
        startDeadline(Duration.minutes(2), call),
        Effect.provideService(CallState.CurrentCall, call)
      )
    })
  return read
})

const program = Effect.gen(function* () {
  const read = kind === "bare" ? bare : yield* kind === "platform" ? platform : ours
  yield* Effect.iterate(1, {
    while: (page) => page <= Number(count),
    body: (page) => Effect.as(read(page), page + 1)
  })
  return Number(count)
})

await measured(() => Effect.runPromise(Effect.provide(program, layer)))
