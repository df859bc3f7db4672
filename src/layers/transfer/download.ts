/**
 * Downloads by pre-signed links: without the key, from whatever host the link names.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type DownloadError, TransferError } from "../../errors/AngoError.js"
import type { ResolvedConfig } from "../AngoConfig.js"
import type { Settings as RetrySettings } from "../RetryPolicy.js"
import { withAttemptTimeout } from "../transport/attemptTimeout.js"
import * as CallState from "../transport/callState.js"
import { deadline } from "../transport/deadline.js"
import { httpSpan, withoutHttpSpan } from "../transport/httpSpan.js"
import { idleLimitOf, idleTimeout, streamed } from "../transport/idleTimeout.js"
import type { Response } from "../transport/middleware.js"
import { ownErrors } from "../transport/pipeline.js"
import { isRedirect, manualRedirect } from "../transport/redirects.js"
import { type Quota, retry } from "../transport/retry.js"
import {
  advice,
  busy,
  declaredLength,
  enforceContentLength,
  expired,
  operation,
  parse,
  say
} from "./downloadBody.js"
import { discardBody, maxRedirects, noBudget, secretsOf, withoutQuery } from "./signedLink.js"

export { operation } from "./downloadBody.js"

/**
 * The bytes behind a link, as they arrive. Each run downloads anew.
 *
 * @since 0.1.0
 */
export type Download = (link: Redacted.Redacted) => Stream.Stream<Uint8Array, DownloadError>

/** What is left of an archive: from which byte on, and of which version of it. */
export interface Rest {
  readonly from: number
  readonly etag: string
}

/**
 * The answer of the storage, with the status 200; when what is left was asked for, with 206 or 416 as well.
 *
 * @since 0.1.0
 */
export type Open = (link: Redacted.Redacted, rest?: Rest) => Effect.Effect<Response, DownloadError>

const follow = (link: string, from?: URL): Effect.Effect<URL, TransferError> =>
  Effect.mapError(
    parse(link, from),
    (rejection) => new TransferError({ direction: "download", ...rejection })
  )

const refusal = (status: number, url: URL): TransferError =>
  expired(status, url) ??
  new TransferError({
    direction: "download",
    ...say(`was answered with the status ${status}, which is not expected of a storage. ${advice}`),
    reason: "status",
    status,
    link: withoutQuery(url)
  })

interface Policies {
  readonly config: Pick<ResolvedConfig, "deadline" | "idleTimeout">
  readonly retry: RetrySettings
  readonly quota: Quota
}

/**
 * Downloads through the user's `HttpClient`, with nothing of ours on the request. The deadline, attempts and their
 * waits included, ends when the answer begins: a body may take as long as it takes, and be silent for the idle timeout.
 * A body that breaks off is not asked for again. Redirects are followed to https alone.
 */
export const makeOpen = (httpClient: HttpClient.HttpClient, policies: Policies): Open => {
  const client = httpClient.pipe(withoutHttpSpan, httpSpan, ownErrors, idleTimeout(streamed))

  const attempt = (call: CallState.CallState, url: URL, rest: Rest | undefined) =>
    Effect.gen(function* () {
      call.attempts++
      const headers = rest === undefined ? {} : { range: `bytes=${rest.from}-`, "if-range": rest.etag }
      const response = yield* manualRedirect(client.execute(HttpClientRequest.get(url.href, { headers })))
      const problem = yield* busy(response, call)
      if (problem === undefined) return response
      yield* discardBody(response)
      return yield* problem
    })

  // The answer behind a link, over its redirects.
  const answerOf = (
    call: CallState.CallState,
    url: URL,
    rest: Rest | undefined,
    redirects: number
  ): Effect.Effect<Response, DownloadError> =>
    Effect.gen(function* () {
      call.keys = [...secretsOf(url), ...call.keys]
      const response = yield* attempt(call, url, rest).pipe(
        withAttemptTimeout(call, noBudget),
        retry(policies.retry, call, { quota: policies.quota, budget: noBudget })
      )
      const { headers, request, status } = response
      // A client that follows redirects by itself answers from where it ended up.
      const problem = yield* Effect.flip(follow(request.url, url)).pipe(Effect.option)
      const isExpected = status === 200 || (rest !== undefined && (status === 206 || status === 416))
      if (isExpected && Option.isNone(problem)) return response
      yield* discardBody(response)
      if (Option.isSome(problem)) return yield* problem.value
      const location = headers["location"]
      if (!isRedirect(response)) return yield* refusal(status, url)
      if (location !== undefined && redirects < maxRedirects) {
        return yield* Effect.flatMap(follow(location, url), (next) =>
          answerOf(call, next, rest, redirects + 1)
        )
      }
      return yield* new TransferError({
        direction: "download",
        ...say(
          redirects < maxRedirects
            ? `was answered with a redirect that does not say where to. ${advice}`
            : `was answered with more than ${maxRedirects} redirects. ${advice}`
        ),
        reason: "redirect",
        status,
        link: withoutQuery(url)
      })
    })

  const ask = (url: URL, rest: Rest | undefined): Effect.Effect<Response, DownloadError> =>
    Effect.suspend(() => {
      const call = CallState.make(operation)
      return answerOf(call, url, rest, 0).pipe(
        Effect.map(Either.right),
        // What has been judged already passes the deadline, which knows of calls to the hub alone.
        Effect.catchTag("TransferError", "ArchiveError", (error) => Effect.succeed(Either.left(error))),
        idleLimitOf(policies.config.idleTimeout, call),
        deadline(policies.config.deadline, call),
        Effect.flatten,
        Effect.provideService(CallState.CurrentCall, call)
      )
    })

  return (link, rest) => Effect.flatMap(follow(Redacted.value(link)), (url) => ask(url, rest))
}

/**
 * Downloads in one go.
 *
 * @since 0.1.0
 */
export const make =
  (open: Open): Download =>
  (link) =>
    Stream.unwrap(
      Effect.map(open(link), (response) => enforceContentLength(response, declaredLength(response)))
    )
