/**
 * Faults around any `HttpClient`: for a program that talks to another hub than the embedded one, or to none.
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
import type { Fault } from "./Fault.js"
import type { FaultsService, Plan } from "./Faults.js"
import * as Exchange from "./faultedExchange.js"
import * as FaultPlayer from "./faultPlayer.js"
import { closed } from "./faultyHub.js"
import * as Pages from "./pageShuffle.js"

const urlOf = (request: HttpClientRequest.HttpClientRequest): URL | undefined =>
  Option.getOrUndefined(HttpClientRequest.toUrl(request))

const read = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.map(
    response.arrayBuffer,
    (body): Exchange.Answer => ({
      status: response.status,
      headers: response.headers,
      body: new Uint8Array(body)
    })
  )

// A body that goes no further until the client is closed, and then breaks. It holds no fiber and no timer: a reader
// that gives up leaves nothing behind.
const bodyOf = (bytes: Uint8Array, rest: Promise<void>): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      pull: (controller) => {
        if (bytes.length > 0) controller.enqueue(bytes)
        return rest.then(() => controller.error(Exchange.failures.terminated()))
      }
    },
    { highWaterMark: 0 }
  )

// A body that is no stream is sent in one piece: it leaves later.
const slowed = (
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  bytesPerSecond: number,
  pause: (millis: number) => Effect.Effect<void>
) => {
  const { body } = request
  if (body._tag === "Stream") {
    const bytes = Exchange.slowly(body.stream, bytesPerSecond, pause)
    return client.execute(HttpClientRequest.setBody(request, HttpBody.stream(bytes, body.contentType)))
  }
  const length = body._tag === "Uint8Array" ? body.contentLength : 0
  return Effect.zipRight(pause((1000 * length) / bytesPerSecond), client.execute(request))
}

const answerUnder = (
  fault: Fault,
  client: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  silence: { readonly effect: Effect.Effect<void>; readonly promise: Promise<void> }
): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError> =>
  Effect.gen(function* () {
    const url = urlOf(request)
    const ask = (page?: number) =>
      client.execute(
        page === undefined || url === undefined
          ? request
          : HttpClientRequest.setUrl(request, new URL(Pages.withPage(url.href, page)))
      )
    const breaks = (how: "refused" | "reset") =>
      new HttpClientError.RequestError({ request, reason: "Transport", cause: Exchange.failures[how]() })

    const pause = (millis: number) => Effect.raceFirst(Effect.sleep(millis), silence.effect)
    const outcome = yield* Exchange.under(fault, {
      page: url === undefined ? undefined : Pages.pageOf(request.method, url.href),
      ask,
      read,
      pause,
      hear: (at) => Exchange.hear(request.body._tag === "Stream" ? request.body.stream : Stream.empty, at),
      askSlowly: (bytesPerSecond) => slowed(client, request, bytesPerSecond, pause)
    })
    switch (outcome._tag) {
      case "Untouched":
        return outcome.answer
      case "Broken":
        return yield* breaks(outcome.how)
      case "Silent":
        return yield* Effect.zipRight(silence.effect, breaks("reset"))
      case "Altered": {
        const { body, headers, status } = outcome.answer
        const whole = body.length === 0 ? null : new Uint8Array(body)
        const rest = { broken: Promise.resolve(), never: silence.promise }
        const web = outcome.end === "ended" ? whole : bodyOf(body, rest[outcome.end])
        return HttpClientResponse.fromWeb(request, new Response(web, { status, headers }))
      }
    }
  }).pipe(Effect.scoped)

/**
 * What a {@link FaultyClient} does beside breaking requests: `on` gives it another script, `log` tells what it did.
 *
 * @since 0.1.0
 */
export class FaultyClient extends Context.Tag("effect-ango/FaultyClient")<FaultyClient, FaultsService>() {
  /**
   * Puts faults between a program and its `HttpClient`, and gives the client on under the same tag.
   *
   * Requests are matched to operations by method and path, whatever their host. Errors are those of the platform's
   * fetch client. What a request under a fault never sends, the inner client never sees: `refuse`, `reset`, `hang`,
   * and answers made up. A page that is shifted takes two requests of the inner client. What hangs or is late,
   * waits until its fiber is interrupted or the layer's scope closes.
   *
   * `seed` (default 1) is for latencies that are drawn outside of a `mix`, which has its own.
   *
   * @example
   * ```ts
   * import { FetchHttpClient } from "@effect/platform"
   * import { Ango } from "effect-ango"
   * import { Faults, FaultyClient } from "effect-ango/emulator"
   * import { Layer } from "effect"
   *
   * const weather = FaultyClient.layer({
   *   "tasks.list": [Faults.fail(503), Faults.ok, Faults.stall(20)],
   *   "*": Faults.mix({ seed: 7, faults: [[0.1, Faults.reset]] })
   * })
   *
   * const broken = Ango.layerConfig().pipe(
   *   Layer.provide(weather),
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
        const effect = yield* closed
        const silence = { effect, promise: Effect.runPromise(effect) }
        const faulty = HttpClient.makeWith<never, never, HttpClientError.HttpClientError, never>(
          Effect.flatMap((request) =>
            Effect.suspend(() => {
              const operation = operationOf(request.method, urlOf(request)?.pathname ?? "")
              return answerUnder(faults.next(operation), client, request, silence)
            })
          ),
          Effect.succeed
        )
        return Context.make(HttpClient.HttpClient, faulty).pipe(Context.add(FaultyClient, faults))
      })
    )
}
