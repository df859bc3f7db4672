/**
 * Downloads by pre-signed links: without the key, from whatever host the link names.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import {
  type Conclusion,
  type ConnectionFailed,
  type DownloadError,
  DownloadRefused,
  LinkExpired,
  RateLimited,
  ServerError,
  TruncatedExport
} from "../AngoError.js"
import { label, type Operation } from "../api/Operations.js"
import { where } from "../internal/where.js"
import { isPrivate, type Resolved } from "./AngoConfig.js"
import type { Response } from "./Around.js"
import * as CallState from "./CallState.js"
import { deadline } from "./Deadline.js"
import * as Failure from "./Failure.js"
import { httpSpan, quiet } from "./HttpSpan.js"
import { idleTimeout, silenceOf, streamed } from "./IdleTimeout.js"
import { isRedirect, unfollowed } from "./Redirects.js"
import { type Quota, retry } from "./Retry.js"
import type { Settings as RetrySettings } from "./RetryPolicy.js"
import { ownErrors } from "./Transport.js"
import { watched } from "./Watch.js"

/**
 * The bytes behind a link, as they arrive. Each run downloads anew.
 *
 * @since 0.1.0
 */
export type Download = (link: Redacted.Redacted) => Stream.Stream<Uint8Array, DownloadError>

/** No endpoint of the contract: the link may lead anywhere, and is not told. */
export const operation: Operation = {
  name: "exports.download",
  method: "GET",
  route: "{exportPath}",
  status: 200,
  repeat: "safe"
}

const say = (message: string) => where(operation, `${label(operation)} ${message}`)

const bare = ({ origin, pathname }: URL): string => `${origin}${pathname}`

// What makes a link a credential: its query, and each long value in it.
const secretsOf = ({ search, searchParams }: URL): ReadonlyArray<Redacted.Redacted> =>
  [search.slice(1), ...searchParams.values()]
    .filter((value) => value.length >= 8)
    .map((value) => Redacted.make(value))

const maxRedirects = 5

// No rate limit of ours is for storages.
const noBudget = Effect.succeed(undefined)

/** Where a link leads, if it may be followed there. */
const parse = (link: string, from?: URL): Effect.Effect<URL, DownloadRefused> => {
  const url = URL.canParse(link, from?.href) ? new URL(link, from?.href) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    const message =
      from === undefined
        ? "was not sent: what should be a link is no web address. Ask for a new export."
        : "was answered with a redirect to something that is no web address. Ask for a new export."
    return Effect.fail(
      new DownloadRefused({
        ...say(message),
        reason: from === undefined ? "link" : "redirect",
        ...(from === undefined ? {} : { link: bare(from) })
      })
    )
  }
  // A link of https stays one, on this machine too.
  if (isPrivate(url) && (url.protocol === "https:" || from?.protocol !== "https:")) return Effect.succeed(url)
  return Effect.fail(
    new DownloadRefused({
      ...say(
        `would lead to ${url.origin}: whoever is on the way could read the archive. Links must be https ` +
          "(http is allowed on loopback only)."
      ),
      reason: "insecure",
      link: bare(url)
    })
  )
}

// An unread body would keep its connection open.
const leave = (response: Response): Effect.Effect<void> =>
  Effect.ignore(Effect.timeout(Stream.runDrain(Stream.take(response.stream, 1)), "1 second"))

// What a storage answers when it is busy: worth another attempt.
const busy = (
  response: Response,
  call: CallState.CallState
): Effect.Effect<RateLimited | ServerError | undefined> =>
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

const refusal = (status: number, url: URL): LinkExpired | DownloadRefused =>
  status === 403 || status === 404 || status === 410
    ? new LinkExpired({
        ...say(
          `was refused (${status}): the link has expired, or was never good. A link lasts for a short time: ask ` +
            "for a new export."
        ),
        status,
        link: bare(url)
      })
    : new DownloadRefused({
        ...say(`was answered with the status ${status}, which is not expected of a storage.`),
        reason: "status",
        status,
        link: bare(url)
      })

// The length that was promised; that of a body which is packed once more says nothing of its content.
const promised = ({ headers }: Response): number | undefined => {
  const length = headers["content-length"] ?? ""
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity"
  return isPlain && /^\d+$/.test(length) ? Number(length) : undefined
}

