/**
 * Uploads by pre-signed links: without the key, to whatever host the link names.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { Operation } from "../../api/operations.js"
import {
  type AttemptError,
  type FileError,
  type InvalidRequest,
  TransferError
} from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import type { ResolvedConfig } from "../AngoConfig.js"
import { check, type Guard } from "../Guard.js"
import type { Settings as RetrySettings } from "../RetryPolicy.js"
import { withAttemptTimeout } from "../transport/attemptTimeout.js"
import * as CallState from "../transport/callState.js"
import { deadline } from "../transport/deadline.js"
import { httpSpan, withoutHttpSpan } from "../transport/httpSpan.js"
import { idleLimitOf } from "../transport/idleTimeout.js"
import type { Response } from "../transport/middleware.js"
import { ownErrors } from "../transport/pipeline.js"
import { errorOnRedirect, isRedirect, manualRedirect, wasRedirected } from "../transport/redirects.js"
import { type Quota, retry } from "../transport/retry.js"
import type { FileSource } from "./FileSource.js"
import * as SignedLink from "./signedLink.js"
import { discardBody, maxRedirects, noBudget, secretsOf, withoutQuery } from "./signedLink.js"
import * as Sending from "./uploadRequest.js"

/**
 * Puts a file behind a link, and ends when the storage has said that it is there.
 *
 * @since 0.1.0
 */
export type Upload = (
  link: Redacted.Redacted,
  source: FileSource,
  options?: Sending.PutOptions
) => Effect.Effect<void, AttemptError | TransferError | FileError>

/** No endpoint of the contract: the link may lead anywhere, and is not told. */
export const operation: Operation = {
  name: "uploads.put",
  method: "PUT",
  route: "{uploadUrl}",
  status: 200,
  repeat: "idempotent"
}

const { advice, busy, expired, parse, say } = SignedLink.make(operation, {
  direction: "upload",
  again: "ask for a new link",
  what: "the file"
})

const follow = (link: string, from?: URL): Effect.Effect<URL, TransferError> =>
  Effect.mapError(parse(link, from), (rejection) => new TransferError({ direction: "upload", ...rejection }))

/** Refuses a file of a size that is none. */
export const sized = ({ size }: FileSource): Effect.Effect<void, InvalidRequest> =>
  Number.isSafeInteger(size) && size >= 0
    ? Effect.void
    : Effect.fail(invalidRequest(operation, "size", "Give the file's bytes as a whole number of 0 or more."))

const refused = (
  reason: TransferError["reason"],
  { status }: Pick<Response, "status">,
  url: URL,
  message: string
): TransferError =>
  new TransferError({ direction: "upload", ...say(message), reason, status, link: withoutQuery(url) })

const refusal = (response: Response, url: URL): TransferError => {
  const { status } = response
  if (isRedirect(response)) {
    return refused(
      "redirect",
      response,
      url,
      `was answered with a redirect (${status}) that asks for no file: only 307 and 308 do, with where to. ${advice}`
    )
  }
  return (
    expired(status, url) ??
    (status === 411
      ? refused(
          "length-required",
          response,
          url,
          "was refused (411): the storage must know the length of a file before it comes, and this HTTP client cannot " +
            "tell that of a stream. Use another client (NodeHttpClient of @effect/platform-node)."
        )
      : refused("status", response, url, `was refused by the storage (${status}). The file is not stored.`))
  )
}

const unsent = (response: Response, url: URL, sent: number, size: number): TransferError =>
  refused(
    "incomplete",
    response,
    url,
    `was answered (${response.status}) after ${sent} of ${size} bytes: the HTTP client has sent something else than ` +
      "the file, or the storage does not want it. Use another client (NodeHttpClient of @effect/platform-node)."
  )

/** What became of an attempt that was answered, or for which the file could not be read. */
type Attempted = Either.Either<Response, FileError | TransferError>

// An attempt that is given up closes its connection first, and is not waited for: what waits for a socket that takes
// nothing may be deaf to an interruption (the platform's `node:http` client is).
const within = <A, E>(attempt: (scope: Scope.Scope) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const close = Scope.close(scope, Exit.void)
      const fiber = yield* Effect.forkDaemon(Effect.interruptible(attempt(scope)))
      return yield* restore(Fiber.join(fiber)).pipe(
        Effect.onInterrupt(() => Effect.zipRight(close, Fiber.interruptFork(fiber))),
        Effect.ensuring(close)
      )
    })
  )

interface Policies {
  readonly config: Pick<ResolvedConfig, "deadline" | "idleTimeout">
  readonly retry: RetrySettings
  readonly quota: Quota
  readonly guard: Guard["Type"]
}

