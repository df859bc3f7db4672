import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, AngoConfig } from "effect-ango"

const key = "5ecret00-0000-4000-8000-00000000k3y0"
const apiKey = Redacted.make(key)

const settingsOf = (options: Partial<AngoConfig.Options>) => AngoConfig.make({ apiKey, ...options })

const fromEnvironment = (variables: Record<string, string>) =>
  Effect.flip(
    Layer.launch(Ango.layerConfig()).pipe(
      Effect.provide(FetchHttpClient.layer),
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
    )
  )

describe("the base URL", () => {
  it.effect.each([
    [{}, "https://imeritapi.ango.ai/v2"],
    [{ region: "us" }, "https://us-api.ango.ai/v2"],
    [{ region: "in" }, "https://in-api.ango.ai/v2"],
    [{ region: "test" }, "https://testapi.ango.ai/v2"],
    [{ baseUrl: "https://eu-api.ango.ai" }, "https://eu-api.ango.ai/v2"],
    [{ baseUrl: "https://eu-api.ango.ai/v2/" }, "https://eu-api.ango.ai/v2"],
    [{ baseUrl: "https://gateway.example/ango/" }, "https://gateway.example/ango/v2"],
    [{ baseUrl: "http://127.0.0.1:4010" }, "http://127.0.0.1:4010/v2"],
    [{ baseUrl: "http://localhost:4010/v2" }, "http://localhost:4010/v2"],
    [{ baseUrl: "http://[::1]:4010" }, "http://[::1]:4010/v2"]
  ] satisfies ReadonlyArray<[Partial<AngoConfig.Options>, string]>)("%j", ([options, baseUrl]) =>
    Effect.gen(function* () {
      expect(yield* settingsOf(options)).toMatchObject({ baseUrl })
    })
  )
})

describe("an invalid setting fails before any request", () => {
  const cases: ReadonlyArray<readonly [Partial<AngoConfig.Options>, string, RegExp]> = [
    [{ apiKey: Redacted.make("") }, "apiKey", /empty.*Create one/s],
    [{ apiKey: Redacted.make(`${key}\n`) }, "apiKey", /line break/],
    [{ region: "mars" as "eu" }, "region", /"mars".*eu, us, in, test/s],
    [{ region: "toString" as "eu" }, "region", /no region/],
    [{ region: "EU" as "eu" }, "region", /"EU"\. Did you mean "eu"\?/],
    [
      { apiKey: undefined as unknown as Redacted.Redacted },
      "apiKey",
      /is missing\. Give apiKey: Redacted.make/
    ],
    [{ apiKey: key as unknown as Redacted.Redacted }, "apiKey", /is not a Redacted string/],
    [{ baseUrl: "http://imeritapi.ango.ai" }, "baseUrl", /unencrypted.*https/s],
    [{ baseUrl: "http://127.0.0.1.evil.example" }, "baseUrl", /unencrypted/],
    [{ baseUrl: "ftp://127.0.0.1" }, "baseUrl", /https/],
    [
      { baseUrl: "us-api.ango.ai" },
      "baseUrl",
      /"us-api.ango.ai" is not a URL.*Give https:\/\/us-api.ango.ai\.$/
    ],
    [
      { baseUrl: "localhost:3000" },
      "baseUrl",
      /"localhost:3000" is not a URL.*Give http:\/\/localhost:3000\.$/
    ],
    [{ baseUrl: "us-api.ango.ai:443/v2" }, "baseUrl", /Give https:\/\/us-api.ango.ai:443\/v2\.$/],
    [{ baseUrl: key }, "baseUrl", /^The base URL is not a URL\. Give one such as/],
    [{ baseUrl: `${key}:80` }, "baseUrl", /^The base URL (is not a URL|does not start)/],
    [{ baseUrl: `https://me:${key}@us-api.ango.ai` }, "baseUrl", /credentials/],
    [{ baseUrl: `https://us-api.ango.ai?apikey=${key}` }, "baseUrl", /query/],
    [{ baseUrl: "https://us-api.ango.ai", region: "us" }, "baseUrl", /Both/],
    [{ pageSize: 0 }, "pageSize", /0.*from 1 to 1000/],
    [{ pageSize: 1001 }, "pageSize", /1001/],
    [{ pageSize: 2.5 }, "pageSize", /whole number/],
    [{ pageSize: Number.NaN }, "pageSize", /whole number/],
    [{ deadline: 0 }, "deadline", /longer than zero/],
    [{ deadline: "soon" as "1 second" }, "deadline", /^The deadline "soon" is not a duration.*2 minutes/],
    [{ idleTimeout: key as "1 second" }, "idleTimeout", /^The idleTimeout is not a duration/]
  ]
  it.effect.each(cases)("%j", ([options, setting, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(settingsOf(options))
      expect(error).toMatchObject({ _tag: "InvalidConfig", setting })
      expect(error.message).toMatch(message)
      expect(String(error) + JSON.stringify(error)).not.toContain(key)
    })
  )
})

describe("the environment", () => {
  it.effect("names the variable of a missing key", () =>
    Effect.gen(function* () {
      const error = yield* fromEnvironment({})
      expect(error).toMatchObject({ _tag: "InvalidConfig", setting: "apiKey" })
      expect(error.message).toContain("ANGO_API_KEY is not set")
    })
  )

  it.effect("rejects an empty key and an unknown region like settings by value", () =>
    Effect.gen(function* () {
      const empty = yield* fromEnvironment({ ANGO_API_KEY: "" })
      expect(empty).toMatchObject({ setting: "apiKey" })
      expect(empty.message).toContain("ANGO_API_KEY is empty")
      expect(yield* fromEnvironment({ ANGO_API_KEY: key, ANGO_REGION: "mars" })).toMatchObject({
        setting: "region"
      })
    })
  )

  it.effect.each([
    [{ ANGO_REGION: "EU" }, 'There is no region "EU" (ANGO_REGION). Did you mean "eu"?'],
    [
      { ANGO_REGION: "eu", ANGO_BASE_URL: "https://hub.example" },
      "Both ANGO_REGION and ANGO_BASE_URL are set."
    ],
    [{ ANGO_BASE_URL: "hub.example" }, 'ANGO_BASE_URL "hub.example" is not a URL'],
    [
      { ANGO_BASE_URL: "http://hub.example" },
      "ANGO_BASE_URL http://hub.example would send the key unencrypted"
    ]
  ] as const)("names the variable: %j", ([variables, message]) =>
    Effect.gen(function* () {
      const error = yield* fromEnvironment({ ANGO_API_KEY: key, ...variables })
      expect(error.message).toContain(message)
    })
  )

  it.effect("selects the hub by ANGO_REGION or ANGO_BASE_URL", () =>
    Effect.gen(function* () {
      const read = (variables: Record<string, string>) =>
        Effect.provide(AngoConfig.AngoConfig, AngoConfig.layerConfig()).pipe(
          Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
        )
      expect(yield* read({ ANGO_API_KEY: key, ANGO_REGION: "us" })).toMatchObject({
        origin: "https://us-api.ango.ai"
      })
      expect(yield* read({ ANGO_API_KEY: key, ANGO_BASE_URL: "http://localhost:4010" })).toMatchObject({
        baseUrl: "http://localhost:4010/v2"
      })
    })
  )
})
