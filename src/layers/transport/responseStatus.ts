/**
 * What the status and the headers of a response mean for its call.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type {
  AttemptError,
  CredentialUnavailable,
  RateLimited,
  StoreUnavailable,
  WriteBlocked
} from "../../errors/AngoError.js"
import type { CallState } from "./callState.js"
import * as ErrorMapping from "./errorMapping.js"
import { middleware, overrideResponse, type Response, type SendError, withBody } from "./middleware.js"
import { requestId, serverMillis } from "./responseHeaders.js"
import { ServerTime } from "./serverTime.js"

// For the errors of later steps, such as decoding.
const recordResponse = (call: CallState, response: Response): void => {
  call.response = {
    status: response.status,
    contentType: response.headers["content-type"] ?? "",
    ...requestId(response, call.keys)
  }
}

const recordServerTime = (cell: { millis?: number }, { headers }: Response): void => {
  const millis = serverMillis(headers)
  if (!Number.isNaN(millis)) cell.millis = millis
}

const noBytes = Effect.sync(() => new ArrayBuffer(0))

const failWithStatus = (call: CallState, response: Response): Effect.Effect<never, AttemptError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    // For the attempt's watcher: when the body of an error stops, its status is still the error of the call.
    call.statusError = ErrorMapping.fromStatus(call, withBody(response, noBytes), now)
    return Effect.flatMap(ErrorMapping.fromStatus(call, response, now), Effect.fail)
  })

// The platform accepts the documented status only.
const withDocumentedStatus = ({ operation }: CallState, response: Response): Response =>
  response.status === operation.status
    ? response
    : overrideResponse(response, { status: { value: operation.status } })

/**
 * Fails for every status that is not 2xx. Any 2xx passes as the documented one, since documentation and hub disagree
 * about 200 and 201 (docs/api-notes.md#success-status).
 */
export const checkStatus = middleware<
  SendError | CredentialUnavailable | RateLimited | StoreUnavailable | WriteBlocked,
  AttemptError
>((request, send, call) =>
  Effect.flatMap(send(request), (response) =>
    Effect.flatMap(ServerTime, (cell) => {
      if (cell !== undefined) recordServerTime(cell, response)
      recordResponse(call, response)
      return response.status >= 200 && response.status <= 299
        ? Effect.succeed(withDocumentedStatus(call, response))
        : failWithStatus(call, response)
    })
  )
)
