/**
 * The form of a request policy: an HTTP client around another one.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ConnectionFailed, OriginMismatch } from "../../errors/AngoError.js"
import { concat } from "../../utils/concat.js"
import { type CallState, CurrentCall } from "./callState.js"

export type Request = HttpClientRequest.HttpClientRequest
export type Response = HttpClientResponse.HttpClientResponse
export type Send<E> = (request: Request) => Effect.Effect<Response, E>

/** The errors of a request that was sent to the configured origin. */
export type SendError = ConnectionFailed | OriginMismatch

/** Wraps a client: `handle` receives each request with its call, and decides whether and how to `send` it. */
export const middleware =
  <E, E2>(handle: (request: Request, send: Send<E>, call: CallState) => Effect.Effect<Response, E2>) =>
  (client: HttpClient.HttpClient.With<E>): HttpClient.HttpClient.With<E2> =>
    HttpClient.makeWith<never, never, E2, never>(
      Effect.flatMap((request) =>
        Effect.flatMap(CurrentCall, (call) => handle(request, client.execute, call))
      ),
      Effect.succeed
    )

/**
 * The same response with some properties replaced. The platform's responses are class instances with private state, so
 * the copy inherits from the original.
 */
export const overrideResponse = (
  response: Response,
  properties: {
    readonly [Name in "arrayBuffer" | "headers" | "status" | "stream" | "text"]?: PropertyDescriptor
  }
): Response => Object.create(response, properties)

/**
 * Reads a stream to its end as one buffer; `onData` runs for each chunk. It pulls by hand, as running the stream costs
 * twice as much and most bodies are one chunk or two.
 */
export const readBytes = <E>(
  stream: Stream.Stream<Uint8Array, E>,
  onData: () => void
): Effect.Effect<ArrayBuffer, E> =>
  Effect.scoped(
    Effect.flatMap(Stream.toPull(stream), (pull) => {
      const parts: Array<Uint8Array> = []
      const next = Effect.map(pull, (chunk) => {
        for (const part of chunk) parts.push(part)
        onData()
      })
      return Effect.catchAll(Effect.forever(next), (end) =>
        Option.isNone(end) ? Effect.sync(() => concat(parts).buffer) : Effect.fail(end.value)
      )
    })
  )

const decoder = new TextDecoder()

/** The same response with `bytes` as its body, for `arrayBuffer`, `stream` and `text` alike. */
export const withBody = (response: Response, bytes: Effect.Effect<ArrayBuffer, unknown>): Response =>
  overrideResponse(response, {
    arrayBuffer: { value: bytes },
    stream: { get: () => Stream.map(Stream.fromEffect(bytes), (body) => new Uint8Array(body)) },
    text: { get: () => Effect.map(bytes, (body) => decoder.decode(body)) }
  })
