/**
 * Redirects: refused for requests that carry the key, handled by hand for pre-signed links.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { label } from "../../api/operation.js"
import { type ConnectionFailed, OriginMismatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { scrub } from "../../utils/scrub.js"
import type { CallState } from "./callState.js"
import type { Response } from "./response.js"

/** Makes `fetch` return redirects instead of following them. A browser returns them with the status 0. */
export const manualRedirect: RequestInit = { redirect: "manual" }

/**
 * Makes `fetch` fail on redirects, for streamed bodies: Node's `fetch` buffers everything that it sends of a stream
 * unless redirects are errors and the request has no window (https://github.com/nodejs/undici/issues/4058).
 */
export const errorOnRedirect: RequestInit = { redirect: "error", window: null }

/** Whether a failure under {@link errorOnRedirect} was a redirect. Runtimes say so in the message only. */
export const isRedirectError = ({ cause }: ConnectionFailed): boolean =>
  cause !== undefined && /redirect/i.test(cause.message)

/** Whether a response is a redirect. */
export const isRedirect = ({ status }: Pick<Response, "status">): boolean =>
  status === 0 || (status >= 300 && status <= 399 && status !== 304)

const failRedirect = (
  response: Response,
  wasFollowed: boolean,
  call: CallState
): Effect.Effect<never, OriginMismatch> => {
  const location = response.headers["location"]
  const target = location === undefined ? "" : ` to ${scrub(location.replace(/[?#].*$/s, ""), call.keys)}`
  const message = wasFollowed
    ? `got its response from ${new URL(response.url).origin}: the HTTP client follows redirects by itself, ` +
      "and sent the key there. Switch that off, and replace the key."
    : `got a redirect${target}, which is not followed, ` +
      "because the key must not be sent to another address. Check the base URL."
  return Effect.zipRight(
    // An unread body would keep its connection open.
    Effect.ignore(Effect.timeout(response.bytes, "1 second")),
    new OriginMismatch({
      reason: "redirect",
      ...operationContext(call.operation, `${label(call.operation)} ${message}`),
      status: response.status,
      wasFollowed,
      ...(location === undefined ? {} : { location: target.slice(4) })
    })
  )
}

/**
 * Refuses redirects. `fetch` follows them to any host and sends the key there (it drops `authorization`, not `apikey`),
 * so it is configured not to ({@link manualRedirect}). The platform's other clients follow only with
 * `HttpClient.followRedirects`, which must not be applied to a client that carries the key; if it is, the call fails and
 * reports it. Returns `undefined` for any other response.
 */
export const refuseRedirect = (
  call: CallState,
  requestUrl: string,
  response: Response
): Effect.Effect<never, OriginMismatch> | undefined => {
  // A client that follows redirects by itself returns the final URL. The key is sent by then, but the user must know.
  const wasFollowed =
    response.url !== requestUrl && new URL(response.url).origin !== new URL(requestUrl).origin
  return wasFollowed || isRedirect(response) ? failRedirect(response, wasFollowed, call) : undefined
}