// A body that ends before its length: not every HTTP client notices.
const whole = (response: Response): Stream.Stream<Uint8Array, unknown> =>
  Stream.suspend(() => {
    const expected = promised(response)
    if (expected === undefined) return response.stream
    let received = 0
    const counted = Stream.map(response.stream, (bytes) => {
      received += bytes.length
      return bytes
    })
    const end = Stream.suspend(() =>
      received >= expected
        ? Stream.empty
        : Stream.fail(
            new TruncatedExport({
              where: "archive",
              offset: received,
              message:
                `The download ended after ${received} of ${expected} bytes. What was read before is real, and it is ` +
                "not everything: download it again."
            })
          )
    )
    return Stream.concat(counted, end)
  })

interface Policies {
  readonly config: Pick<Resolved, "deadline" | "idleTimeout">
  readonly retry: RetrySettings
  readonly quota: Quota
}

/**
 * Downloads through the user's `HttpClient`, with nothing of ours on the request. The deadline, attempts and their
 * waits included, ends when the answer begins: a body may take as long as it takes, and be silent for the idle timeout.
 * A body that breaks off is not asked for again. Redirects are followed to https alone.
 */
export const make = (httpClient: HttpClient.HttpClient, policies: Policies): Download => {
  const client = httpClient.pipe(quiet, httpSpan, ownErrors, idleTimeout(streamed))

  const attempt = (call: CallState.CallState, url: URL): Effect.Effect<Response, Conclusion> =>
    Effect.gen(function* () {
      call.attempts++
      const response = yield* unfollowed(client.execute(HttpClientRequest.get(url.href)))
      const problem = yield* busy(response, call)
      if (problem === undefined) return response
      yield* leave(response)
      return yield* problem
    })

  // The answer behind a link, over its redirects.
  const follow = (
    call: CallState.CallState,
    url: URL,
    redirects: number
  ): Effect.Effect<Response, DownloadError> =>
    Effect.gen(function* () {
      call.keys = [...secretsOf(url), ...call.keys]
      const response = yield* attempt(call, url).pipe(
        watched(call, noBudget),
        retry(policies.retry, call, { quota: policies.quota, budget: noBudget })
      )
      const { headers, request, status } = response
      // A client that follows redirects by itself answers from where it ended up.
      const problem = yield* Effect.flip(parse(request.url, url)).pipe(Effect.option)
      if (status === 200 && Option.isNone(problem)) return response
      yield* leave(response)
      if (Option.isSome(problem)) return yield* problem.value
      const location = headers["location"]
      if (!isRedirect(response)) return yield* refusal(status, url)
      if (location !== undefined && redirects < maxRedirects) {
        return yield* Effect.flatMap(parse(location, url), (next) => follow(call, next, redirects + 1))
      }
      return yield* new DownloadRefused({
        ...say(
          redirects < maxRedirects
            ? "was answered with a redirect that does not say where to. Ask for a new export."
            : `was answered with more than ${maxRedirects} redirects. Ask for a new export.`
        ),
        reason: "redirect",
        status,
        link: bare(url)
      })
    })

  const ask = (url: URL): Effect.Effect<Response, DownloadError> =>
    Effect.suspend(() => {
      const call = CallState.make(operation)
      return follow(call, url, 0).pipe(
        Effect.map(Either.right),
        // What has been judged already passes the deadline, which knows of calls to the hub alone.
        Effect.catchTag("LinkExpired", "DownloadRefused", "TruncatedExport", (error) =>
          Effect.succeed(Either.left(error))
        ),
        silenceOf(policies.config.idleTimeout, call),
        deadline(policies.config.deadline, call),
        Effect.flatten,
        Effect.provideService(CallState.CurrentCall, call)
      )
    })

  return (link) =>
    Effect.flatMap(parse(Redacted.value(link)), ask).pipe(
      // The errors of the body are ours since `ownErrors`.
      Effect.map(
        (response) => whole(response) as Stream.Stream<Uint8Array, ConnectionFailed | TruncatedExport>
      ),
      Stream.unwrap
    )
}
