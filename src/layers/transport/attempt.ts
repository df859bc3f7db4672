/**
 * One attempt of a call: request, body and decoding.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Effect from "effect/Effect"
import { type AttemptError, deliveryStatus } from "../../errors/AngoError.js"
import { isHttpClientError } from "../../errors/platformErrors.js"
import { isParseError, type ParseError } from "../../schemas/parseIssue.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"
import { type DecodeBody, mapDecodeErrors } from "./responseDecoding.js"

/** Everything that can fail before the bytes of a response are here. */
export type RequestError = AttemptError | HttpClientError.HttpClientError | ParseError

const toAttemptError = (call: CallState, error: RequestError): AttemptError => {
  if (isParseError(error)) return ErrorMapping.fromInput(call.operation, error)
  return isHttpClientError(error) ? ErrorMapping.fromHttpClient(call, error) : error
}

/**
 * Sends a request and decodes its response. An attempt that got a response of the hub, or that was not sent, leaves the result of
 * earlier attempts as it was: known or unknown.
 */
export const makeAttempt = <A>(
  call: CallState,
  sendRequest: Effect.Effect<Uint8Array, RequestError>,
  decode: DecodeBody<A>
): Effect.Effect<A, AttemptError> =>
  Effect.suspend(() => {
    const wasResultUnknown = call.isResultUnknown
    delete call.response
    return sendRequest.pipe(
      Effect.mapError((error) => toAttemptError(call, error)),
      Effect.flatMap((bytes) => decode(call, bytes)),
      mapDecodeErrors(call),
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (deliveryStatus(error) !== "unknown") call.isResultUnknown = wasResultUnknown
        })
      )
    )
  })
