/**
 * The contract as typed functions: one per endpoint, with every policy applied and errors of this library only.
 * The services are written on it; use it directly for the raw envelope of an endpoint.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpMethod } from "@effect/platform/HttpMethod"
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
import { encoder } from "../decoding/encoder.js"
import type { AttemptError, CallError } from "../errors/AngoError.js"
import { ExportRow } from "../schemas/ExportRow.js"
import { IssueExportRow } from "../schemas/IssueExportRow.js"
import { encodeOnly } from "../schemas/parseIssue.js"
import { cacheSuccess } from "../utils/cacheSuccess.js"
import { AngoConfig } from "./AngoConfig.js"
import * as ConcurrencyLimit from "./ConcurrencyLimit.js"
import * as Drift from "./Drift.js"
import { Guard } from "./Guard.js"
import { RateLimit } from "./RateLimit.js"
import { RetryPolicy } from "./RetryPolicy.js"
import * as ExportLock from "./transfer/exportLock.js"
import * as FileDownload from "./transfer/fileDownload.js"
import * as ResumableDownload from "./transfer/resumableDownload.js"
import * as Download from "./transfer/signedDownload.js"
import * as Upload from "./transfer/signedUpload.js"
import { makeAttempt, type RequestError } from "./transport/attempt.js"
import * as CallState from "./transport/callState.js"
import * as ErrorMapping from "./transport/errorMapping.js"
import { type CallPolicies, makeTransport, withCallPolicies } from "./transport/policyOrder.js"
import * as Limiter from "./transport/rateLimiter.js"
import { requestSecrets } from "./transport/requestSecrets.js"
import { type DecodeBody, decodeWith, deferDecoding } from "./transport/responseDecoding.js"
import { makeQuota } from "./transport/retry.js"
import { type DecodeRows, makeRowDecoder } from "./transport/rowDecoder.js"
import { type List, type Lists, makeRowPages, type RunCall } from "./transport/rowPages.js"

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

type Groups = AngoApi["groups"][string]

/**
 * Every endpoint by group and name: `client.tasks.get({ path: { taskId }, urlParams: {} })`.
 *
 * @category models
 * @since 0.1.0
 */
export type Methods = {
  readonly [Group in Groups as HttpApiGroup.HttpApiGroup.Name<Group>]: {
    readonly [Endpoint in HttpApiGroup.HttpApiGroup.Endpoints<Group> as HttpApiEndpoint.HttpApiEndpoint.Name<Endpoint>]: Method<Endpoint>
  }
}

/**
 * The client: every endpoint, the lists whose rows can be decoded one by one, and transfers by pre-signed links.
 *
 * @category models
 * @since 0.1.0
 */
export type Client = Methods & {
  readonly lists: Lists<Methods>
  /** Downloads from a pre-signed link, without the key. */
  readonly download: Download.Download
  /** Downloads a whole file into memory, without the key. */
  readonly downloadFile: FileDownload.FileDownload
  /** Downloads the rest of a file of which a part is here, and resumes when the connection breaks. */
  readonly resumableDownload: ResumableDownload.ResumableDownload
  /** Uploads a file to a pre-signed link, without the key. */
  readonly upload: Upload.Upload
  /** Runs one export of a project at a time, from its request until its download has ended. */
  readonly exportLock: ExportLock.ExportLock
  /** Decodes rows of exports one by one, and reports unknown fields and values. */
  readonly exportRows: {
    readonly task: DecodeRows<ExportRow>
    readonly issue: DecodeRows<IssueExportRow>
  }
  /** The rate limit and how much of it remains; `undefined` without a limit. */
  readonly budget: Effect.Effect<Limiter.Budget | undefined>
}

/**
 * The client as a service.
 *
 * @category services
 * @since 0.1.0
 */
export class AngoClient extends Context.Tag("effect-ango/AngoClient")<AngoClient, Client>() {}

/** Sends a request of one endpoint and returns the bytes of the response. */
type SendRequest = (request: unknown) => Effect.Effect<Uint8Array, RequestError>

/** What the endpoints of a client share. */
interface EndpointContext {
  readonly baseUrl: string
  readonly transport: HttpClient.HttpClient.With<AttemptError>
  readonly policies: CallPolicies
  readonly drift: Drift.DriftReporter
  /** The context in which the platform compiles endpoints. */
  readonly compileContext: Context.Context<never>
}

// For bodies with many rows, of whose import `Schema` would take most of the time.
const withCompiledEncoding = (schema: Schema.Schema.All): Schema.Schema.All => {
  const encode = encoder(schema as Schema.Schema<unknown>)
  return encode === undefined ? schema : encodeOnly(encode)
}

// The platform validates, encodes and sends the request of an endpoint; the response is decoded here
// (responseDecoding.ts), so the endpoint declares it as bytes.
const bytesEndpoint = (
  endpoint: Endpoint,
  status: number
): HttpApiEndpoint.HttpApiEndpoint<"bytes", HttpMethod, never, never, never, never, Uint8Array> =>
  // An endpoint with two properties replaced. The type is exact in name and response. It declares no request: an endpoint
  // that is looked up by name has no static one, see `compileEndpoint`.
  Object.create(endpoint, {
    name: { value: "bytes" },
    payloadSchema: { value: Option.map(endpoint.payloadSchema, withCompiledEncoding) },
    successSchema: { value: HttpApiSchema.Uint8Array().annotations(HttpApiSchema.annotations({ status })) }
  })

