// Query values arrive byte for byte over a socket, from a client that encodes nothing.
import { get } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"
import { answers, askQueries, spellings } from "../support/Queries.js"

describe("behind a socket, a query value with slashes", () => {
  for (const [name, spell] of spellings) {
    for (const slash of ["/", "//"] as const) {
      it.scopedLive(`${name}, below a path with ${slash}, arrives unchanged`, () =>
        Effect.gen(function* () {
          const hub = yield* Emulator.serve({ tasks: 6 })
          const { hostname, port } = new URL(hub.baseUrl)
          const headers = { apikey: Redacted.value(hub.apiKey) }
          const send = (path: string) =>
            new Promise<unknown>((resolve, reject) =>
              get({ hostname, port, path, headers, agent: false }, (response) => {
                response.setEncoding("utf8")
                let text = ""
                response.on("data", (chunk: string) => {
                  text += chunk
                })
                response.on("end", () => resolve((JSON.parse(text) as { readonly data: unknown }).data))
              }).on("error", reject)
            )
          expect(yield* Effect.promise(() => askQueries(hub, send, spell, slash))).toEqual(answers)
        })
      )
    }
  }
})
