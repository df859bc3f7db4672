/**
 * Redirects are refused: a key must not travel to whatever address an answer names.
 *
 * @since 0.1.0
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { label } from "../../api/operations.js"
import { type ConnectionFailed, OriginMismatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { scrub } from "../../utils/scrub.js"
import type { CallState } from "./callState.js"
import { middleware, type Response, type Sent } from "./middleware.js"

const withInit =
  (how: RequestInit) =>
  <A, E, R>(sent: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.serviceOption(FetchHttpClient.RequestInit), (init) =>
      Effect.provideService(sent, FetchHttpClient.RequestInit, {
        ...Option.getOrElse(init, () => ({})),
        ...how
      })
    )

/**
 * Sends without following redirects. A browser hides the answer to one behind the status 0.
 */
export const manualRedirect = withInit({ redirect: "manual" })

/**
 * Sends a body that is a stream, and fails at a redirect when the client is `fetch`: that of Node keeps all that it has
 * sent of a stream, gigabytes of it, unless a redirect is an error and the request has no window
 * (https://github.com/nodejs/undici/issues/4058).
 */
export const errorOnRedirect = withInit({ redirect: "error", window: null })

/** Whether it was a redirect for which {@link errorOnRedirect} has failed: runtimes say so in words only. */
export const wasRedirected = ({ cause }: ConnectionFailed): boolean =>
  cause !== undefined && /redirect/i.test(cause.message)

/** Whether an answer is a redirect. */
export const isRedirect = ({ status }: Pick<Response, "status">): boolean =>
  status === 0 || (status >= 300 && status <= 399 && status !== 304)

const refuse = (
  response: Response,
  isElsewhere: boolean,
  call: CallState
): Effect.Effect<never, OriginMismatch> => {
  const location = response.headers["location"]
  const target = location === undefined ? "" : ` to ${scrub(location.replace(/[?#].*$/s, ""), call.keys)}`
  const message = isElsewhere
    ? `was answered from ${new URL(response.request.url).origin}: the HTTP client follows redirects by itself, ` +
      "and has taken the key along. Switch that off, and change the key."
    : `was answered with a redirect${target}, which is not followed: ` +
      "the key must not travel to another address. Check the base URL."
  return Effect.zipRight(
    // An unread body would keep its connection open.
    Effect.ignore(Effect.timeout(response.text, "1 second")),
    new OriginMismatch({
      reason: "redirect",
      ...operationContext(call.operation, `${label(call.operation)} ${message}`),
      status: response.status,
      wasFollowed: isElsewhere,
      ...(location === undefined ? {} : { location: target.slice(4) })
    })
  )
}

/**
 * Refuses redirects. `fetch` would follow one to any host and take the key along (it drops `authorization`, not
 * `apikey`), so it is told not to; the platform's other clients do not follow unless `HttpClient.followRedirects` is
 * put on them, which must not be done to a client that carries a key.
 */
export const refuseRedirects = middleware<ConnectionFailed, Sent>((request, send, call) =>
  Effect.flatMap(manualRedirect(send(request)), (response) => {
    // A client that follows redirects by itself answers from where it ended up: too late for the key, but not to
    // say so. Most answer with the request as it was.
    const { url } = response.request
    const isElsewhere = url !== request.url && new URL(url).origin !== new URL(request.url).origin
    return isElsewhere || isRedirect(response)
      ? refuse(response, isElsewhere, call)
      : Effect.succeed(response)
  })
)
