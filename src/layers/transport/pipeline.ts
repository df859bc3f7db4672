/**
 * The transport below the retries: every request of the client passes these combinators, in the order in which
 * {@link make} names them.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import { mapRequestInput } from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type {
  AttemptError,
  ConnectionFailed,
  CredentialUnavailable,
  OriginMismatch,
  RateLimited,
  StoreUnavailable,
  WriteBlocked
} from "../../errors/AngoError.js"
import { isEmptyBody, isStatusError } from "../../errors/platformErrors.js"
import type { ResolvedConfig } from "../AngoConfig.js"
import { type Guard, guard } from "../Guard.js"
import { credential } from "./credential.js"
import * as Failure from "./errorMapping.js"
import { httpSpan, withoutHttpSpan } from "./httpSpan.js"
import { idleTimeout } from "./idleTimeout.js"
import { type Limiter, rateLimit } from "./limiter.js"
import { middleware, type Response, type Sent, withBody } from "./middleware.js"
import { refuseRedirects } from "./redirects.js"
import { ServerTime } from "./serverTime.js"

/**
 * The platform's failures become errors of this library at once, those of the body too: what fails in a fiber of its
 * own is logged by the runtime, and the platform's errors hold the request with its key.
 */
export const ownErrors = middleware<HttpClientError.HttpClientError, ConnectionFailed>(
  (request, send, call) =>
    send(request).pipe(
      Effect.catchAll((error) =>
        isStatusError(error) ? Effect.succeed(error.response) : Effect.fail(Failure.fromHttp(call, error))
      ),
      Effect.map((response) => {
        const own = (error: HttpClientError.ResponseError) => Failure.fromHttp(call, error)
        return Object.create(response, {
          // The platform makes them anew each time that they are looked at.
          headers: { value: response.headers },
          arrayBuffer: { get: () => Effect.mapError(response.arrayBuffer, own) },
          text: { get: () => Effect.mapError(response.text, own) },
          stream: {
            get: () =>
              Stream.catchAll(response.stream, (error) =>
                isEmptyBody(error) ? Stream.empty : Stream.fail(own(error))
              )
          }
        })
      })
    )
)

const noBytes = Effect.sync(() => new ArrayBuffer(0))

/**
 * Every status that is not 2xx becomes an error. Any 2xx counts as the documented one, since the documents and the hub
 * differ between 200 and 201 (docs/api-notes.md#success-status).
 */
export const statusErrors = middleware<
  Sent | OriginMismatch | CredentialUnavailable | RateLimited | StoreUnavailable | WriteBlocked,
  AttemptError
>((request, send, call) =>
  Effect.flatMap(send(request), (response) =>
    Effect.flatMap(ServerTime, (time) => {
      const { headers, status } = response
      if (time !== undefined) {
        const sent = Date.parse(headers["date"] ?? "")
        if (!Number.isNaN(sent)) time.millis = sent
      }
      call.answer = {
        status,
        contentType: headers["content-type"] ?? "",
        ...Failure.requestId(response, call.keys)
      }
      if (status < 200 || status > 299) {
        return Effect.flatMap(Clock.currentTimeMillis, (now) => {
          // The status says enough when the body stops in the middle.
          call.refusal = Failure.fromStatus(call, withBody(response, noBytes), now)
          return Effect.flatMap(Failure.fromStatus(call, response, now), Effect.fail)
        })
      }
      return Effect.succeed(
        status === call.operation.status
          ? response
          : (Object.create(response, { status: { value: call.operation.status } }) as Response)
      )
    })
  )
)

// What the SDK sends on its JSON calls; the documents require the content type even of reads
// (docs/api-notes.md#content-type). A body brings its own: that of a form carries the boundary of its parts.
const jsonHeaders = mapRequestInput((request: HttpClientRequest.HttpClientRequest) =>
  HttpClientRequest.setHeaders(request, {
    accept: "application/json",
    ...(request.body._tag === "Empty" ? { "content-type": "application/json" } : {})
  })
)

/**
 * The transport around the user's `HttpClient`. Read from the bottom up, the way of a request: status errors,
 * guard, rate limit, credential, redirect refusal, idle timeout, errors of our own, span, the user's client.
 */
export const make = (
  client: HttpClient.HttpClient,
  config: Pick<ResolvedConfig, "apiKey" | "origin">,
  policies: { readonly limiter: Limiter; readonly guard: Guard["Type"] }
): HttpClient.HttpClient.With<AttemptError> =>
  client.pipe(
    withoutHttpSpan,
    httpSpan,
    ownErrors,
    idleTimeout(),
    refuseRedirects,
    credential(config),
    rateLimit(policies.limiter),
    guard(policies.guard),
    statusErrors,
    jsonHeaders
  )
