/**
 * The settings of a client: hub, key, page size and time limits.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { maxPageSize } from "../api/queryEncoding.js"
import { InvalidConfig } from "../errors/AngoError.js"
import { fromEither } from "../utils/either.js"
import { nearest } from "../utils/nearest.js"

/**
 * The vendor's hubs by region (docs/api-notes.md#base-urls).
 *
 * @category models
 * @since 0.1.0
 */
export const regions = {
  eu: "https://imeritapi.ango.ai",
  us: "https://us-api.ango.ai",
  in: "https://in-api.ango.ai",
  test: "https://testapi.ango.ai"
} as const

/**
 * A region of the vendor's hubs.
 *
 * @category models
 * @since 0.1.0
 */
export type Region = keyof typeof regions

/**
 * A key, or an effect that yields the current one. The effect runs once per request, so that a rotated key is used from
 * the next request on; its failure becomes `CredentialUnavailable`. It runs after the wait for the rate limit: an effect
 * that takes long lets requests be sent closer together than the limit allows.
 *
 * @category models
 * @since 0.1.0
 */
export type ApiKey = Redacted.Redacted | Effect.Effect<Redacted.Redacted, unknown>

/**
 * The settings of a client, as users give them.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  readonly apiKey: ApiKey
  /** One of the vendor's hubs: `eu` (default), `us`, `in`, `test`. Not together with `baseUrl`. */
  readonly region?: Region | undefined
  /** Another hub: `https://host[/path]`, with or without `/v2`; plain `http` only on loopback. */
  readonly baseUrl?: string | undefined
  /**
   * Items requested per page of a list: 1 to 1000. By default the size adapts: 1000 are requested, and fewer where the hub
   * returns or accepts fewer, where pages are larger than 4 MB or take longer than 10 seconds.
   */
  readonly pageSize?: number | undefined
  /** How long one call may take in total, with attempts, waits, bodies and decoding; default 2 minutes. */
  readonly deadline?: Duration.DurationInput | undefined
  /**
   * How long a connection may be silent, before the response and within its body; default 30 seconds. A call that may not
   * be repeated waits for the start of its response until the deadline.
   */
  readonly idleTimeout?: Duration.DurationInput | undefined
}

/**
 * A fixed number of items per page, or one that follows what the hub accepts and how large and slow its pages are.
 *
 * @category models
 * @since 0.1.0
 */
export type PageSize = number | "adaptive"

/**
 * The validated settings of a client.
 *
 * @category models
 * @since 0.1.0
 */
export interface ResolvedConfig {
  readonly apiKey: Effect.Effect<Redacted.Redacted, unknown>
  /** With `/v2`, without a trailing slash. */
  readonly baseUrl: string
  readonly origin: string
  readonly pageSize: PageSize
  readonly deadline: Duration.Duration
  readonly idleTimeout: Duration.Duration
}

/**
 * The validated settings, as the transport and the services read them.
 *
 * @category services
 * @since 0.1.0
 */
export class AngoConfig extends Context.Tag("effect-ango/AngoConfig")<AngoConfig, ResolvedConfig>() {}

const invalid = (setting: InvalidConfig["setting"], message: string) =>
  Either.left(new InvalidConfig({ setting, message }))

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * Whether a URL is https, or plain http on loopback.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isSecure = ({ hostname, protocol }: URL): boolean =>
  protocol === "https:" || (protocol === "http:" && loopback.test(hostname))

// How messages call the settings that a variable can hold.
interface SettingNames {
  readonly apiKey: string
  readonly region: string
  readonly baseUrl: string
}

const optionNames: SettingNames = { apiKey: "The API key", region: "region", baseUrl: "The base URL" }

const variableNames: SettingNames = {
  apiKey: "ANGO_API_KEY",
  region: "ANGO_REGION",
  baseUrl: "ANGO_BASE_URL"
}

// A lower-case host with a dot, or localhost; then a port and a path. Other text is not quoted: it may be a key.
const host = /^(localhost|([a-z0-9-]+\.)+[a-z0-9-]+)(:\d{1,5})?(\/[\w./-]*)?$/

