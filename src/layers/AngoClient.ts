/**
 * The contract as typed functions: one per endpoint, with every policy applied and errors of this library only.
 * The services are written on it; use it directly for the raw envelope of an endpoint.
 *
 * @since 0.1.0
 */
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type { Simplify } from "effect/Types"
import type { AngoApi } from "../api/AngoApi.js"
import type { AnyEndpoint } from "../api/endpoint.js"
import type { Operation } from "../api/operation.js"
import { endpoints, operations } from "../api/operations.js"
import { decoder } from "../decoding/decoder.js"
import type { CallError } from "../errors/AngoError.js"
import { ExportRow } from "../schemas/ExportRow.js"
import { IssueExportRow } from "../schemas/IssueExportRow.js"
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
import { makeSendRequest, type SendRequest } from "./transport/attempt.js"
import * as ErrorMapping from "./transport/errorMapping.js"
import { type CallPolicies, runCall } from "./transport/policyOrder.js"
import * as Limiter from "./transport/rateLimiter.js"
import { type EncodeRequest, makeRequestEncoder } from "./transport/requestEncoding.js"
import { requestSecrets } from "./transport/requestSecrets.js"
import { type DecodeBody, decodeWith } from "./transport/responseDecoding.js"
import { makeQuota } from "./transport/retry.js"
import { type DecodeRows, makeRowDecoder } from "./transport/rowDecoder.js"
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

/** What the endpoints of a client share. */
interface EndpointContext {
  readonly baseUrl: string
  readonly send: SendRequest
  readonly policies: CallPolicies
  readonly drift: Drift.DriftReporter
}

// Compiling all endpoints takes tens of milliseconds and a program uses few: each is compiled at its first call.
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

// The schemas of an endpoint are made at its first call: a program uses few endpoints.
const makeMethod = (operation: Operation, endpoint: AnyEndpoint, context: EndpointContext) => {
  const { drift } = context
  const run = makeCall(operation, endpoint, context)
  let call: RunCall<unknown> | undefined
  const method: RunCall<unknown> = (request, firstFailure) => {
    // Schemas of the contract need no services.
    call ??= run(
      decodeWith(decoder(endpoint.schemas().success as Schema.Schema<unknown>, operation.name), drift)
    )
    return call(request, firstFailure)
  }
  const makeList = (): List<unknown, unknown> => {
    const { rows } = endpoint.schemas()
    if (rows === undefined) throw new Error(`${operation.name} declares no rows`)
    const decodeEnvelope = decodeWith(decoder<unknown, unknown>(rows.envelope, operation.name), drift)
    return makeRowPages(operation, rows, { run, decodeEnvelope, drift })
  }
  return { method, makeList }
}

const makeEndpoints = (
  context: EndpointContext
): { readonly methods: Methods; readonly lists: Lists<Methods> } => {
  const methods: Record<string, Record<string, RunCall<unknown>>> = {}
  const lists: Record<string, List<unknown, unknown>> = {}
  for (const operation of Object.values(operations)) {
    const [group = "", name = ""] = operation.name.split(".")
    const endpoint = endpoints.get(operation.name)
    if (endpoint === undefined) continue
    const { makeList, method } = makeMethod(operation, endpoint, context)
    methods[group] = { ...methods[group], [name]: method }
    if (name === "list" && isListGroup(group)) {
      let list: List<unknown, unknown> | undefined
      const get = () => {
        list ??= makeList()
        return list
      }
      Object.defineProperty(lists, group, { enumerable: true, get })
    }
  }
  // `operations`, `endpoints`, `Methods` and `Lists` are all derived from the groups of the contract: the loop has set
  // every group and name of these types, each with a call that decodes with the endpoint's own schema.
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

    const timeLimits = TimeLimits.make()
    const policies: CallPolicies = { config, retry, quota, limiter, timeLimits, limitConcurrency }
    const { lists, methods } = makeEndpoints({
      baseUrl: config.baseUrl,
      send: makeSendRequest(httpClient, config, { limiter, guard }),
      policies,
      drift
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
