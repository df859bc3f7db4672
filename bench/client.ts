// One client of `bench/listing.ts`, in its own process: reads the whole list and prints time and memory.
//
//   client.js ours|ours-undici|by-hand <base URL> <page size> <requests in flight>
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, RateLimit, Tasks } from "../src/index.js"
import { measured } from "./measured.js"

const [kind = "", baseUrl = "", size = "100", inFlight = "1"] = process.argv.slice(2)
const limit = Number(size)
const project = "65aa0000000000000000a001"

interface Listing {
  readonly data: { readonly tasks: ReadonlyArray<{ readonly _id: string }>; readonly total: number }
}

// The handwritten client: no checks, no retries, no timeouts.
const byHand = async (): Promise<number> => {
  const read = async (page: number) => {
    const response = await fetch(
      `${baseUrl}/v2/project/${project}/tasks?page=${page}&limit=${limit}&sort=createdAt`,
      { headers: { apikey: "key", accept: "application/json" } }
    )
    return ((await response.json()) as Listing).data
  }
  const first = await read(1)
  const last = Math.ceil(first.total / limit)
  let count = first.tasks.length
  let next = 2
  const reader = async () => {
    while (next <= last) {
      const { tasks } = await read(next++)
      count += tasks.length
    }
  }
  await Promise.all(Array.from({ length: Number(inFlight) }, reader))
  return count
}

// Loaded only where it is asked for: it brings an undici of its own, which `fetch` would use as well.
const httpClient = () =>
  kind === "ours"
    ? Promise.resolve(FetchHttpClient.layer)
    : import("@effect/platform-node/NodeHttpClient").then(({ layerUndici }) => layerUndici)

// Page by page, as the sums by hand are: with every check, and every field decoded.
const ours = async (): Promise<number> =>
  Effect.flatMap(Tasks, (tasks) =>
    Stream.runFold(
      tasks.pages(project, { prefetch: Number(inFlight) }),
      0,
      (count, { items }) => count + items.length
    )
  ).pipe(
    Effect.provide(
      Ango.layer({ apiKey: Redacted.make("key"), baseUrl, pageSize: limit }).pipe(
        Layer.provide(RateLimit.layerOff),
        Layer.provide(await httpClient())
      )
    ),
    Effect.runPromise
  )

await measured(kind === "by-hand" ? byHand : ours)
