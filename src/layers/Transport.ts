/**
 * The transport below the retries: every request of the client passes these combinators, in the order in which
 * {@link make} names them.
 *
 * @since 0.1.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Tracer from "effect/Tracer"
import { type CallError, CredentialUnavailable, ForeignOrigin, RedirectRefused } from "../AngoError.js"
import { header } from "../api/Authentication.js"
import { label } from "../api/Operations.js"
import { scrub } from "../internal/scrub.js"
import { where } from "../internal/where.js"
import { keyProblem, type Resolved } from "./AngoConfig.js"
import { type CallState, CurrentCall } from "./CallState.js"
import * as Failure from "./Failure.js"

type Request = HttpClientRequest.HttpClientRequest
type Response = HttpClientResponse.HttpClientResponse
type Send<E> = (request: Request) => Effect.Effect<Response, E>

// A client around another one: `f` sees each request before `send` does, and each answer after it.
const around =
  <E, E2>(f: (request: Request, send: Send<E>, call: CallState) => Effect.Effect<Response, E2>) =>
  (client: HttpClient.HttpClient.With<E>): HttpClient.HttpClient.With<E2> =>
    HttpClient.makeWith<never, never, E2, never>(
      Effect.flatMap((request) => Effect.flatMap(CurrentCall, (call) => f(request, client.execute, call))),
      Effect.succeed
    )

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

/**
 * One client span per attempt, named after the route template; attributes are method, route, host and status.
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
          "server.address": new URL(request.url).host
        }
      }),
      (span) =>
        Effect.tap(Effect.withParentSpan(send(request), span), (response) =>
          Effect.sync(() => span.attribute("http.response.status_code", response.status))
        ),
      (span, exit) => endSpan(call, span, exit)
    ).pipe(Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, header]))
)

const quiet = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  client.pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.withTracerPropagation(false)
  )

/**
 * Refuses redirects. `fetch` would follow one to any host and take the key along (it drops `authorization`, not
 * `apikey`), so it is told not to; the platform's other clients do not follow unless `HttpClient.followRedirects` is
 * put on them, which must not be done to a client that carries a key.
 */
export const refuseRedirects = around<
  HttpClientError.HttpClientError,
  HttpClientError.HttpClientError | RedirectRefused
>((request, send, call) =>
  Effect.gen(function* () {
    const init = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
    const response = yield* Effect.provideService(send(request), FetchHttpClient.RequestInit, {
      ...Option.getOrElse(init, () => ({})),
      redirect: "manual"
    })
    const { status } = response
    // A client that follows redirects by itself answers from where it ended up: too late for the key, but not to
    // say so.
    const isElsewhere = new URL(response.request.url).origin !== new URL(request.url).origin
    // A browser hides the answer to an unfollowed redirect behind the status 0.
    if (!isElsewhere && status !== 0 && (status < 300 || status > 399 || status === 304)) return response
    // An unread body would keep its connection open.
    yield* Effect.ignore(Effect.timeout(response.text, "1 second"))
    const location = response.headers["location"]
    const target = location === undefined ? "" : ` to ${scrub(location.replace(/[?#].*$/s, ""), call.key)}`
    return yield* new RedirectRefused({
      ...where(
        call.operation,
        `${label(call.operation)} was answered with a redirect${target}, which is not followed: ` +
          "the key must not travel to another address. Check the base URL."
      ),
      status,
      ...(location === undefined ? {} : { location: target.slice(4) })
    })
  })
)

type Sent = HttpClientError.HttpClientError | RedirectRefused

// What a key store says when it fails may quote what it holds: only the failure's name is told.
const nameOf = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.squash(cause)
  const name = Predicate.hasProperty(failure, "_tag")
    ? failure._tag
    : Predicate.hasProperty(failure, "name")
      ? failure.name
      : undefined
  return typeof name === "string" && /^\w{1,60}$/.test(name) ? ` (${name})` : ""
}

/**
 * Puts the current key on a request that goes to the configured origin, and sends no other request.
 */
