/**
 * Observability of a request: one span and one count per attempt.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Tracer from "effect/Tracer"
import { header } from "../../api/apiKey.js"
import { label } from "../../api/operation.js"
import { count, requests } from "../Telemetry.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"
import { middleware, type Request } from "./middleware.js"

// The only query parameter on the span.
const pageOf = (request: Request): { readonly page?: number } => {
  const page = request.urlParams.find(([name]) => name === "page")?.[1]
  return page === undefined ? {} : { page: Number(page) }
}

const endSpan =
  (call: CallState, span: Tracer.Span) =>
  (exit: Exit.Exit<void, unknown>, outcome: string): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeNanos, (now) => {
      span.end(now, exit)
      return count(requests, { operation: call.operation.name, outcome })
    })

/**
 * Opens a client span per request, named after the route template. Its attributes are method, route, host, status,
 * resend count, and the page of a list. Until the response arrives, the key's header is redacted for code that prints
 * headers in this fiber.
 */
export const traceRequest = middleware<HttpClientError.HttpClientError, HttpClientError.HttpClientError>(
  (request, send, call) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(
        Effect.makeSpan(label(call.operation), {
          kind: "client",
          captureStackTrace: false,
          attributes: {
            "http.request.method": request.method,
            "http.route": call.operation.route,
            "http.request.resend_count": Math.max(0, call.attempts - 1),
            "server.address": new URL(request.url).host,
            ...pageOf(request)
          }
        }),
        (span) => {
          const end = endSpan(call, span)
          return Effect.matchCauseEffect(restore(Effect.withParentSpan(send(request), span)), {
            onSuccess: (response) => {
              span.attribute("http.response.status_code", response.status)
              return Effect.as(end(Exit.void, String(response.status)), response)
            },
            onFailure: (cause) => {
              // The platform's errors hold the request with its key: a span must not keep them.
              const ownCause = Cause.map(cause, (error) => ErrorMapping.fromHttpClient(call, error))
              return Effect.zipRight(end(Exit.failCause(ownCause), "no-answer"), Effect.failCause(cause))
            }
          })
        }
      )
    ).pipe(Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, header]))
)

/** Switches off the platform's spans, which carry ids, query and headers, and its trace headers, sent to the vendor. */
export const withoutPlatformTracing = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false)
  )
