/**
 * One attempt of a call: the request with its policies, in their order (`policyOrder.ts`), and its body.
 *
 * @since 0.1.0
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { header } from "../../api/apiKey.js"
import { type AttemptError, deliveryStatus } from "../../errors/AngoError.js"
import type { ResolvedConfig } from "../AngoConfig.js"
import { checkWrite, type Guard } from "../Guard.js"
import { makeCredential } from "./apiKeyHeader.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"
import { type HttpSender, type Request, send } from "./httpRequest.js"
import { recordRequest } from "./idleTimeout.js"
import type { Limiter } from "./rateLimiter.js"
import { manualRedirect, refuseRedirect } from "./redirects.js"
import type { Response } from "./response.js"
import { readBody } from "./responseBody.js"
import { requestId, retryAfter, serverMillis } from "./responseHeaders.js"

/** Sends one request of a call under its policies, and reads the body of a response with a status of success. */
export type SendRequest = (call: CallState, request: Request) => Effect.Effect<Uint8Array, AttemptError>

/** What the policies of requests need. */
export interface RequestPolicies {
  readonly limiter: Limiter
  readonly guard: Guard["Type"]
}

const textDecoder = new TextDecoder()

// For the errors of later steps, such as decoding.
const recordResponse = (call: CallState, response: Response, sentAt: number): void => {
  const respondedAt = serverMillis(response.headers)
  call.response = {
    status: response.status,
    contentType: response.headers["content-type"] ?? "",
    sentAt,
    ...(Number.isNaN(respondedAt) ? {} : { respondedAt }),
    ...requestId(response, call.keys)
  }
  if (call.serverTime !== undefined && !Number.isNaN(respondedAt)) call.serverTime.millis = respondedAt
}

// Any 2xx passes, since documentation and hub disagree about 200 and 201 (docs/api-notes.md#success-status).
const isSuccess = ({ status }: Response): boolean => status >= 200 && status <= 299

const failWithStatus = (
  call: CallState,
  clock: Clock.Clock,
  response: Response
): Effect.Effect<never, AttemptError> => {
  const now = clock.unsafeCurrentTimeMillis()
  call.statusError = ErrorMapping.fromStatus(call, response, "", now)
  return Effect.matchEffect(readBody(call, clock, response), {
    onSuccess: (bytes) =>
      Effect.fail(ErrorMapping.fromStatus(call, response, textDecoder.decode(bytes), now)),
    onFailure: () => Effect.fail(ErrorMapping.fromStatus(call, response, "", now))
  })
}

/** Makes the function that sends the requests of one client. */
export const makeSendRequest = (
  sender: HttpSender,
  config: Pick<ResolvedConfig, "apiKey" | "origin">,
  { guard, limiter }: RequestPolicies
): SendRequest => {
  const credential = makeCredential(config)

  const exchange = (call: CallState, request: Request, clock: Clock.Clock, key: string) => {
    call.attempts++
    call.isResultUnknown = true
    const sentAt = clock.unsafeCurrentTimeMillis()
    recordRequest(call, clock)
    return Effect.flatMap(
      send(sender, call, HttpClientRequest.setHeader(request, header, key), manualRedirect),
      (response): Effect.Effect<Uint8Array, AttemptError> => {
        const redirect = refuseRedirect(call, request.url, response)
        if (redirect !== undefined) return redirect
        const { headers, status } = response
        const now = clock.unsafeCurrentTimeMillis()
        const learn = limiter.onResponse(status, retryAfter(headers, now), now)
        recordResponse(call, response, sentAt)
        const body = isSuccess(response)
          ? readBody(call, clock, response)
          : failWithStatus(call, clock, response)
        return learn === undefined ? body : Effect.zipRight(learn, body)
      }
    )
  }

  return (call, request) =>
    Effect.clockWith((clock) => {
      const sent = Effect.flatMap(limiter.acquire(call), () =>
        Effect.flatMap(credential(call, request), (key) => exchange(call, request, clock, key))
      )
      return guard === "off" ? sent : Effect.zipRight(checkWrite(guard, call, request), sent)
    })
}

/**
 * Runs an attempt. One that got a response of the hub, or that was not sent, leaves the result of earlier attempts as it
 * was: known or unknown.
 */
export const keepKnownResult = <A>(
  call: CallState,
  attempt: Effect.Effect<A, AttemptError>
): Effect.Effect<A, AttemptError> =>
  Effect.suspend(() => {
    const wasResultUnknown = call.isResultUnknown
    delete call.response
    return Effect.catchAll(attempt, (error) => {
      if (deliveryStatus(error) !== "unknown") call.isResultUnknown = wasResultUnknown
      return Effect.fail(error)
    })
  })
