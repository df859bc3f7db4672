/**
 * How the hub shows its faults: as answers where an answer can, on the connection otherwise.
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { slice } from "../archive/Archive.js"
import type { Fault } from "./Fault.js"
import * as Exchange from "./faultedExchange.js"
import * as Pages from "./pageShuffle.js"
import { PartialWrite } from "./partialWrite.js"

/** What can be done to the connection that a request came on. */
export interface ConnectionService {
  /** Breaks it before anything was answered. */
  readonly breaks: (how: "refused" | "reset") => Effect.Effect<void>
  /** Breaks it after what was answered so far has left. */
  readonly breaksInBody: Effect.Effect<void>
}

/**
 * The connection of the request at hand. Whoever serves the hub's application provides it; without it a broken
 * connection is the nearest an answer comes to it, a 503 and a body that ends early.
 */
export class Connection extends Context.Reference<Connection>()("effect-ango/emulator/Connection", {
  defaultValue: (): ConnectionService => ({ breaks: () => Effect.void, breaksInBody: Effect.void })
}) {}

const shareOf = (fault: Fault): number => {
  if (fault._tag === "Latency") return shareOf(fault.fault)
  return fault._tag === "Partly" ? fault.share : 1
}

/** Ends when the scope closes. */
export const closed: Effect.Effect<Effect.Effect<void>, never, Scope.Scope> = Effect.gen(function* () {
  const deferred = yield* Deferred.make<void>()
  yield* Effect.addFinalizer(() => Deferred.succeed(deferred, undefined))
  return Deferred.await(deferred)
})

/** Whether the hub hears of a request under this fault at all. */
export const isHeard = (fault: Fault): boolean =>
  fault._tag === "Latency" ? isHeard(fault.fault) : fault._tag !== "Refuse" && fault._tag !== "Reset"

const read = (response: HttpServerResponse.HttpServerResponse): Effect.Effect<Exchange.Answer> =>
  Effect.map(
    Effect.promise(() => HttpServerResponse.toWeb(response).arrayBuffer()),
    (body) => ({ status: response.status, headers: response.headers, body: new Uint8Array(body) })
  )

const toResponse = (
  { body, headers, status }: Exchange.Answer,
  rest: Stream.Stream<never, Error> | undefined
): HttpServerResponse.HttpServerResponse => {
  const options = { status, headers, contentType: headers["content-type"] }
  if (rest !== undefined) {
    return HttpServerResponse.stream(Stream.concat(Stream.succeed(body), rest), options)
  }
  return body.length === 0
    ? HttpServerResponse.empty({ status, headers })
    : HttpServerResponse.uint8Array(body, options)
}

// A stream is cut where it flows: an archive may be larger than any memory. A length that was promised stays promised.
const stoppedStream = (
  response: HttpServerResponse.HttpServerResponse,
  at: number,
  rest: Stream.Stream<never, Error> | undefined
): HttpServerResponse.HttpServerResponse | undefined => {
  const { body, status } = response
  if (body._tag !== "Stream") return undefined
  const { "content-length": length, "content-type": contentType, ...headers } = response.headers
  return HttpServerResponse.stream(Stream.concat(slice(body.stream, 0, at), rest ?? Stream.empty), {
    status,
    headers,
    contentType,
    ...(length === undefined || rest === undefined ? {} : { contentLength: Number(length) })
  })
}

/** The hub's answer under a fault. What waits, waits no longer than until the hub is closed; what hangs breaks then. */
export const under =
  (fault: Fault, closed: Effect.Effect<void>) =>
  (answer: HttpApp.Default): HttpApp.Default =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const connection = yield* Connection
      const shared = Effect.provideService(answer, PartialWrite, shareOf(fault))
      const ask = (page?: number) =>
        page === undefined
          ? shared
          : Effect.provideService(
              shared,
              HttpServerRequest.HttpServerRequest,
              request.modify({ url: Pages.withPage(request.url, page) })
            )
      // The platform answers uninterruptibly; a client that gives up must end these.
      const silence = Effect.interruptible(Effect.raceFirst(Effect.never, closed))
      const breaks = (how: "refused" | "reset") =>
        Effect.as(connection.breaks(how), HttpServerResponse.empty({ status: 503 }))
      const broken = Stream.fromEffect(
        Effect.zipRight(connection.breaksInBody, Effect.fail(Exchange.failures.terminated()))
      )

      const rest = {
        ended: undefined,
        broken,
        never: Stream.crossRight(Stream.fromEffect(silence), broken)
      }

      const pause = (millis: number) => Effect.interruptible(Effect.raceFirst(Effect.sleep(millis), closed))

      const outcome = yield* Exchange.under(fault, {
        page: Pages.pageOf(request.method, request.url),
        ask,
        read,
        stop: (response, at, end) => stoppedStream(response, at, rest[end]),
        pause,
        hear: (at) => Exchange.hear(request.stream, at),
        askSlowly: (bytesPerSecond) =>
          Effect.provideService(
            answer,
            HttpServerRequest.HttpServerRequest,
            Object.create(request, {
              stream: { get: () => Exchange.slowly(request.stream, bytesPerSecond, pause) }
            })
          )
      })
      switch (outcome._tag) {
        case "Untouched":
          return outcome.answer
        case "Broken":
          return yield* breaks(outcome.how)
        case "Silent":
          return yield* Effect.zipRight(silence, breaks("reset"))
        case "Altered":
          return toResponse(outcome.answer, rest[outcome.end])
      }
    }).pipe(Effect.scoped)