const parseBaseUrl = (text: string, name: string) => {
  if (host.test(text) && text.length <= 100) {
    const scheme = loopback.test(text.replace(/[:/].*$/, "")) ? "http" : "https"
    return invalid(
      "baseUrl",
      `${name} ${JSON.stringify(text)} is not a URL: http:// or https:// is missing. Give ${scheme}://${text}.`
    )
  }
  if (!URL.canParse(text)) {
    return invalid("baseUrl", `${name} is not a URL. Give one such as https://us-api.ango.ai.`)
  }
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) {
    return invalid(
      "baseUrl",
      `${name} does not start with https://. Give a URL such as https://us-api.ango.ai.`
    )
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return invalid(
      "baseUrl",
      `${name} ${url.origin} has credentials, a query or a fragment. Give scheme, host and path only.`
    )
  }
  if (!isSecure(url)) {
    return invalid(
      "baseUrl",
      `${name} ${url.origin} would send the key unencrypted. Use https (http is allowed on loopback only).`
    )
  }
  const path = url.pathname.replace(/\/+$/, "")
  return Either.right({
    origin: url.origin,
    baseUrl: `${url.origin}${path.endsWith("/v2") ? path : `${path}/v2`}`
  })
}

const parseRegion = (region: string, names: SettingNames) => {
  if (Object.hasOwn(regions, region)) return Either.right(regions[region as Region])
  const all = Object.keys(regions)
  const suggestion = nearest(region, all)
  const hint = suggestion === undefined ? "" : ` Did you mean ${JSON.stringify(suggestion)}?`
  const variable = names === variableNames ? ` (${names.region})` : ""
  return invalid(
    "region",
    `There is no region ${JSON.stringify(region)}${variable}.${hint} Regions are ${all.join(", ")}. ` +
      `For another hub, set ${names === variableNames ? names.baseUrl : "baseUrl"} instead.`
  )
}

const parseHub = (options: Pick<Options, "region" | "baseUrl">, names: SettingNames) => {
  if (options.baseUrl === undefined) {
    return Either.flatMap(parseRegion(options.region ?? "eu", names), (url) =>
      parseBaseUrl(url, names.baseUrl)
    )
  }
  if (options.region === undefined) return parseBaseUrl(options.baseUrl, names.baseUrl)
  return invalid(
    "baseUrl",
    names === variableNames
      ? `Both ${names.region} and ${names.baseUrl} are set. Remove one of them.`
      : "Both a region and a base URL are given. Remove one of them."
  )
}

// The visible ASCII characters: a header value cannot contain others, and keys have no blanks.
const keyCharacters = /^[\x21-\x7e]+$/

/**
 * Why a key cannot be sent, as a sentence that never quotes it; `undefined` when it can. `name` is how the sentence calls
 * the key, by default "The API key".
 *
 * @category utilities
 * @since 0.1.0
 */
export const keyProblem = (key: Redacted.Redacted, name: string = optionNames.apiKey): string | undefined => {
  if (key == null) return `${name} is missing. Give apiKey: Redacted.make(key).`
  const value: unknown = Redacted.isRedacted(key) ? Redacted.value(key) : undefined
  if (typeof value !== "string") return `${name} is not a Redacted string. Give apiKey: Redacted.make(key).`
  if (value === "") return `${name} is empty. Create one under Account → API in Ango Hub.`
  return keyCharacters.test(value)
    ? undefined
    : `${name} contains a blank, a line break or another character that no key has. Check how it was copied.`
}

const parseKey = (apiKey: ApiKey, name: string) => {
  if (Effect.isEffect(apiKey)) return Either.right(apiKey)
  const problem = keyProblem(apiKey, name)
  return problem === undefined ? Either.right(Effect.succeed(apiKey)) : invalid("apiKey", problem)
}

