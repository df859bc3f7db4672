// The hub, asked by a client that is not ours: `fetch`, and bodies as the documents have them.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Emulator, type EmulatorOptions } from "effect-ango/emulator"

export interface HubAnswer {
  readonly status: number
  /** The body as it came. */
  readonly text: string
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what another client reads has no types
  readonly body: any
  /** The data of a success, or nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: what another client reads has no types
  readonly data: any
  readonly message: string | undefined
}

const toInit = (body: unknown): { readonly body?: BodyInit; readonly type?: string } =>
  body === undefined
    ? {}
    : body instanceof FormData || body instanceof URLSearchParams
      ? { body }
      : { body: typeof body === "string" ? body : JSON.stringify(body), type: "application/json" }

/** One request: `POST /issues`, with a body as JSON text, as a value, or as a form; `headers` instead of its own. */
export const askHub = (
  request: string,
  given?: unknown,
  headers?: Readonly<Record<string, string>>
): Effect.Effect<HubAnswer, never, Emulator> =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const [method = "GET", ...path] = request.split(" ")
      const { body, type } = toInit(given)
      const response = await hub.fetch(`${hub.baseUrl}${path.join(" ")}`, {
        method,
        headers: headers ?? {
          apikey: Redacted.value(hub.apiKey),
          ...(type === undefined ? {} : { "content-type": type })
        },
        ...(body === undefined ? {} : { body })
      })
      const text = await response.text()
      const answer = JSON.parse(text) as { readonly data?: unknown; readonly message?: string }
      return { status: response.status, text, body: answer, data: answer.data, message: answer.message }
    })
  )

/** A test with a hub of its own. */
export const withHub = <A, E>(
  test: Effect.Effect<A, E, Emulator>,
  options: EmulatorOptions = { tasks: 60 }
): Effect.Effect<A, E> => Effect.provide(test, Emulator.layer(options))
