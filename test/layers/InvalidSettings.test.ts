// Invalid policies fail when the layer is built, not at the first call.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type AngoError, ConcurrencyLimit, RateLimit, RetryPolicy } from "effect-ango"

const invalid: ReadonlyArray<readonly [string, Layer.Layer<never, AngoError.InvalidConfig>]> = [
  ["rateLimit", RateLimit.layer({ limit: 0, window: "1 minute" })],
  ["rateLimit", RateLimit.layer({ limit: Number.NaN, window: "1 minute" })],
  ["rateLimit", RateLimit.layer({ limit: 1e9, window: "1 minute" })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: 0 })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: Number.POSITIVE_INFINITY })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: "soon" as "1 minute" })],
  ["retry", RetryPolicy.layer({ attempts: 0 })],
  ["retry", RetryPolicy.layer({ attempts: Number.NaN })],
  ["retry", RetryPolicy.layer({ attempts: Number.POSITIVE_INFINITY })],
  ["retry", RetryPolicy.layer({ baseDelay: "soon" as "1 second" })],
  ["rateLimit", RateLimit.layer({ limit: 1, window: "30 days" })],
  ["retry", RetryPolicy.layer({ statuses: [200] })],
  ["retry", RetryPolicy.layer({ statuses: [404] })],
  ["retry", RetryPolicy.layer({ quota: { limit: 1, window: 0 } })],
  ["retry", RetryPolicy.layer({ quota: { limit: 0, window: "1 minute" } })],
  // @ts-expect-error The class `never` cannot be named.
  ["retry", RetryPolicy.layer({ repeat: ["safe", "never"] })],
  ["concurrency", ConcurrencyLimit.layer(0)],
  ["concurrency", ConcurrencyLimit.layer(Number.NaN)]
]

describe("invalid policies", () => {
  it.effect.each(invalid)("fail when the layer is built: %s", ([setting, layer]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      expect(error).toMatchObject({ _tag: "InvalidConfig", setting })
    })
  )
})
