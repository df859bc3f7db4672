/**
 * Sends one HTTP request through the user's client: with a span of this library instead of the platform's, with a count,
 * and with errors of this library.
 *
 * It changes the state of the running fiber, which must be that of an attempt (`timeLimits.ts`).
 *
 * @since 0.1.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { header } from "../../api/apiKey.js"
import type { ConnectionFailed } from "../../errors/AngoError.js"
import { isStatusError } from "../../errors/platformErrors.js"
import { clockOf } from "../../utils/fiberClock.js"
import { countNow, requests } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"
import { isTraced, openSpan } from "./httpSpan.js"
import { make as makeResponse, type Response } from "./response.js"

export type Request = HttpClientRequest.HttpClientRequest

type SendingFiber = Fiber.RuntimeFiber<Response, ConnectionFailed>

/** The user's client, in the context in which it was provided. */
export interface HttpSender {
  readonly client: HttpClient.HttpClient
  /** The context of a request: services of its caller come before those of the client. */
  readonly contextOf: (caller: Context.Context<never>) => Context.Context<never>
}

/** Makes the sender of a client that was provided in a context, for example with settings of `fetch`. */
export const makeSender = (client: HttpClient.HttpClient, context: Context.Context<never>): HttpSender => {
  // The pages of a list have one caller.
  let last: { readonly caller: Context.Context<never>; readonly merged: Context.Context<never> } | undefined
  return {
    client,
    contextOf: (caller) => {
      if (last?.caller !== caller) last = { caller, merged: Context.merge(context, caller) }
      return last.merged
    }
  }
}

// Code that prints headers in this fiber does not print the key. The platform's spans carry ids, query and headers, and
// its trace headers are sent to the vendor.
const withoutPlatformTracing = Effect.zipRight(
  Effect.zipRight(
    FiberRef.update(Headers.currentRedactedNames, (names) => [...names, header]),
    FiberRef.set(HttpClient.currentTracerDisabledWhen, () => true)
  ),
  FiberRef.set(HttpClient.currentTracerPropagation, false)
)

// `init` replaces settings of `fetch` that the user has given.
const setContext = (
  context: Context.Context<never>,
  init: RequestInit,
  span: Tracer.Span | undefined
): Effect.Effect<void> => {
  const given = Option.getOrUndefined(Context.getOption(context, FetchHttpClient.RequestInit))
  const withInit = Context.add(
    context,
    FetchHttpClient.RequestInit,
    given === undefined ? init : { ...given, ...init }
  )
  return FiberRef.set(
    FiberRef.currentContext,
    span === undefined ? withInit : Context.add(withInit, Tracer.ParentSpan, span)
  )
}

// A client may refuse error statuses itself. The response is complete.
const refusedResponse = (
  cause: Cause.Cause<HttpClientError.HttpClientError>
): HttpClientResponse.HttpClientResponse | undefined => {
  const failure = Cause.failureOption(cause)
  return Option.isSome(failure) && isStatusError(failure.value) ? failure.value.response : undefined
}

const exchange = (
  { client, contextOf }: HttpSender,
  call: CallState,
  request: Request,
  {
    fiber,
    init,
    span
  }: { readonly fiber: SendingFiber; readonly init: RequestInit } & {
    readonly span?: Tracer.Span
  }
): Effect.Effect<Response, ConnectionFailed> => {
  const end = (exit: Exit.Exit<void, unknown>, outcome: string): void => {
    countNow(fiber, requests, { operation: call.operation.name, outcome })
    span?.end(clockOf(fiber).unsafeCurrentTimeNanos(), exit)
  }
  const onResponse = (response: HttpClientResponse.HttpClientResponse) => {
    span?.attribute("http.response.status_code", response.status)
    end(Exit.void, String(response.status))
    return Effect.succeed(makeResponse(call, response))
  }
  const sent = Effect.zipRight(
    Effect.zipRight(withoutPlatformTracing, setContext(contextOf(fiber.currentContext), init, span)),
    client.execute(request)
  )
  return Effect.uninterruptibleMask((restore) =>
    Effect.matchCauseEffect(restore(sent), {
      onSuccess: onResponse,
      onFailure: (cause) => {
        const response = refusedResponse(cause)
        if (response !== undefined) return onResponse(response)
        // The platform's errors hold the request with its key.
        const ownCause = Cause.map(cause, (error) => ErrorMapping.fromHttpClient(call, error))
        end(Exit.failCause(ownCause), "no-answer")
        return Effect.failCause(ownCause)
      }
    })
  )
}

/** Sends a request of a call. `init` are settings for `fetch`. */
export const send = (
  sender: HttpSender,
  call: CallState,
  request: Request,
  init: RequestInit
): Effect.Effect<Response, ConnectionFailed> =>
  Effect.withFiberRuntime((fiber: SendingFiber) =>
    isTraced(fiber)
      ? Effect.flatMap(openSpan(call, request), (span) =>
          exchange(sender, call, request, { fiber, init, span })
        )
      : exchange(sender, call, request, { fiber, init })
  )
