/**
 * What downloads and uploads have in common: links that are credentials, and storages that answer for them.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../../api/operations.js"
import { type OperationContext, RateLimited, ServerError, TransferError } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { isPrivate } from "../AngoConfig.js"
import type { CallState } from "../transport/callState.js"
import * as Failure from "../transport/errorMapping.js"
import type { Response } from "../transport/middleware.js"

/** The address of a link, without what makes it a credential. */
export const withoutQuery = ({ origin, pathname }: URL): string => `${origin}${pathname}`

/** What makes a link a credential: its query, and each long value in it. */
export const secretsOf = ({ search, searchParams }: URL): ReadonlyArray<Redacted.Redacted> =>
  [search.slice(1), ...searchParams.values()]
    .filter((value) => value.length >= 8)
    .map((value) => Redacted.make(value))

/** So many redirects are followed. */
export const maxRedirects = 5

/** No rate limit of ours is for storages. */
export const noBudget = Effect.succeed(undefined)

/** Reads a little of an answer that is of no use: an unread body would keep its connection open. */
export const discardBody = (response: Response): Effect.Effect<void> =>
  Effect.ignore(Effect.timeout(Stream.runDrain(Stream.take(response.stream, 1)), "1 second"))

/** Why a link may not be followed. */
export type LinkRejection = OperationContext & {
  readonly reason: "link-invalid" | "redirect" | "insecure"
  readonly link?: string
}

/** One direction, and its words. */
export interface Words {
  readonly direction: TransferError["direction"]
  /** What to do about a link that is no good: `ask for a new export`. */
  readonly again: string
  /** What would be read along: `the archive`. */
  readonly what: string
}

const capital = (sentence: string): string => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`

/** What is to be said of links, in the words of one direction. */
export const make = (operation: Operation, { again, direction, what }: Words) => {
  const say = (message: string): OperationContext =>
    operationContext(operation, `${label(operation)} ${message}`)
  const advice = `${capital(again)}.`

  /** Where a link leads, if it may be followed there; `from` is the link that led to it. */
  const parse = (link: string, from?: URL): Effect.Effect<URL, LinkRejection> => {
    const url = URL.canParse(link, from?.href) ? new URL(link, from?.href) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      const message =
        from === undefined
          ? "was not sent: what should be a link is no web address."
          : "was answered with a redirect to something that is no web address."
      return Effect.fail({
        ...say(`${message} ${advice}`),
        reason: from === undefined ? "link-invalid" : "redirect",
        ...(from === undefined ? {} : { link: withoutQuery(from) })
      })
    }
    // A link of https stays one, on this machine too.
    if (isPrivate(url) && (url.protocol === "https:" || from?.protocol !== "https:")) {
      return Effect.succeed(url)
    }
    return Effect.fail({
      ...say(
        `would lead to ${url.origin}: whoever is on the way could read ${what}. Links must be https ` +
          "(http is allowed on loopback only)."
      ),
      reason: "insecure",
      link: withoutQuery(url)
    })
  }

  /** What a storage answers when it is busy: worth another attempt. */
  const busy = (response: Response, call: CallState): Effect.Effect<RateLimited | ServerError | undefined> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const { headers, status } = response
      const hint = Failure.retryAfter(headers, now)
      const details = {
        status,
        ...Failure.requestId(response, call.keys),
        ...(hint === undefined ? {} : { retryAfter: hint })
      }
      if (status === 429) {
        return new RateLimited({ ...say("was refused (429): too many requests to the storage."), ...details })
      }
      return status === 408 || status >= 500
        ? new ServerError({ ...say(`failed in the storage (${status}). Try again later.`), ...details })
        : undefined
    })

  /** The error for a link that the storage does not take, or no more; nothing for another status. */
  const expired = (status: number, url: URL): TransferError | undefined =>
    status === 403 || status === 404 || status === 410
      ? new TransferError({
          direction,
          reason: "link-expired",
          ...say(
            `was refused (${status}): the link has expired, or was never good. A link lasts for a short time: ` +
              `${again}.`
          ),
          status,
          link: withoutQuery(url)
        })
      : undefined

  return { advice, busy, expired, parse, say }
}
