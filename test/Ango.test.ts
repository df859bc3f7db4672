import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, RateLimit, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"

class Eu extends Context.Tag("test/Eu")<Eu, Tasks["Type"]>() {}
class Us extends Context.Tag("test/Us")<Us, Tasks["Type"]>() {}

describe("several hubs in one program", () => {
  it.effect("each have their own client, key and address", () =>
    Effect.gen(function* () {
      const sent: Array<string> = []
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const request = new Request(input, init)
        sent.push(`${new URL(request.url).host} ${request.headers.get("apikey")}`)
        return Response.json({ status: "success", data: { task: { _id: "b1" } } })
      }
      const both = Layer.merge(
        Layer.effect(Eu, Tasks).pipe(Layer.provide(Ango.layer({ apiKey: Redacted.make("key-eu") }))),
        Layer.effect(Us, Tasks).pipe(
          Layer.provide(Ango.layer({ apiKey: Redacted.make("key-us"), region: "us" }))
        )
      ).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
        Layer.provide(RateLimit.layerOff)
      )
      yield* Effect.gen(function* () {
        yield* (yield* Eu).get("b1")
        yield* (yield* Us).get("b1")
      }).pipe(Effect.provide(both))
      expect(sent).toEqual(["imeritapi.ango.ai key-eu", "us-api.ango.ai key-us"])
    })
  )

  it.effect("test layers have a hub each", () =>
    Effect.gen(function* () {
      const both = Layer.merge(
        Layer.effect(Eu, Tasks).pipe(Layer.provide(AngoTest.layer({ tasks: 10 }))),
        Layer.effect(Us, Tasks).pipe(Layer.provide(AngoTest.layer({ tasks: 20 })))
      )
      const count = (tasks: Tasks["Type"]) => Stream.runCount(tasks.stream(AngoTest.projectId))
      const counts = yield* Effect.gen(function* () {
        return [yield* count(yield* Eu), yield* count(yield* Us)]
      }).pipe(Effect.provide(both))
      expect(counts).toEqual([10, 20])
    })
  )

  it.effect("a layer value used in two places is built once", () =>
    Effect.gen(function* () {
      const one = Ango.layer({ apiKey: Redacted.make("key") })
      const shared = Layer.merge(
        Layer.effect(Eu, Tasks).pipe(Layer.provide(one)),
        Layer.effect(Us, Tasks).pipe(Layer.provide(one))
      ).pipe(Layer.provide(FetchHttpClient.layer))
      const same = yield* Effect.provide(
        Effect.map(Effect.all([Eu, Us]), ([eu, us]) => eu === us),
        shared
      )
      expect(same).toBe(true)
    })
  )
})

describe("a call", () => {
  it.effect("does not pass its context on to the next one", () =>
    Effect.gen(function* () {
      const sent: Array<string | null> = []
      const fetch: typeof globalThis.fetch = async (input, init) => {
        sent.push(new Request(input, init).headers.get("x-mine"))
        return Response.json({ status: "success", data: { task: { _id: "b1" } } })
      }
      const get = Effect.flatMap(Tasks, (tasks) => tasks.get("b1"))
      const mine = { headers: { "x-mine": "yes" } }
      yield* get.pipe(
        Effect.provideService(FetchHttpClient.RequestInit, mine),
        Effect.zipRight(get),
        Effect.provide(Ango.layer({ apiKey: Redacted.make("key") })),
        Effect.provide(FetchHttpClient.layer),
        Effect.provideService(FetchHttpClient.Fetch, fetch)
      )
      expect(sent).toEqual(["yes", null])
    })
  )
})
