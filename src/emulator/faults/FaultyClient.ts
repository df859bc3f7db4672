/**
 * Faults around any `HttpClient`: for programs that call a real hub, or a server of their own.
 *
 * @since 0.1.0
 */
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { operationOf } from "../server/requestRoute.js"
import { fetchErrors } from "./connection.js"
import * as Exchange from "./exchangeFault.js"
import type { Fault } from "./Fault.js"
import type { FaultsService, Plan } from "./Faults.js"
import * as FaultPlayer from "./faultPlayer.js"
import * as Pages from "./pageShuffle.js"

const urlOf = (request: HttpClientRequest.HttpClientRequest): URL | undefined =>
  Option.getOrUndefined(HttpClientRequest.toUrl(request))

const readResponse = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(
    response.arrayBuffer,
    (body): Exchange.BufferedResponse => ({
      status: response.status,
      headers: response.headers,
      body: new Uint8Array(body)
    })
  )

// A body that stops after `bytes` and fails once `breaks` resolves. It holds no fiber and no timer, so a reader that
// gives up leaks nothing.
const incompleteBody = (bytes: Uint8Array, breaks: Promise<void>): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      pull: (controller) => {
        if (bytes.length > 0) controller.enqueue(bytes)
        return breaks.then(() => controller.error(fetchErrors.terminated()))
      }
    },
    { highWaterMark: 0 }
  )

// A body that is not a stream is sent at once, after the time that it would have taken.
const sendSlowly = (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  bytesPerSecond: number,
  pause: (millis: number) => Effect.Effect<void>
) => {
  const { body } = request
  if (body._tag === "Stream") {
    const bytes = Exchange.throttle(body.stream, bytesPerSecond, pause)
    return client.execute(HttpClientRequest.setBody(request, HttpBody.stream(bytes, body.contentType)))
  }
  const length = body._tag === "Uint8Array" ? body.contentLength : 0
  return Effect.zipRight(pause((1000 * length) / bytesPerSecond), client.execute(request))
}

const executeWithFault = (
  fault: Fault,
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  closed: { readonly effect: Effect.Effect<void>; readonly promise: Promise<void> }
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> =>
  Effect.gen(function* () {
    const url = urlOf(request)
    const send = (page?: number) =>
      client.execute(
        page === undefined || url === undefined
          ? request
          : HttpClientRequest.setUrl(request, new URL(Pages.withPage(url.href, page)))
      )
    const disconnected = (reason: "refused" | "reset") =>
      new HttpClientError.RequestError({ request, reason: "Transport", cause: fetchErrors[reason]() })

    const pause = (millis: number) => Effect.raceFirst(Effect.sleep(millis), closed.effect)
    const outcome = yield* Exchange.applyFault(fault, {
      page: url === undefined ? undefined : Pages.pageOf(request.method, url.href),
      send,
      readResponse,
      pause,
      readUpload: (length) =>
        Exchange.readBytes(request.body._tag === "Stream" ? request.body.stream : Stream.empty, length),
      sendSlowly: (bytesPerSecond) => sendSlowly(client, request, bytesPerSecond, pause)
    })
    switch (outcome._tag) {
      case "Unchanged":
        return outcome.response
      case "Disconnected":
        return yield* disconnected(outcome.reason)
      case "NoResponse":
        return yield* Effect.zipRight(closed.effect, disconnected("reset"))
      case "Changed": {
        const { body, headers, status } = outcome.response
        const completeBody = body.length === 0 ? null : new Uint8Array(body)
        const breaks = { broken: Promise.resolve(), stalled: closed.promise }
        const webBody = outcome.end === "complete" ? completeBody : incompleteBody(body, breaks[outcome.end])
        return HttpClientResponse.fromWeb(request, new Response(webBody, { status, headers }))
      }
    }
  }).pipe(Effect.scoped)

/**
 * Controls the faults of an `HttpClient`: `on` sets a script, `log` returns what happened. See {@link FaultsService}.
 *
 * @category testing
 * @since 0.1.0
 */
export class FaultyClient extends Context.Tag("effect-ango/FaultyClient")<FaultyClient, FaultsService>() {
  /**
   * Puts faults between a program and its `HttpClient`: takes an `HttpClient` and provides a faulty one.
   *
   * Requests are matched to operations by method and path, on any host. Errors are those of the platform's fetch
   * client. Under `refuse`, `reset`, `hang`, `respond` and the like the inner client receives no request; under
   * `shiftPage` it receives two. A delayed or hanging request waits until its fiber is interrupted or the layer's scope
   * closes.
   *
   * `options.seed` (default 1) is the seed of random latencies outside of a `mix`, which has its own.
   *
   * @example
   * ```ts
   * import { FetchHttpClient } from "@effect/platform"
   * import { Ango } from "effect-ango"
   * import { Faults, FaultyClient } from "effect-ango/emulator"
   * import { Layer } from "effect"
   *
   * const faultyClient = FaultyClient.layer({
   *   "tasks.list": [Faults.fail(503), Faults.ok, Faults.stallBody(20)],
   *   "*": Faults.mix({ seed: 7, faults: [[0.1, Faults.reset]] })
   * })
   *
   * const ango = Ango.layerConfig().pipe(
   *   Layer.provide(faultyClient),
   *   Layer.provide(FetchHttpClient.layer)
   * )
   * ```
   */
  static readonly layer = (
    plan: Plan = {},
    options: { readonly seed?: number | undefined } = {}
  ): Layer.Layer<FaultyClient | HttpClient.HttpClient, never, HttpClient.HttpClient> =>
    Layer.scopedContext(
      Effect.gen(function* () {
        const client = yield* HttpClient.HttpClient
        const faults = FaultPlayer.make(plan, options.seed)
        const effect = yield* Exchange.awaitScopeClose
        const closed = { effect, promise: Effect.runPromise(effect) }
        const faulty = HttpClient.makeWith<never, never, HttpClientError.HttpClientError, never>(
          Effect.flatMap((request) =>
            Effect.suspend(() => {
              const operation = operationOf(request.method, urlOf(request)?.pathname ?? "")
              return executeWithFault(faults.next(operation), client, request, closed)
            })
          ),
          Effect.succeed
        )
        return Context.make(HttpClient.HttpClient, faulty).pipe(Context.add(FaultyClient, faults))
      })
    )
}
