/**
 * Downloads by pre-signed links: without the key, from any host that the link names.
 *
 * @since 0.1.0
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Operation } from "../../api/operation.js"
import type { AttemptError, DownloadError, TransferError } from "../../errors/AngoError.js"
import type { CallState } from "../transport/callState.js"
import { type HttpSender, send } from "../transport/httpRequest.js"
import { recordRequest } from "../transport/idleTimeout.js"
import { type CallPolicies, startCall } from "../transport/policyOrder.js"
import { isRedirect, manualRedirect } from "../transport/redirects.js"
import type { Response } from "../transport/response.js"
import { withSilenceLimit } from "../transport/responseBody.js"
import { retry } from "../transport/retry.js"
import { advice, archiveLinks, declaredLength, enforceContentLength, operation } from "./downloadBody.js"
import type * as SignedLink from "./signedLink.js"
import { discardBody, noBudget } from "./signedLink.js"

export { operation } from "./downloadBody.js"

/**
 * Downloads from a link, as the bytes arrive. Each run downloads again.
 *
 * @category models
 * @since 0.1.0
 */
export type Download = (link: Redacted.Redacted) => Stream.Stream<Uint8Array, DownloadError>

/** The range of an archive to request: from a byte on, if the archive still has this version. */
export interface Range {
  readonly from: number
  readonly etag: string
}

/** Requests a link. Returns the response of the storage: with the status 200, or 206 or 416 for a range. */
export type Open = (
  link: Redacted.Redacted,
  range?: Range
) => Effect.Effect<Response, AttemptError | TransferError>

/** What is downloaded, for messages and spans. */
export interface DownloadKind {
  readonly operation: Operation
  readonly links: ReturnType<typeof SignedLink.make>
  /** How to get a new link, as a sentence. */
  readonly advice: string
}

/** Archives of exports. */
export const archiveKind: DownloadKind = { operation, links: archiveLinks, advice }

const redirectOf =
  ({ advice, links: { expiredError, transferError } }: DownloadKind, range: Range | undefined) =>
  (response: Response, link: URL): Effect.Effect<string | undefined, TransferError> => {
    const { headers, status } = response
    if (status === 200 || (range !== undefined && (status === 206 || status === 416))) {
      return Effect.succeed(undefined)
    }
    if (!isRedirect(response)) {
      return (
        expiredError(status, link) ??
        transferError("status", `got the unexpected status ${status} from the storage. ${advice}`, {
          status,
          link
        })
      )
    }
    const location = headers["location"]
    return location === undefined
      ? transferError("redirect", `got a redirect without a location. ${advice}`, { status, link })
      : Effect.succeed(location)
  }

/**
 * Makes downloads through the user's `HttpClient`. The deadline covers attempts and waits, and ends when the response
 * begins: a body may take any time, and be silent for the idle timeout. A body that breaks off is not requested again.
 */
export const makeOpen = (
  sender: HttpSender,
  policies: Pick<CallPolicies, "config" | "quota" | "retry" | "timeLimits">,
  kind: DownloadKind
): Open => {
  const { busyError, followRedirects, resolve } = kind.links

  const attempt = (call: CallState, url: URL, range: Range | undefined) =>
    Effect.clockWith((clock) => {
      call.attempts++
      recordRequest(call, clock)
      const headers = range === undefined ? {} : { range: `bytes=${range.from}-`, "if-range": range.etag }
      const sent = send(sender, call, HttpClientRequest.get(url.href, { headers }), manualRedirect)
      return Effect.flatMap(sent, (response) =>
        Effect.flatMap(
          busyError(response, call),
          (problem): Effect.Effect<Response, AttemptError> =>
            problem === undefined
              ? Effect.succeed(withSilenceLimit(call, response))
              : Effect.zipRight(discardBody(response), Effect.fail(problem))
        )
      )
    })

  const openUrl = (
    url: URL,
    range: Range | undefined
  ): Effect.Effect<Response, AttemptError | TransferError> =>
    startCall(kind.operation, policies, [], (call, settings) =>
      followRedirects(call, url, {
        send: (target) =>
          retry(
            settings.retry,
            call,
            { quota: policies.quota, budget: noBudget },
            policies.timeLimits.run(call, noBudget, attempt(call, target, range))
          ),
        redirectOf: redirectOf(kind, range),
        discard: discardBody
      })
    )

  return (link, range) => Effect.flatMap(resolve(Redacted.value(link)), (url) => openUrl(url, range))
}

/** Makes downloads that do not resume. */
export const make =
  (open: Open): Download =>
  (link) =>
    Stream.unwrap(
      Effect.map(open(link), (response) => enforceContentLength(response, declaredLength(response)))
    )
