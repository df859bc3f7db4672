// The hub, asked by a client that is not ours: `fetch`, and bodies as the documents have them.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator } from "effect-ango/emulator"

export interface HubAnswer {
  readonly status: number
  /** The data of a success, or nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: what another client reads has no types
  readonly data: any
  readonly message: string | undefined
}

/** One request: `POST /issues`, with a body as JSON text or as a value. */
export const askHub = (request: string, body?: unknown): Effect.Effect<HubAnswer, never, Emulator> =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const [method = "GET", path = ""] = request.split(" ")
      const response = await hub.fetch(`${hub.baseUrl}${path}`, {
        method,
        headers: {
          apikey: Redacted.value(hub.apiKey),
          ...(body === undefined ? {} : { "content-type": "application/json" })
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
      })
      const { data, message } = (await response.json()) as {
        readonly data?: unknown
        readonly message?: string
      }
      return { status: response.status, data, message }
    })
  )
