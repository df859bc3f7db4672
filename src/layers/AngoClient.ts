/**
 * The contract as typed functions: one per endpoint, with every policy applied and errors of this library only.
 * The services are written on it; use it directly for an endpoint's raw envelope.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { Simplify } from "effect/Types"
import type { AngoApi } from "../api/AngoApi.js"
import { type Endpoint, endpoints, type Operation, operations } from "../api/operations.js"
import { Rows } from "../api/rowList.js"
import { decoder } from "../decoding/decoder.js"
import type { AttemptError, CallError } from "../errors/AngoError.js"
import { deliveryStatus } from "../errors/category.js"
import { isHttpClientError } from "../errors/platformErrors.js"
import { ExportRow } from "../schemas/ExportRow.js"
import { IssueExportRow } from "../schemas/IssueExportRow.js"
import { isParseError, type ParseError } from "../schemas/parseIssue.js"
import { cacheSuccess } from "../utils/cacheSuccess.js"
import { AngoConfig } from "./AngoConfig.js"
import * as ConcurrencyLimit from "./ConcurrencyLimit.js"
import * as Drift from "./Drift.js"
import { Guard } from "./Guard.js"
import { RateLimit } from "./RateLimit.js"
import { RetryPolicy, type Settings as RetrySettings } from "./RetryPolicy.js"
import * as Download from "./transfer/download.js"
import * as DownloadRest from "./transfer/resumableDownload.js"
import * as Upload from "./transfer/upload.js"
import { withAttemptTimeout } from "./transport/attemptTimeout.js"
import * as CallState from "./transport/callState.js"
import { deadline } from "./transport/deadline.js"
import * as Failure from "./transport/errorMapping.js"
import { idleLimitOf } from "./transport/idleTimeout.js"
import * as Limiter from "./transport/limiter.js"
import * as Transport from "./transport/pipeline.js"
import { counted, decodedBy, deferDecoding } from "./transport/responseDecoding.js"
import { makeQuota, type Quota, retry } from "./transport/retry.js"
import { type DecodeRows, rowDecoder } from "./transport/rowDecoder.js"
import { type List, type Lists, makeRowPages } from "./transport/rowPages.js"
import { toCallError } from "./transport/writeResult.js"

/** An endpoint as a function from its request (path, query, payload) to its decoded envelope. */
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

type Groups = AngoApi["groups"][string]

/**
 * Every endpoint by group and name: `client.tasks.get({ path: { taskId }, urlParams: {} })`.
 *
 * @since 0.1.0
 */
export type Methods = {
  readonly [Group in Groups as HttpApiGroup.HttpApiGroup.Name<Group>]: {
    readonly [Endpoint in HttpApiGroup.HttpApiGroup.Endpoints<Group> as HttpApiEndpoint.HttpApiEndpoint.Name<Endpoint>]: Method<Endpoint>
  }
}

/**
 * The client: every endpoint, and the lists whose rows can be decoded one by one.
 *
 * @since 0.1.0
 */
export type Client = Methods & {
  readonly lists: Lists<Methods>
  /** The bytes behind a pre-signed link, asked for without the key. */
  readonly download: Download.Download
  /** The same from where an earlier download was left, going on when it breaks off. */
  readonly downloadRest: DownloadRest.ResumableDownload
  /** Puts a file behind a pre-signed link, without the key. */
  readonly upload: Upload.Upload
  /** Decodes rows of exports one by one; what is new in them is told. */
  readonly exportRows: {
    readonly task: DecodeRows<ExportRow>
    readonly issue: DecodeRows<IssueExportRow>
  }
  /** What is left of the rate limit; nothing without one. */
  readonly budget: Effect.Effect<Limiter.Budget | undefined>
}

/** @since 0.1.0 */
export class AngoClient extends Context.Tag("effect-ango/AngoClient")<AngoClient, Client>() {}

type Raw = (
  request: unknown
) => Effect.Effect<Uint8Array, AttemptError | HttpClientError.HttpClientError | ParseError>

const toConclusion =
  (call: CallState.CallState) =>
  (error: AttemptError | HttpClientError.HttpClientError | ParseError): AttemptError => {
    if (isParseError(error)) return Failure.fromInput(call.operation, error)
    return isHttpClientError(error) ? Failure.fromHttp(call, error) : error
  }

interface Policies {
  readonly config: AngoConfig["Type"]
  readonly guard: Guard["Type"]
  readonly retry: RetrySettings
  readonly quota: Quota
  readonly limiter: Limiter.Limiter
  readonly oneOf: <A, E>(attempt: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

// One attempt: request, body and decoding. A failure by which the hub has spoken, or before which nothing left, takes
// nothing from what was known of the call before.
const attemptOf = <A>(
  call: CallState.CallState,
  sent: ReturnType<Raw>,
  read: (call: CallState.CallState, bytes: Uint8Array) => Effect.Effect<A, AttemptError>
): Effect.Effect<A, AttemptError> =>
  Effect.suspend(() => {
    const before = call.isUnsettled
    delete call.answer
    return sent.pipe(
      Effect.mapError(toConclusion(call)),
      Effect.flatMap((bytes) => read(call, bytes)),
      counted(call),
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (deliveryStatus(error) !== "unknown") call.isUnsettled = before
        })
      )
    )
  })

