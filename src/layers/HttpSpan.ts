/**
 * What is seen of a request from outside: one span and one count per attempt.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Tracer from "effect/Tracer"
import { header } from "../api/Authentication.js"
import { label } from "../api/Operations.js"
import { around, type Request, type Response } from "./Around.js"
import type { CallState } from "./CallState.js"
import * as Failure from "./Failure.js"
import { count, requests } from "./Telemetry.js"

const endSpan = (
  call: CallState,
  span: Tracer.Span,
  exit: Exit.Exit<Response, HttpClientError.HttpClientError>
) =>
  Effect.map(Clock.currentTimeNanos, (now) =>
    // The platform's response and errors hold the request with its key: a span must not keep them.
    span.end(
      now,
      Exit.mapBoth(exit, { onSuccess: () => undefined, onFailure: (error) => Failure.fromHttp(call, error) })
    )
  )

// Of the query, only which page of a list it asks for.
const pageOf = (request: Request): { readonly page?: number } => {
  const page = request.urlParams.find(([name]) => name === "page")?.[1]
  return page === undefined ? {} : { page: Number(page) }
}

const outcomeOf = (exit: Exit.Exit<Response, unknown>): string =>
  Exit.isSuccess(exit) ? String(exit.value.status) : "no-answer"

/**
 * One client span per attempt, named after the route template; attributes are method, route, host, status,
 * how often it was sent before, and the page of a list.
 * The platform's own span would carry ids, query and headers, and its trace headers would go to the vendor: both
 * are off. While the request is out, the key's header is redacted for whoever prints headers in this fiber.
 */
export const httpSpan = around<HttpClientError.HttpClientError, HttpClientError.HttpClientError>(
  (request, send, call) =>
    Effect.acquireUseRelease(
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
      (span) =>
        Effect.withParentSpan(send(request), span).pipe(
          Effect.tap((response) =>
            Effect.sync(() => span.attribute("http.response.status_code", response.status))
          ),
          Effect.onExit((exit) =>
            count(requests, { operation: call.operation.name, outcome: outcomeOf(exit) })
          )
        ),
      (span, exit) => endSpan(call, span, exit)
    ).pipe(Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, header]))
)

/** Switches the platform's own spans and trace headers off. */
export const quiet = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false)
  )
