/**
 * The response of a request: status, headers, and a body that is read whole or by parts. Its errors are those of this
 * library: the platform's hold the request with its key.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ConnectionFailed } from "../../errors/AngoError.js"
import { isEmptyBody } from "../../errors/platformErrors.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"

export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Where the response came from: an HTTP client that follows redirects by itself ends at another URL. */
  readonly url: string
  /** The whole body, in one step. */
  readonly bytes: Effect.Effect<Uint8Array, ConnectionFailed>
  /** The body as it arrives. Empty if the response has none. */
  readonly stream: Stream.Stream<Uint8Array, ConnectionFailed>
}

/** Makes the response of a call from the platform's. */
export const make = (call: CallState, response: HttpClientResponse.HttpClientResponse): Response => {
  const toError = (error: HttpClientError.ResponseError) => ErrorMapping.fromHttpClient(call, error)
  return {
    status: response.status,
    headers: response.headers,
    url: response.request.url,
    get bytes() {
      return Effect.mapBoth(response.arrayBuffer, {
        onSuccess: (buffer) => new Uint8Array(buffer),
        onFailure: toError
      })
    },
    get stream() {
      return Stream.catchAll(response.stream, (error) =>
        isEmptyBody(error) ? Stream.empty : Stream.fail(toError(error))
      )
    }
  }
}
