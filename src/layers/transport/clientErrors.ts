/**
 * The errors of the platform's HTTP client become errors of this library.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ConnectionFailed } from "../../errors/AngoError.js"
import { isEmptyBody, isStatusError } from "../../errors/platformErrors.js"
import * as ErrorMapping from "./errorMapping.js"
import { middleware, overrideResponse } from "./middleware.js"

/**
 * Maps the client's errors to `ConnectionFailed`, those of the body too. This is the innermost policy after the span: the
 * platform's errors hold the request with its key, and the runtime logs the failure of a forked fiber.
 *
 * `Response` still declares the platform's error for its body; from here on it is `ConnectionFailed`.
 */
export const mapClientErrors = middleware<HttpClientError.HttpClientError, ConnectionFailed>(
  (request, send, call) =>
    send(request).pipe(
      Effect.catchAll((error) =>
        isStatusError(error)
          ? Effect.succeed(error.response)
          : Effect.fail(ErrorMapping.fromHttpClient(call, error))
      ),
      Effect.map((response) => {
        const mapError = (error: HttpClientError.ResponseError) => ErrorMapping.fromHttpClient(call, error)
        return overrideResponse(response, {
          // The platform builds the headers anew on each access.
          headers: { value: response.headers },
          arrayBuffer: { get: () => Effect.mapError(response.arrayBuffer, mapError) },
          text: { get: () => Effect.mapError(response.text, mapError) },
          stream: {
            get: () =>
              Stream.catchAll(response.stream, (error) =>
                isEmptyBody(error) ? Stream.empty : Stream.fail(mapError(error))
              )
          }
        })
      })
    )
)
