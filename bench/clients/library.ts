// The built package, as a user has it, over one of the platform's HTTP clients.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Ango } from "../../src/index.js"

/** Another build when `BENCH_PACKAGE` names its entry. */
export const library: typeof import("../../src/index.js") = await import(
  process.env["BENCH_PACKAGE"] ?? "effect-ango"
)

// Loaded only where it is asked for: it brings an undici of its own, which `fetch` would use as well.
const httpClient = async (client: string) => {
  if (client === "fetch") return FetchHttpClient.layer
  const { layer, layerUndici } = await import("@effect/platform-node/NodeHttpClient")
  return client === "undici" ? layerUndici : layer
}

/** Loads everything that is needed; what it returns runs an effect with all services. */
export const prepare = async (
  client: string,
  baseUrl: string,
  options: { readonly pageSize?: number } = {}
) => {
  const { Ango, RateLimit } = library
  const layer = Ango.layer({ ...options, apiKey: Redacted.make("key"), baseUrl }).pipe(
    Layer.provide(RateLimit.layerOff),
    Layer.provide(await httpClient(client))
  )
  return <A, E>(effect: Effect.Effect<A, E, Ango.Services>): Promise<A> =>
    Effect.runPromise(Effect.provide(effect, layer))
}