// From the caller inwards: deadline over everything, retries, the watcher, concurrency, then one attempt. The policy never repeats
// a DecodeError, so decoding inside the attempt costs nothing, and a body that breaks off is found where it can be
// asked for again.
const guarded =
  (operation: Operation, raw: Raw, { config, limiter, oneOf, quota, retry: settings }: Policies) =>
  <A>(read: (call: CallState.CallState, bytes: Uint8Array) => Effect.Effect<A, AttemptError>) =>
  // `failed` is what a first attempt has ended in already: the policy says whether there is another one.
  (request: unknown, failed?: AttemptError): Effect.Effect<A, CallError> =>
    Effect.suspend(() => {
      const call = CallState.make(operation)
      let earlier = failed
      const attempt = Effect.suspend(() => {
        if (earlier === undefined) return attemptOf(call, raw(request), read)
        const error = earlier
        earlier = undefined
        call.attempts++
        return Effect.fail(error)
      })
      return oneOf(attempt).pipe(
        withAttemptTimeout(call, limiter.budget),
        retry(settings, call, { quota, budget: limiter.budget }),
        idleLimitOf(config.idleTimeout, call),
        deadline(config.deadline, call),
        Effect.mapError((error) => toCallError(call, error)),
        Effect.provideService(CallState.CurrentCall, call)
      )
    })

// An endpoint of the contract whose answer comes as its bytes: the platform builds and sends the request, and reading is
// ours.
const undecoded = (group: string, endpoint: Endpoint, status: number) =>
  HttpApi.make("undecoded").add(
    HttpApiGroup.make(group).add(
      Object.create(endpoint, {
        successSchema: {
          value: HttpApiSchema.Uint8Array().annotations(HttpApiSchema.annotations({ status }))
        }
      }) as HttpApiEndpoint.HttpApiEndpoint<"undecoded", "GET", never, never, never, never, Uint8Array>
    )
  )

/**
 * Builds the client from the settings, the policies and an `HttpClient`.
 *
 * @since 0.1.0
 */
export const make: Effect.Effect<Client, never, AngoConfig | HttpClient.HttpClient> = Effect.gen(
  function* () {
    const config = yield* AngoConfig
    const retrySettings = yield* RetryPolicy
    const limiter = yield* Limiter.make(yield* RateLimit, config.apiKey)
    const policies: Policies = {
      config,
      guard: yield* Guard,
      retry: retrySettings,
      limiter,
      quota: yield* makeQuota(retrySettings.quota),
      oneOf: yield* ConcurrencyLimit.make(yield* ConcurrencyLimit.ConcurrencyLimit)
    }
    const userClient = yield* HttpClient.HttpClient
    const httpClient = Transport.make(userClient, config, policies)
    const context = yield* Effect.context<never>()
    const drift = Drift.make(yield* Drift.Drift)
    const methods: Record<string, Record<string, ReturnType<ReturnType<typeof guarded>>>> = {}
    const lists: Record<string, List<unknown, unknown>> = {}
    for (const operation of Object.values(operations)) {
      const [group = "", name = ""] = operation.name.split(".")
      const endpoint = endpoints.get(operation.name)
      if (endpoint === undefined) continue
      // Compiling the schemas of every endpoint takes tens of milliseconds; a program uses few. Each is compiled at its
      // first call, in the context of this layer: the platform keeps the context in which it compiles.
      const compiled = cacheSuccess(
        Effect.suspend(() =>
          HttpApiClient.endpoint(undecoded(group, endpoint, operation.status), {
            group,
            endpoint: name as "undecoded",
            httpClient,
            baseUrl: config.baseUrl
          })
        ).pipe(Effect.mapInputContext((_: Context.Context<never>) => context))
      )
      const raw: Raw = (request) => Effect.flatMap(compiled, (send) => (send as Raw)(request))
      const calls = guarded(operation, raw, policies)
      const schema = endpoint.successSchema as Schema.Schema<unknown>
      methods[group] = { ...methods[group], [name]: calls(decodedBy(decoder(schema, operation.name), drift)) }
      const rows = Context.getOption(endpoint.annotations, Rows)
      if (Option.isSome(rows)) {
        const envelope = decodedBy(decoder<unknown, unknown>(rows.value.envelope, operation.name), drift)
        lists[group] = makeRowPages(operation, rows.value, {
          ask: calls(deferDecoding(envelope)),
          call: calls(envelope),
          drift
        })
      }
    }
    const rowsOf = <Row, Encoded>(schema: Schema.Schema<Row, Encoded>) =>
      rowDecoder(decoder(schema, Download.operation.name), {
        operation: Download.operation,
        drift,
        explain: (row, _, issue) =>
          Failure.misshapen(Download.operation, { issue, root: row }, Download.operation)
      })
    const open = Download.makeOpen(userClient, policies)
    return {
      ...methods,
      lists,
      download: Download.make(open),
      downloadRest: DownloadRest.make(open, policies),
      upload: Upload.make(userClient, policies),
      exportRows: { task: rowsOf(ExportRow), issue: rowsOf(IssueExportRow) },
      budget: limiter.budget
    } as unknown as Client
  }
)

/**
 * The client, from `AngoConfig` and any `HttpClient`. Like every layer it is shared by reference within one build: for
 * two hubs in one program use `Ango.layer` for each, or `Layer.fresh`.
 *
 * @since 0.1.0
 */
export const layer: Layer.Layer<AngoClient, never, AngoConfig | HttpClient.HttpClient> = Layer.effect(
  AngoClient,
  make
)
