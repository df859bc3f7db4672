/**
 * The endpoints of the hub as typed functions, by groups: with every policy applied, and with errors of this library only.
 * The services are written on it; use it directly for the raw envelope of an endpoint.
 *
 * @since 0.1.0
 */
import * as RateLimiter from "@effect/experimental/RateLimiter"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type { Simplify } from "effect/Types"
import type { AnyEndpoint, AnyGroup } from "../api/endpoint.js"
import type { Operation } from "../api/operation.js"
import type { PlatformEndpoint } from "../api/platformGroup.js"
import { decoder } from "../decoding/decoder.js"
import type { CallError } from "../errors/AngoError.js"
import { AngoConfig } from "./AngoConfig.js"
import * as ConcurrencyLimit from "./ConcurrencyLimit.js"
import * as Drift from "./Drift.js"
import { Guard } from "./Guard.js"
import { RateLimit } from "./RateLimit.js"
import { RetryPolicy } from "./RetryPolicy.js"
import { makeSendRequest, type SendRequest } from "./transport/attempt.js"
import * as ErrorMapping from "./transport/errorMapping.js"
import { type HttpSender, makeSender } from "./transport/httpRequest.js"
import { type CallPolicies, runCall } from "./transport/policyOrder.js"
import * as Limiter from "./transport/rateLimiter.js"
import { type EncodeRequest, makeRequestEncoder } from "./transport/requestEncoding.js"
import { requestSecrets } from "./transport/requestSecrets.js"
import { type DecodeBody, decodeWith } from "./transport/responseDecoding.js"
import { makeQuota } from "./transport/retry.js"
import { isListGroup, type List, type Lists, makeRowPages, type RunCall } from "./transport/rowPages.js"
import * as TimeLimits from "./transport/timeLimits.js"

/**
 * An endpoint as a function from its request (path, query, payload) to its decoded envelope.
 *
 * @category models
 * @since 0.1.0
 */
export type Method<Endpoint> =
  Endpoint extends HttpApiEndpoint.HttpApiEndpoint<
    infer _Name,
    infer _Method,
    infer Path,
    infer UrlParams,
    infer Payload,
    infer Headers,
    infer Success,
    infer _Error,
    infer _R,
    infer _RE
  >
    ? (
        request: Simplify<
          Omit<
            HttpApiEndpoint.HttpApiEndpoint.ClientRequest<Path, UrlParams, Payload, Headers, false>,
            "withResponse"
          >
        >
      ) => Effect.Effect<Success, CallError>
    : never

/**
 * The endpoints of groups, by group and name.
 *
 * @category models
 * @since 0.1.0
 */
export type Methods<Group extends AnyGroup> = {
  readonly [One in Group as One["id"]]: {
    readonly [Member in One["endpoints"][number] as Member["name"]]: Method<PlatformEndpoint<Member>>
  }
}

/**
 * What a client has for groups: their endpoints (`tasks.get({ path: { taskId }, urlParams: {} })`), and their lists whose
 * rows can be decoded one by one.
 *
 * @category models
 * @since 0.1.0
 */
export type GroupClient<Group extends AnyGroup> = Methods<Group> & {
  readonly lists: Lists<Methods<Group>>
  /** The rate limit and how much of it remains; `undefined` without a limit. */
  readonly budget: Effect.Effect<Limiter.Budget | undefined>
}

/**
 * What transfers by pre-signed links need of a client: its `HttpClient` and its policies. They send no key.
 *
 * @category models
 * @since 0.1.0
 */
export interface Transfer {
  /** The hub. */
  readonly baseUrl: string
  readonly sender: HttpSender
  readonly policies: CallPolicies
  readonly guard: Guard["Type"]
  readonly drift: Drift.DriftReporter
  /** The store of the rate limit, if the client shares one with other processes. */
  readonly store: Option.Option<RateLimiter.RateLimiterStore["Type"]>
}

/**
 * The client. A program contains the groups that it uses, and no others: `use(TasksApi, ProjectsApi)` returns
 * `{ tasks, projects, lists, budget }`. A group that is used twice is the same.
 *
 * @category models
 * @since 0.1.0
 */
export interface Client {
  readonly use: <Groups extends ReadonlyArray<AnyGroup>>(...groups: Groups) => GroupClient<Groups[number]>
  readonly transfer: Transfer
}

/**
 * The client as a service.
 *
 * @category services
 * @since 0.1.0
 */
export class AngoClient extends Context.Tag("effect-ango/AngoClient")<AngoClient, Client>() {}

/** What the endpoints of a client share. */
interface EndpointContext {
  readonly baseUrl: string
  readonly send: SendRequest
  readonly policies: CallPolicies
  readonly drift: Drift.DriftReporter
}