/**
 * Uploads through the user's `HttpClient`, with nothing of ours on the request but the length and the media type of the
 * file. A `PUT` to the same link is the same file again, so that it is repeated as the retry policy says, each time from
 * the first byte. The deadline counts attempts, waits and answers, and begins anew with each part that leaves: a file may
 * take as long as it moves, which is 64 kB within the idle timeout. Redirects are followed when they keep the method (307, 308),
 * and to https alone.
 */
export const make = (httpClient: HttpClient.HttpClient, policies: Policies): Upload => {
  // What is still on its way when an attempt is over ends with it: a storage may answer before it has heard all.
  const clientIn = (scope: Scope.Scope) =>
    httpClient.pipe(
      HttpClient.withScope,
      HttpClient.transformResponse(Effect.provideService(Scope.Scope, scope)),
      withoutHttpSpan,
      httpSpan,
      ownErrors
    )

  const attempt = (
    call: CallState.CallState,
    url: URL,
    file: Sending.File
  ): Effect.Effect<Attempted, AttemptError> =>
    Effect.gen(function* () {
      let sending: Sending.Sending = { sent: 0 }
      const deliver = (isKept: boolean) =>
        within((scope) =>
          Effect.flatMap(Clock.currentTimeMillis, (since) => {
            call.attempts++
            call.silence = { since, phase: "request" }
            sending = { sent: 0 }
            return Sending.requestOf(url, file, sending, call)
          }).pipe(
            Effect.flatMap((request) => {
              const isStream = request.body._tag === "Stream"
              return (isStream && !isKept ? errorOnRedirect : manualRedirect)(
                clientIn(scope).execute(request)
              )
            }),
            Effect.tap(discardBody),
            Effect.provideService(Scope.Scope, scope)
          )
        )
      const answer = yield* deliver(false).pipe(
        // Only to learn where to: few storages redirect.
        Effect.catchIf(
          (error) => error._tag === "ConnectionFailed" && wasRedirected(error),
          () => deliver(true)
        ),
        withAttemptTimeout(call, noBudget),
        Effect.either
      )
      // The error of the connection is a consequence.
      if (sending.problem !== undefined) return Either.left(sending.problem)
      if (Either.isLeft(answer)) {
        return answer.left._tag === "FileError" ? Either.left(answer.left) : yield* Effect.fail(answer.left)
      }
      const response = answer.right
      const problem = yield* busy(response, call)
      if (problem !== undefined) return yield* problem
      const isContent = response.status >= 200 && response.status <= 299
      return isContent && sending.sent !== file.source.size
        ? Either.left(unsent(response, url, sending.sent, file.source.size))
        : Either.right(response)
    })

  // Puts the file behind a link, over its redirects.
  const send = (
    call: CallState.CallState,
    url: URL,
    file: Sending.File,
    redirects: number
  ): Effect.Effect<void, AttemptError | TransferError | FileError> =>
    Effect.gen(function* () {
      call.keys = [...secretsOf(url), ...call.keys]
      const response = yield* Effect.flatten(
        attempt(call, url, file).pipe(
          retry(policies.retry, call, { quota: policies.quota, budget: noBudget })
        )
      )
      const { headers, request, status } = response
      // A client that follows redirects by itself answers from where it ended up.
      const problem = yield* Effect.flip(follow(request.url, url)).pipe(Effect.option)
      if (Option.isSome(problem)) return yield* problem.value
      if (status >= 200 && status <= 299) return
      const location = headers["location"]
      if ((status !== 307 && status !== 308) || location === undefined) return yield* refusal(response, url)
      if (redirects >= maxRedirects) {
        const message = `was answered with more than ${maxRedirects} redirects. ${advice}`
        return yield* refused("redirect", response, url, message)
      }
      return yield* Effect.flatMap(follow(location, url), (next) => send(call, next, file, redirects + 1))
    })

  const put = (url: URL, file: Sending.File): Effect.Effect<void, AttemptError | TransferError | FileError> =>
    Effect.suspend(() => {
      const call = CallState.make(operation)
      return Effect.zipRight(
        check(policies.guard, operation, HttpClientRequest.put(url.href)),
        send(call, url, file, 0)
      ).pipe(
        Effect.map(Either.right),
        // What has been judged already passes the deadline, which knows of calls to the hub alone.
        Effect.catchTag("TransferError", "FileError", (error) => Effect.succeed(Either.left(error))),
        idleLimitOf(policies.config.idleTimeout, call),
        deadline(policies.config.deadline, call),
        Effect.flatten,
        Effect.provideService(CallState.CurrentCall, call)
      )
    })

  return (link, source, options = {}) =>
    Effect.zipRight(
      sized(source),
      Effect.flatMap(follow(Redacted.value(link)), (url) => put(url, { source, ...options }))
    )
}