const parsePageSize = (pageSize: number | undefined) =>
  pageSize === undefined
    ? Either.right("adaptive" as const)
    : Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= maxPageSize
      ? Either.right(pageSize)
      : invalid(
          "pageSize",
          `The page size is ${pageSize}. It must be a whole number from 1 to ${maxPageSize}.`
        )

/**
 * What is wrong with a duration that must be longer than zero; completes a sentence that begins with its name.
 *
 * @category utilities
 * @since 0.1.0
 */
export const invalidTime = (input: unknown): string => {
  const advice = 'Give a duration longer than zero, for example "2 minutes".'
  // Only text as short as a duration: longer text may be anything.
  const isShort = (typeof input === "string" && /^[\w .-]{1,20}$/.test(input)) || typeof input === "number"
  const value = isShort ? ` ${JSON.stringify(input)}` : ""
  return Option.isSome(Duration.decodeUnknown(input))
    ? `${value} is not longer than zero. ${advice}`.trimStart()
    : `${value} is not a duration. ${advice}`.trimStart()
}

const parseTime = (setting: "deadline" | "idleTimeout", input: Duration.DurationInput) => {
  const time = Duration.decodeUnknown(input)
  return Option.isSome(time) && Duration.greaterThan(time.value, Duration.zero)
    ? Either.right(time.value)
    : invalid(setting, `The ${setting} ${invalidTime(input)}`)
}

/**
 * Validates settings. Fails with {@link InvalidConfig}, which names the setting and says what to give.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Either.Either<ResolvedConfig, InvalidConfig> =>
  resolve(options, optionNames)

const resolve = (options: Options, names: SettingNames): Either.Either<ResolvedConfig, InvalidConfig> =>
  Either.all({
    apiKey: parseKey(options.apiKey, names.apiKey),
    hub: parseHub(options, names),
    pageSize: parsePageSize(options.pageSize),
    deadline: parseTime("deadline", options.deadline ?? "2 minutes"),
    idleTimeout: parseTime("idleTimeout", options.idleTimeout ?? "30 seconds")
  }).pipe(Either.map(({ hub, ...rest }) => ({ ...rest, ...hub })))

/**
 * Settings by value.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<AngoConfig, InvalidConfig> =>
  Layer.effect(AngoConfig, fromEither(make(options)))

/**
 * Settings from `Config`: `ANGO_API_KEY` (required), and `ANGO_REGION` or `ANGO_BASE_URL` (empty counts as unset).
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment: Config.Config<Options> = Config.all({
  apiKey: Config.redacted("ANGO_API_KEY"),
  region: Config.nonEmptyString("ANGO_REGION").pipe(
    Config.map((region) => region as Region),
    Config.option,
    Config.map(Option.getOrUndefined)
  ),
  baseUrl: Config.nonEmptyString("ANGO_BASE_URL").pipe(Config.option, Config.map(Option.getOrUndefined))
})

const fromConfigError = (error: ConfigError.ConfigError): InvalidConfig => {
  const problem = describe(error)
  return problem.includes("ANGO_API_KEY")
    ? new InvalidConfig({
        setting: "apiKey",
        message: `${problem}. Set it to a key: create one under Account → API in Ango Hub.`
      })
    : new InvalidConfig({ setting: "environment", message: `${problem}.` })
}

// Only paths: the message of a `ConfigError` for invalid data may quote the value. Nested paths are joined as in the
// environment.
const describe = (error: ConfigError.ConfigError): string => {
  switch (error._op) {
    case "And":
    case "Or":
      return `${describe(error.left)}; ${describe(error.right)}`
    case "MissingData":
      return `${error.path.join("_")} is not set`
    default:
      return `${error.path.join("_")} is invalid`
  }
}

/**
 * Settings from a `Config`, by default {@link fromEnvironment}.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerConfig = (
  config: Config.Config<Options> = fromEnvironment
): Layer.Layer<AngoConfig, InvalidConfig> =>
  Layer.effect(
    AngoConfig,
    Effect.flatMap(Effect.mapError(config, fromConfigError), (options) =>
      fromEither(resolve(options, config === fromEnvironment ? variableNames : optionNames))
    )
  )
