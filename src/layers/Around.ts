/**
 * The form of a policy: a client around another client.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ConnectionFailed, InvalidRequest, RedirectRefused } from "../AngoError.js"
import { type CallState, CurrentCall } from "./CallState.js"

export type Request = HttpClientRequest.HttpClientRequest
export type Response = HttpClientResponse.HttpClientResponse
export type Send<E> = (request: Request) => Effect.Effect<Response, E>

/** What can go wrong up to the idle timeout. */
export type Answered = ConnectionFailed | InvalidRequest

/** What can go wrong up to the refusal of redirects. */
export type Sent = Answered | RedirectRefused

/** A client around another one: `f` sees each request before `send` does, and each answer after it. */
export const around =
  <E, E2>(f: (request: Request, send: Send<E>, call: CallState) => Effect.Effect<Response, E2>) =>
  (client: HttpClient.HttpClient.With<E>): HttpClient.HttpClient.With<E2> =>
    HttpClient.makeWith<never, never, E2, never>(
      Effect.flatMap((request) => Effect.flatMap(CurrentCall, (call) => f(request, client.execute, call))),
      Effect.succeed
    )

const concat = (chunks: Chunk.Chunk<Uint8Array>): ArrayBuffer => {
  const whole = new Uint8Array(Chunk.reduce(chunks, 0, (length, chunk) => length + chunk.length))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole.buffer
}

const decoder = new TextDecoder()

/** A response whose body is read through this stream, however it is read; nothing is made of it before that. */
export const withStream = (
  response: Response,
  change: (stream: Response["stream"]) => Stream.Stream<Uint8Array, unknown>
): Response => {
  const stream = () => change(response.stream)
  const arrayBuffer = () => Effect.map(Stream.runCollect(stream()), concat)
  return Object.create(response, {
    stream: { get: stream },
    arrayBuffer: { get: arrayBuffer },
    text: { get: () => Effect.map(arrayBuffer(), (bytes) => decoder.decode(bytes)) }
  })
}
