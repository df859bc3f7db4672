/**
 * Faults on the hub: as responses where possible, on the connection otherwise.
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { slice } from "../archive/Archive.js"
import { Connection, fetchErrors } from "./connection.js"
import * as Exchange from "./exchangeFault.js"
import type { Fault } from "./Fault.js"
import * as Pages from "./pageShuffle.js"
import { PartialWrite } from "./partialWrite.js"

const shareOf = (fault: Fault): number => {
  if (fault._tag === "Latency") return shareOf(fault.fault)
  return fault._tag === "PartialWrite" ? fault.share : 1
}

/** Whether a request under this fault reaches the hub. */
export const reachesHub = (fault: Fault): boolean =>
  fault._tag === "Latency" ? reachesHub(fault.fault) : fault._tag !== "Refuse" && fault._tag !== "Reset"

const readResponse = (
  response: HttpServerResponse.HttpServerResponse
): Effect.Effect<Exchange.BufferedResponse> =>
  Effect.map(
    Effect.promise(() => HttpServerResponse.toWeb(response).arrayBuffer()),
    (body) => ({ status: response.status, headers: response.headers, body: new Uint8Array(body) })
  )

const toResponse = (
  { body, headers, status }: Exchange.BufferedResponse,
  bodyEnd: Stream.Stream<never, Error> | undefined
): HttpServerResponse.HttpServerResponse => {
  const options = { status, headers, contentType: headers["content-type"] }
  if (bodyEnd !== undefined) {
    return HttpServerResponse.stream(Stream.concat(Stream.succeed(body), bodyEnd), options)
  }
  return body.length === 0
    ? HttpServerResponse.empty({ status, headers })
    : HttpServerResponse.uint8Array(body, options)
}

// A streamed body is cut while it flows, because an archive may not fit into memory. A body that breaks or stalls keeps
// its declared Content-Length.
const stopStream = (
  response: HttpServerResponse.HttpServerResponse,
  at: number,
  bodyEnd: Stream.Stream<never, Error> | undefined
): HttpServerResponse.HttpServerResponse | undefined => {
  const { body, status } = response
  if (body._tag !== "Stream") return undefined
  const { "content-length": length, "content-type": contentType, ...headers } = response.headers
  return HttpServerResponse.stream(Stream.concat(slice(body.stream, 0, at), bodyEnd ?? Stream.empty), {
    status,
    headers,
    contentType,
    ...(length === undefined || bodyEnd === undefined ? {} : { contentLength: Number(length) })
  })
}

/**
 * Runs the hub's application under a fault. `closed` ends when the hub is closed: then delays are over, and requests
 * that hang fail with a reset connection.
 */
export const withFault =
  (fault: Fault, closed: Effect.Effect<void>) =>
  (app: HttpApp.Default): HttpApp.Default =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const connection = yield* Connection
      const process = Effect.provideService(app, PartialWrite, shareOf(fault))
      const send = (page?: number) =>
        page === undefined
          ? process
          : Effect.provideService(
              process,
              HttpServerRequest.HttpServerRequest,
              request.modify({ url: Pages.withPage(request.url, page) })
            )
      // The platform runs handlers uninterruptibly; a client that gives up must be able to end these waits.
      const waitUntilClosed = Effect.interruptible(Effect.raceFirst(Effect.never, closed))
      const disconnect = (reason: "refused" | "reset") =>
        Effect.as(connection.breakBeforeResponse(reason), HttpServerResponse.empty({ status: 503 }))
      const broken = Stream.fromEffect(
        Effect.zipRight(connection.breakInBody, Effect.fail(fetchErrors.terminated()))
      )

      const bodyEnds = {
        complete: undefined,
        broken,
        stalled: Stream.crossRight(Stream.fromEffect(waitUntilClosed), broken)
      }

      const pause = (millis: number) => Effect.interruptible(Effect.raceFirst(Effect.sleep(millis), closed))

      const outcome = yield* Exchange.applyFault(fault, {
        page: Pages.pageOf(request.method, request.url),
        send,
        readResponse,
        stopStream: (response, at, end) => stopStream(response, at, bodyEnds[end]),
        pause,
        readUpload: (length) => Exchange.readBytes(request.stream, length),
        sendSlowly: (bytesPerSecond) =>
          Effect.provideService(
            app,
            HttpServerRequest.HttpServerRequest,
            Object.create(request, {
              stream: { get: () => Exchange.throttle(request.stream, bytesPerSecond, pause) }
            })
          )
      })
      switch (outcome._tag) {
        case "Unchanged":
          return outcome.response
        case "Disconnected":
          return yield* disconnect(outcome.reason)
        case "NoResponse":
          return yield* Effect.zipRight(waitUntilClosed, disconnect("reset"))
        case "Changed":
          return toResponse(outcome.response, bodyEnds[outcome.end])
      }
    }).pipe(Effect.scoped)
