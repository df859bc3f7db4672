/**
 * The form of a policy: a client around another client.
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

/** What can go wrong up to the refusal of redirects. */
export type Sent = ConnectionFailed | OriginMismatch

/** A client around another one: `f` sees each request before `send` does, and each answer after it. */
export const middleware =
  <E, E2>(f: (request: Request, send: Send<E>, call: CallState) => Effect.Effect<Response, E2>) =>
  (client: HttpClient.HttpClient.With<E>): HttpClient.HttpClient.With<E2> =>
    HttpClient.makeWith<never, never, E2, never>(
      Effect.flatMap((request) => Effect.flatMap(CurrentCall, (call) => f(request, client.execute, call))),
      Effect.succeed
    )

/**
 * The whole body, and a word of each part as it comes. Pulled by hand: to run a stream to its end costs twice as much,
 * and most bodies are one part or two.
 */
export const readParts = <E>(
  stream: Stream.Stream<Uint8Array, E>,
  heard: () => void
): Effect.Effect<ArrayBuffer, E> =>
  Effect.scoped(
    Effect.flatMap(Stream.toPull(stream), (pull) => {
      const parts: Array<Uint8Array> = []
      const next = Effect.map(pull, (chunk) => {
        for (const part of chunk) parts.push(part)
        heard()
      })
      return Effect.catchAll(Effect.forever(next), (end) =>
        Option.isNone(end) ? Effect.sync(() => concat(parts).buffer) : Effect.fail(end.value)
      )
    })
  )

const decoder = new TextDecoder()

/** A response whose body is this, however it is read; nothing is made of it before that. */
export const withBody = (response: Response, bytes: Effect.Effect<ArrayBuffer, unknown>): Response =>
  Object.create(response, {
    arrayBuffer: { value: bytes },
    stream: { get: () => Stream.map(Stream.fromEffect(bytes), (body) => new Uint8Array(body)) },
    text: { get: () => Effect.map(bytes, (body) => decoder.decode(body)) }
  })
