// A hub that refuses what the embedded one would take.
import { FetchHttpClient } from "@effect/platform"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ango, RateLimit } from "effect-ango"
import { Emulator } from "effect-ango/emulator"

/** A client of the hub that answers 400 to every write with this text in its body; `refused` counts them. */
export const picky = (text: string) =>
  Effect.map(Emulator, (hub) => {
    const seen = { refused: 0 }
    const fetch: typeof globalThis.fetch = (input, init) => {
      const request = new Request(input, init)
      return request
        .clone()
        .text()
        .then((body) => {
          if (request.method === "GET" || !body.includes(text)) return hub.fetch(request)
          seen.refused++
          return Response.json({ status: "fail", message: "Not this one." }, { status: 400 })
        })
    }
    const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(RateLimit.layerOff)
    )
    return { client, seen }
  })
