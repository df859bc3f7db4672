// A client of a hub behind a proxy that drops parts of the query: a hub that ignores a parameter or a condition.
import { FetchHttpClient } from "@effect/platform"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Ango, RateLimit } from "effect-ango"
import { Emulator, type EmulatorOptions } from "effect-ango/emulator"

/** What is dropped: a parameter, or one condition in the JSON of a parameter (`filter.stage`). */
export type Dropped = string

const drop = (url: URL, dropped: Dropped): boolean => {
  const [name = "", ...path] = dropped.split(".")
  const value = url.searchParams.get(name)
  if (value === null) return false
  if (path.length === 0) {
    url.searchParams.delete(name)
    return true
  }
  const { [path.join(".")]: condition, ...others } = JSON.parse(value) as Record<string, unknown>
  url.searchParams.set(name, JSON.stringify(others))
  return condition !== undefined
}

/** Everything that could be dropped from the requests of a list so far. */
export const droppable = (urls: ReadonlyArray<string>): ReadonlyArray<Dropped> => {
  const names = new Set<Dropped>()
  for (const url of urls) {
    for (const [name, value] of new URL(url, "http://hub").searchParams) {
      names.add(name)
      if (name !== "filter" && name !== "filters") continue
      for (const condition of Object.keys(JSON.parse(value) as object)) names.add(`${name}.${condition}`)
    }
  }
  return [...names]
}

/** Every service over a hub that ignores a part of the query of `GET` requests. */
export const layer = (
  dropped: Dropped | undefined,
  options: EmulatorOptions & { readonly pageSize?: number }
): Layer.Layer<Ango.Services | Emulator> =>
  Layer.unwrapEffect(
    Effect.map(Emulator, (hub) => {
      const fetch: typeof globalThis.fetch = (input, init) => {
        const request = new Request(input, init)
        const url = new URL(request.url)
        return dropped !== undefined && request.method === "GET" && drop(url, dropped)
          ? hub.fetch(url.href, { headers: request.headers })
          : hub.fetch(request)
      }
      return Ango.layer({
        apiKey: hub.apiKey,
        baseUrl: hub.baseUrl,
        ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize })
      }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
        Layer.provide(RateLimit.layerOff),
        Layer.orDie
      )
    })
  ).pipe(Layer.provideMerge(Emulator.layer(options)))
