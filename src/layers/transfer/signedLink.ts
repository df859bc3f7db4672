/**
 * What downloads and uploads share: links that are credentials, redirects, and the responses of storages.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../../api/operation.js"
import { type OperationContext, RateLimited, ServerError, TransferError } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { isSecure } from "../AngoConfig.js"
import type { CallState } from "../transport/callState.js"
import type { Response } from "../transport/response.js"
import { requestId, retryAfter } from "../transport/responseHeaders.js"

/** The URL of a link without its query, which makes it a credential. */
export const withoutQuery = ({ origin, pathname }: URL): string => `${origin}${pathname}`

/** The secrets of a link: its query, and each long value in it. */
const secretsOf = ({ search, searchParams }: URL): ReadonlyArray<Redacted.Redacted> =>
  [search.slice(1), ...searchParams.values()]
    .filter((value) => value.length >= 8)
    .map((value) => Redacted.make(value))

const maxRedirects = 5

/** Storages have no rate limit of the client, so that errors report no budget. */
export const noBudget = Effect.succeed(undefined)

/** Reads the start of a body and closes it: an unread body would keep its connection open. */
export const discardBody = (response: Response): Effect.Effect<void> =>
  response.headers["content-length"] === "0"
    ? Effect.ignore(response.bytes)
    : Effect.ignore(Effect.timeout(Stream.runDrain(Stream.take(response.stream, 1)), "1 second"))

/** The words of one direction in messages. */
export interface Wording {
  readonly direction: TransferError["direction"]
  /** How to get a new link, as a sentence: `Request a new export.` */
  readonly advice: string
  /** What is transferred: `the archive`. */
  readonly content: string
}

/** What a transfer does with each response on its way to the last one. */
export interface RedirectHandlers<E> {
  readonly send: (url: URL) => Effect.Effect<Response, E>
  /** The location to follow; `undefined` for the last response; fails for an unexpected one. */
  readonly redirectOf: (response: Response, url: URL) => Effect.Effect<string | undefined, TransferError>
  /** Runs for each response that is not returned. */
  readonly discard: (response: Response) => Effect.Effect<void>
}

/** Makes the functions of one direction. */
export const make = (operation: Operation, { advice, content, direction }: Wording) => {
  const context = (message: string): OperationContext =>
    operationContext(operation, `${label(operation)} ${message}`)

  /** Makes an error about a link, from what happened. */
  const transferError = (
    reason: TransferError["reason"],
    message: string,
    { link, status }: { readonly link?: URL | undefined; readonly status?: number }
  ): TransferError =>
    new TransferError({
      direction,
      reason,
      ...context(message),
      ...(status === undefined ? {} : { status }),
      ...(link === undefined ? {} : { link: withoutQuery(link) })
    })

  /** Parses a link, or the location of a redirect from `base`. Only https may be followed, and http on loopback. */
  const resolve = (link: string, base?: URL): Effect.Effect<URL, TransferError> => {
    const url = URL.canParse(link, base?.href) ? new URL(link, base?.href) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      return base === undefined
        ? transferError("link-invalid", `was not sent: its link is not a web address. ${advice}`, {})
        : transferError("redirect", `got a redirect to something that is not a web address. ${advice}`, {
            link: base
          })
    }
    // A redirect from https to http on loopback is refused, too.
    if (isSecure(url) && (url.protocol === "https:" || base?.protocol !== "https:")) {
      return Effect.succeed(url)
    }
    return transferError(
      "insecure",
      `would lead to ${url.origin}, where others could read ${content}. Links must be https ` +
        "(http is allowed on loopback only).",
      { link: url }
    )
  }

  /** The retryable error in a response of a busy storage (408, 429, 5xx); `undefined` for any other status. */
  const busyError = (
    response: Response,
    call: CallState
  ): Effect.Effect<RateLimited | ServerError | undefined> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const { headers, status } = response
      const wait = retryAfter(headers, now)
      const details = {
        status,
        ...requestId(response, call.keys),
        ...(wait === undefined ? {} : { retryAfter: wait })
      }
      if (status === 429) {
        return new RateLimited({
          ...context("was refused (429): too many requests to the storage."),
          ...details
        })
      }
      return status === 408 || status >= 500
        ? new ServerError({ ...context(`failed in the storage (${status}). Try again later.`), ...details })
        : undefined
    })

  /** The error for a link that the storage does not accept, or no longer; `undefined` for any other status. */
  const expiredError = (status: number, link: URL): TransferError | undefined =>
    status === 403 || status === 404 || status === 410
      ? transferError(
          "link-expired",
          `was refused (${status}): the link has expired, or was never valid. Links are valid for a short time. ${advice}`,
          { status, link }
        )
      : undefined

  /** Sends to a link and to each redirect after it; returns the last response. */
  const followRedirects = <E>(
    call: CallState,
    url: URL,
    handlers: RedirectHandlers<E>,
    redirects = 0
  ): Effect.Effect<Response, E | TransferError> =>
    Effect.suspend(() => {
      call.keys = [...secretsOf(url), ...call.keys]
      return Effect.flatMap(handlers.send(url), (response) => {
        // An HTTP client that follows redirects by itself returns the final URL.
        const location = Effect.tapError(
          Effect.zipRight(resolve(response.url, url), handlers.redirectOf(response, url)),
          () => handlers.discard(response)
        )
        return Effect.flatMap(location, (target): Effect.Effect<Response, E | TransferError> => {
          if (target === undefined) return Effect.succeed(response)
          const { status } = response
          const next =
            redirects < maxRedirects
              ? resolve(target, url)
              : transferError("redirect", `got more than ${maxRedirects} redirects. ${advice}`, {
                  status,
                  link: url
                })
          return Effect.zipRight(
            handlers.discard(response),
            Effect.flatMap(next, (nextUrl) => followRedirects(call, nextUrl, handlers, redirects + 1))
          )
        })
      })
    })

  return { busyError, context, expiredError, followRedirects, resolve, transferError }
}