// A program calls few endpoints: the encoder and the decoder of each are made at its first call.
const makeCall = (
  operation: Operation,
  endpoint: AnyEndpoint,
  { baseUrl, policies, send }: EndpointContext
): (<A>(decode: DecodeBody<A>) => RunCall<A>) => {
  let encode: EncodeRequest | undefined
  return (decode) => (request, firstFailure) =>
    Effect.suspend(() => {
      encode ??= makeRequestEncoder(endpoint, baseUrl)
      const encoded = encode(request)
      return Either.isLeft(encoded)
        ? Effect.fail(ErrorMapping.fromInput(operation, encoded.left))
        : runCall(
            {
              operation,
              secrets: requestSecrets(request),
              send: (call) => send(call, encoded.right),
              decode,
              firstFailure
            },
            policies
          )
    })
}

/** An endpoint as it is called, and its list if its rows can be decoded one by one. */
interface Callable {
  readonly method: RunCall<unknown>
  readonly list: () => List<unknown, unknown>
}

const makeCallable = (operation: Operation, endpoint: AnyEndpoint, context: EndpointContext): Callable => {
  const { drift } = context
  const run = makeCall(operation, endpoint, context)
  const makeList = (): List<unknown, unknown> => {
    const { rows } = endpoint.schemas()
    if (rows === undefined) throw new Error(`${operation.name} declares no rows`)
    const decodeEnvelope = decodeWith(decoder<unknown, unknown>(rows.envelope, operation.name), drift)
    return makeRowPages(operation, rows, { run, decodeEnvelope, drift })
  }
  let call: RunCall<unknown> | undefined
  let list: List<unknown, unknown> | undefined
  return {
    method: (request, firstFailure) => {
      call ??= run(decodeWith(decoder<unknown, unknown>(endpoint.schemas().success, operation.name), drift))
      return call(request, firstFailure)
    },
    list: () => {
      list ??= makeList()
      return list
    }
  }
}

interface GroupMethods {
  readonly methods: Readonly<Record<string, RunCall<unknown>>>
  readonly list: (() => List<unknown, unknown>) | undefined
}

const makeGroup = ({ endpoints, id, operations }: AnyGroup, context: EndpointContext): GroupMethods => {
  const methods: Record<string, RunCall<unknown>> = {}
  let list: GroupMethods["list"]
  for (const endpoint of endpoints) {
    const operation = operations[endpoint.name]
    if (operation === undefined) continue
    const callable = makeCallable(operation, endpoint, context)
    methods[endpoint.name] = callable.method
    if (endpoint.name === "list" && isListGroup(id)) list = callable.list
  }
  return { methods, list }
}

const makeUse = (context: EndpointContext): Client["use"] => {
  const made = new Map<AnyGroup, GroupMethods>()
  const groupOf = (group: AnyGroup): GroupMethods => {
    const known = made.get(group) ?? makeGroup(group, context)
    made.set(group, known)
    return known
  }
  return <Groups extends ReadonlyArray<AnyGroup>>(...groups: Groups) => {
    const client: Record<string, unknown> = { budget: context.policies.limiter.budget }
    const lists = {}
    for (const group of groups) {
      const { list, methods } = groupOf(group)
      client[group.id] = methods
      if (list !== undefined) Object.defineProperty(lists, group.id, { enumerable: true, get: list })
    }
    // The loop has set every group of this type, each endpoint with a call that decodes with the endpoint's own schema.
    return { ...client, lists } as GroupClient<Groups[number]>
  }
}

/**
 * Makes the client from the settings, the policies and an `HttpClient`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<Client, never, AngoConfig | HttpClient.HttpClient> = Effect.gen(
  function* () {
    const config = yield* AngoConfig
    const sender = makeSender(yield* HttpClient.HttpClient, yield* Effect.context<never>())
    const guard = yield* Guard
    const retry = yield* RetryPolicy
    const drift = Drift.make(yield* Drift.Drift)
    const limiter = yield* Limiter.make(yield* RateLimit, config.apiKey)
    const limitConcurrency = yield* ConcurrencyLimit.make(yield* ConcurrencyLimit.ConcurrencyLimit)
    const quota = yield* makeQuota(retry.quota)
    const store = yield* Effect.serviceOption(RateLimiter.RateLimiterStore)

    const timeLimits = TimeLimits.make()
    const policies: CallPolicies = { config, retry, quota, limiter, timeLimits, limitConcurrency }
    const { baseUrl } = config
    const send = makeSendRequest(sender, config, { limiter, guard })
    return {
      use: makeUse({ baseUrl, send, policies, drift }),
      transfer: { baseUrl, sender, policies, guard, drift, store }
    }
  }
)

/**
 * The client, from `AngoConfig` and any `HttpClient`. Like every layer it is memoized by reference within one build: for
 * two hubs in one program use `Ango.layer` for each, or `Layer.fresh`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<AngoClient, never, AngoConfig | HttpClient.HttpClient> = Layer.effect(
  AngoClient,
  make
)
