// One client of `bench/export.ts`, in its own process: reads the rows of an export and prints time and memory.
//
//   export-client.js decoded|undecoded|slow <base URL> <rows>
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, Exports, RateLimit } from "../src/index.js"
import { arrival } from "./arrival.js"
import { measured } from "./measured.js"

const [kind = "", baseUrl = "", rows = ""] = process.argv.slice(2)

const { firstRow, report } = arrival()

const client = (): Promise<number> => {
  let count = 0
  return Effect.flatMap(Exports, (exports) =>
    Stream.runForEachChunk(
      exports.stream(`rows-${rows}`, { includeHistory: false, decode: kind !== "undecoded" }),
      (chunk) => {
        if (count === 0) firstRow()
        for (const _ of chunk) count++
        return kind === "slow" ? Effect.sleep("10 millis") : Effect.void
      }
    )
  ).pipe(
    Effect.map(() => count),
    Effect.provide(
      Ango.layer({ apiKey: Redacted.make("key"), baseUrl }).pipe(
        Layer.provide(RateLimit.layerOff),
        Layer.provide(FetchHttpClient.layer)
      )
    ),
    Effect.runPromise
  )
}

await measured(client, report)