export const credential = (config: Pick<Resolved, "apiKey" | "origin">) =>
  around<Sent, Sent | ForeignOrigin | CredentialUnavailable>((request, send, call) =>
    Effect.gen(function* () {
      const actual = URL.canParse(request.url) ? new URL(request.url).origin : "no origin"
      if (actual !== config.origin) {
        return yield* new ForeignOrigin({
          ...where(
            call.operation,
            `${label(call.operation)} would have gone to ${actual}; the key belongs to ${config.origin}. It was not sent.`
          ),
          expected: config.origin,
          actual
        })
      }
      const key = yield* Effect.catchAllCause(config.apiKey, (cause) =>
        Cause.isInterruptedOnly(cause)
          ? Effect.interrupt
          : Effect.fail(
              new CredentialUnavailable(
                where(
                  call.operation,
                  `${label(call.operation)} was not sent: the effect that yields the key failed${nameOf(cause)}.`
                )
              )
            )
      )
      const problem = keyProblem(key)
      if (problem !== undefined) {
        return yield* new CredentialUnavailable(
          where(call.operation, `${label(call.operation)} was not sent: ${problem}`)
        )
      }
      call.key = key
      call.attempts++
      return yield* send(HttpClientRequest.setHeader(request, header, Redacted.value(key)))
    })
  )

/** Lets requests leave no faster than the rate limit. */
export const rateLimit = <E>(acquire: Effect.Effect<void>) =>
  around<E, E>((request, send) => Effect.zipRight(acquire, send(request)))

const isHttpError = (error: { readonly _tag: string }): error is HttpClientError.HttpClientError =>
  error._tag === "RequestError" || error._tag === "ResponseError"

// A client of the user's that refuses statuses by itself has been answered all the same.
const isStatusError = (error: { readonly _tag: string }): error is HttpClientError.ResponseError =>
  isHttpError(error) && error._tag === "ResponseError" && error.reason === "StatusCode"

/**
 * Typed errors: the platform's failures and every status that is not 2xx become errors of this library. Any 2xx
 * counts as the documented one, since the documents and the hub differ between 200 and 201 (dossier C27).
 */
export const typedErrors = around<Sent | ForeignOrigin | CredentialUnavailable, CallError>(
  (request, send, call) =>
    Effect.gen(function* () {
      const response = yield* Effect.catchAll(send(request), (error) =>
        isStatusError(error)
          ? Effect.succeed(error.response)
          : Effect.fail(isHttpError(error) ? Failure.fromHttp(call, error) : error)
      )
      call.answer = {
        status: response.status,
        contentType: response.headers["content-type"] ?? "",
        ...Failure.requestId(response, call.key)
      }
      if (response.status < 200 || response.status > 299) {
        return yield* Effect.flatMap(
          Effect.flatMap(Clock.currentTimeMillis, (now) => Failure.fromStatus(call, response, now)),
          Effect.fail
        )
      }
      return response.status === call.operation.status
        ? response
        : Object.create(response, { status: { value: call.operation.status } })
    })
)

// What the SDK sends on its JSON calls; the documents require the content type even of reads (dossier A.2, C39).
// A body brings its own: that of a form carries the boundary of its parts.
const jsonHeaders = HttpClient.mapRequestInput((request: HttpClientRequest.HttpClientRequest) =>
  HttpClientRequest.setHeaders(request, {
    accept: "application/json",
    ...(request.body._tag === "Empty" ? { "content-type": "application/json" } : {})
  })
)

/**
 * The transport around the user's `HttpClient`. Read from the bottom up, the way of a request: typed errors, rate
 * limit, credential, redirect refusal, span, the user's client.
 */
export const make = (
  client: HttpClient.HttpClient,
  config: Pick<Resolved, "apiKey" | "origin">,
  acquire: Effect.Effect<void>
): HttpClient.HttpClient.With<CallError> =>
  client.pipe(
    quiet,
    httpSpan,
    refuseRedirects,
    credential(config),
    rateLimit(acquire),
    typedErrors,
    jsonHeaders
  )