// Compiling all endpoints takes tens of milliseconds and a program uses few: each is compiled at its first call. The
// platform keeps the context in which it compiles, so that must be the layer's and not the caller's.
const compileEndpoint = (
  endpoint: Endpoint,
  status: number,
  { baseUrl, compileContext, transport }: EndpointContext
): SendRequest => {
  const compiled = cacheSuccess(
    Effect.suspend(() =>
      HttpApiClient.endpoint(
        HttpApi.make("bytes").add(HttpApiGroup.make("bytes").add(bytesEndpoint(endpoint, status))),
        { group: "bytes", endpoint: "bytes", httpClient: transport, baseUrl }
      )
    ).pipe(Effect.mapInputContext((_: Context.Context<never>) => compileContext))
  )
  // `Methods` types the request where it is called. The platform encodes it with the schemas of the real endpoint, so
  // that a request of another shape fails with a `ParseError`.
  return (request) => Effect.flatMap(compiled, (send) => (send as SendRequest)(request))
}

const makeCall =
  (operation: Operation, send: SendRequest, policies: CallPolicies) =>
  <A>(decode: DecodeBody<A>): RunCall<A> =>
  (request, firstFailure) =>
    Effect.suspend(() => {
      const call = CallState.make(operation, requestSecrets(request))
      let failure = firstFailure
      const attempt = Effect.suspend(() => {
        if (failure === undefined) return makeAttempt(call, send(request), decode)
        const error = failure
        failure = undefined
        call.attempts++
        return Effect.fail(error)
      })
      return withCallPolicies(call, policies)(attempt)
    })

/** One endpoint: its call, and its list when its rows can be decoded one by one. */
interface ClientEndpoint {
  readonly call: RunCall<unknown>
  readonly list?: List<unknown, unknown>
}

const makeEndpoint = (operation: Operation, endpoint: Endpoint, context: EndpointContext): ClientEndpoint => {
  const { drift, policies } = context
  const run = makeCall(operation, compileEndpoint(endpoint, operation.status, context), policies)
  // Schemas of the contract need no services.
  const schema = endpoint.successSchema as Schema.Schema<unknown>
  const call = run(decodeWith(decoder(schema, operation.name), drift))
  const rows = Context.getOption(endpoint.annotations, Rows)
  if (Option.isNone(rows)) return { call }
  const decodeEnvelope = decodeWith(decoder<unknown, unknown>(rows.value.envelope, operation.name), drift)
  const list = makeRowPages(operation, rows.value, {
    ask: run(deferDecoding(decodeEnvelope)),
    call: run(decodeEnvelope),
    drift
  })
  return { call, list }
}

const makeEndpoints = (
  context: EndpointContext
): { readonly methods: Methods; readonly lists: Lists<Methods> } => {
  const methods: Record<string, Record<string, ClientEndpoint["call"]>> = {}
  const lists: Record<string, List<unknown, unknown>> = {}
  for (const operation of Object.values(operations)) {
    const [group = "", name = ""] = operation.name.split(".")
    const endpoint = endpoints.get(operation.name)
    if (endpoint === undefined) continue
    const { call, list } = makeEndpoint(operation, endpoint, context)
    methods[group] = { ...methods[group], [name]: call }
    if (list !== undefined) lists[group] = list
  }
  // `operations`, `endpoints`, `Methods` and `Lists` are all derived from `AngoApi`: the loop has set every group and
  // name of these types, each with a call that decodes with the endpoint's own schema.
  return { methods: methods as Methods, lists: lists as Lists<Methods> }
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
    const httpClient = yield* HttpClient.HttpClient
    const guard = yield* Guard
    const retry = yield* RetryPolicy
    const drift = Drift.make(yield* Drift.Drift)
    const limiter = yield* Limiter.make(yield* RateLimit, config.apiKey)
    const limitConcurrency = yield* ConcurrencyLimit.make(yield* ConcurrencyLimit.ConcurrencyLimit)
    const quota = yield* makeQuota(retry.quota)

    const policies: CallPolicies = { config, retry, quota, limiter, limitConcurrency }
    const { lists, methods } = makeEndpoints({
      baseUrl: config.baseUrl,
      transport: makeTransport(httpClient, config, { limiter, guard }),
      policies,
      drift,
      compileContext: yield* Effect.context<never>()
    })
    const makeExportRows = <Row, Encoded>(schema: Schema.Schema<Row, Encoded>) =>
      makeRowDecoder(decoder(schema, Download.operation.name), {
        operation: Download.operation,
        drift,
        toError: (row, _, issue) =>
          ErrorMapping.decodeError(Download.operation, { issue, root: row }, Download.operation)
      })
    const open = Download.makeOpen(httpClient, policies, Download.archiveKind)
    return {
      ...methods,
      lists,
      download: Download.make(open),
      downloadFile: FileDownload.make(Download.makeOpen(httpClient, policies, FileDownload.fileKind)),
      resumableDownload: ResumableDownload.make(open, policies),
      upload: Upload.make(httpClient, { ...policies, guard }),
      exportLock: yield* ExportLock.make(config.baseUrl),
      exportRows: { task: makeExportRows(ExportRow), issue: makeExportRows(IssueExportRow) },
      budget: limiter.budget
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
