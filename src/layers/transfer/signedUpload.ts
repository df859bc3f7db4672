/**
 * Uploads by pre-signed links: without the key, to any host that the link names.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { Operation } from "../../api/operation.js"
import type { AttemptError, FileError, InvalidRequest, TransferError } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { checkWrite, type Guard } from "../Guard.js"
import type { CallState } from "../transport/callState.js"
import { type HttpSender, send } from "../transport/httpRequest.js"
import { recordRequest } from "../transport/idleTimeout.js"
import { type CallPolicies, startCall } from "../transport/policyOrder.js"
import { errorOnRedirect, isRedirect, isRedirectError, manualRedirect } from "../transport/redirects.js"
import type { Response } from "../transport/response.js"
import { retry } from "../transport/retry.js"
import type { FileSource } from "./FileSource.js"
import * as SignedLink from "./signedLink.js"
import { discardBody, noBudget } from "./signedLink.js"
import * as UploadRequest from "./uploadBody.js"

/**
 * Uploads a file to a link. Ends when the storage has confirmed it.
 *
 * @category models
 * @since 0.1.0
 */
export type Upload = (
  link: Redacted.Redacted,
  source: FileSource,
  options?: UploadRequest.PutOptions
) => Effect.Effect<void, AttemptError | TransferError | FileError>

/** Not an endpoint of the contract: the link may lead anywhere, and is not part of errors, spans and logs. */
export const operation: Operation = {
  name: "uploads.put",
  method: "PUT",
  route: "{uploadUrl}",
  status: 200,
  repeat: "idempotent",
  title: "The upload of the file"
}

const advice = "Request a new link."

const { busyError, expiredError, followRedirects, resolve, transferError } = SignedLink.make(operation, {
  direction: "upload",
  advice,
  content: "the file"
})

/** Fails unless the size of a file is an integer of 0 or more. */
export const checkSize = ({ size }: FileSource): Effect.Effect<void, InvalidRequest> =>
  Number.isSafeInteger(size) && size >= 0
    ? Effect.void
    : Effect.fail(
        invalidRequest(operation, "size", "Give the file's size in bytes as an integer of 0 or more.")
      )

const isSuccess = ({ status }: Response): boolean => status >= 200 && status <= 299

// Only 307 and 308 keep the method and the body.
const redirectOf = (response: Response, link: URL): Effect.Effect<string | undefined, TransferError> => {
  const { headers, status } = response
  if (isSuccess(response)) return Effect.succeed(undefined)
  const location = headers["location"]
  if ((status === 307 || status === 308) && location !== undefined) return Effect.succeed(location)
  if (isRedirect(response)) {
    return transferError(
      "redirect",
      `got a redirect (${status}) that cannot be followed with a file: only 307 and 308 with a location can. ${advice}`,
      { status, link }
    )
  }
  return (
    expiredError(status, link) ??
    (status === 411
      ? transferError(
          "length-required",
          "was refused (411): the storage requires the length of the file first, and this HTTP client does not send it " +
            "for a stream. Use another client (NodeHttpClient of @effect/platform-node).",
          { status, link }
        )
      : transferError("status", `was refused by the storage (${status}). The file is not stored.`, {
          status,
          link
        }))
  )
}

const incomplete = ({ status }: Response, link: URL, sent: number, size: number): TransferError =>
  transferError(
    "incomplete",
    `got a response (${status}) after ${sent} of ${size} bytes: the HTTP client sent something other than the file, or ` +
      "the storage ignored it. Use another client (NodeHttpClient of @effect/platform-node).",
    { status, link }
  )

/** Sends a file and discards the body of the response. */
type Send = (
  call: CallState,
  url: URL,
  file: UploadRequest.File,
  state: UploadRequest.UploadState
) => Effect.Effect<Response, AttemptError | FileError>

/** The end of an attempt that the retry policy must not judge: a response, or a problem of the file or the client. */
type AttemptResult = Either.Either<Response, FileError | TransferError>

// Runs an attempt in a scope of its own. When the attempt is interrupted, its connection is closed first and its fiber
// is not awaited: the platform's `node:http` client cannot be interrupted while it waits for a blocked socket.
const runScoped = <A, E>(attempt: (scope: Scope.Scope) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Scope.make(), (scope) => {
      const close = Scope.close(scope, Exit.void)
      return Effect.flatMap(Effect.forkDaemon(Effect.interruptible(attempt(scope))), (fiber) =>
        restore(Fiber.join(fiber)).pipe(
          Effect.onInterrupt(() => Effect.zipRight(close, Fiber.interruptFork(fiber))),
          Effect.ensuring(close)
        )
      )
    })
  )

/**
 * Makes uploads through the user's `HttpClient`; requests carry only the length and the media type of the file. A `PUT`
 * to the same link stores the same file, so it is retried under the retry policy, each time from the first byte. The
 * deadline covers attempts, waits and responses, and restarts with each part that is sent: a file may take any time as
 * long as one part (64 or 256 kB) is sent within the idle timeout. Redirects are followed when they keep the method (307, 308).
 */
export const make = (
  sender: HttpSender,
  policies: Pick<CallPolicies, "config" | "quota" | "retry" | "timeLimits"> & {
    readonly guard: Guard["Type"]
  }
): Upload => {
  // The request ends with the scope of its attempt: a storage may respond before it has received everything.
  const senderIn = (scope: Scope.Scope): HttpSender => ({
    client: sender.client.pipe(
      HttpClient.withScope,
      HttpClient.transformResponse(Effect.provideService(Scope.Scope, scope))
    ),
    contextOf: sender.contextOf
  })

  // A file in memory: one request like any other.
  const sendBytes: Send = (call, url, file, state) =>
    Effect.flatMap(UploadRequest.makeBytesRequest(url, file, state, call), (request) =>
      Effect.clockWith((clock) => {
        call.attempts++
        recordRequest(call, clock)
        return Effect.tap(send(sender, call, request, manualRedirect), discardBody)
      })
    )

  // A larger file is sent while it is read.
  const sendStream =
    (init: RequestInit): Send =>
    (call, url, file, state) =>
      runScoped((scope) =>
        Effect.clockWith((clock) => {
          call.attempts++
          recordRequest(call, clock)
          state.sent = 0
          delete state.problem
          return Effect.flatMap(UploadRequest.makeStreamRequest(url, file, state, call), (request) =>
            Effect.tap(send(senderIn(scope), call, request, init), discardBody)
          )
        }).pipe(Effect.provideService(Scope.Scope, scope))
      )

  const sendFile: Send = (call, url, file, state) =>
    UploadRequest.fitsInMemory(file.source)
      ? sendBytes(call, url, file, state)
      : Effect.catchIf(
          sendStream(errorOnRedirect)(call, url, file, state),
          (error) => error._tag === "ConnectionFailed" && isRedirectError(error),
          // Sends a stream again only to learn the location of the redirect: few storages redirect.
          () => sendStream(manualRedirect)(call, url, file, state)
        )

  const attempt = (
    call: CallState,
    url: URL,
    file: UploadRequest.File
  ): Effect.Effect<AttemptResult, AttemptError> =>
    Effect.suspend(() => {
      const state: UploadRequest.UploadState = { sent: 0 }
      const sent = policies.timeLimits.run(call, noBudget, sendFile(call, url, file, state))
      return Effect.matchEffect(sent, {
        onFailure: (error): Effect.Effect<AttemptResult, AttemptError> => {
          // A file that cannot be read breaks the connection: report the cause.
          if (state.problem !== undefined) return Effect.succeed(Either.left(state.problem))
          return error._tag === "FileError" ? Effect.succeed(Either.left(error)) : Effect.fail(error)
        },
        onSuccess: (response): Effect.Effect<AttemptResult, AttemptError> => {
          if (state.problem !== undefined) return Effect.succeed(Either.left(state.problem))
          return Effect.flatMap(
            busyError(response, call),
            (problem): Effect.Effect<AttemptResult, AttemptError> => {
              if (problem !== undefined) return Effect.fail(problem)
              const { size } = file.source
              return Effect.succeed(
                isSuccess(response) && state.sent !== size
                  ? Either.left(incomplete(response, url, state.sent, size))
                  : Either.right(response)
              )
            }
          )
        }
      })
    })

  const put = (
    url: URL,
    file: UploadRequest.File
  ): Effect.Effect<void, AttemptError | TransferError | FileError> =>
    startCall(operation, policies, [], (call, settings) =>
      Effect.zipRight(
        checkWrite(policies.guard, call, HttpClientRequest.put(url.href)),
        Effect.asVoid(
          followRedirects(call, url, {
            send: (target) =>
              Effect.flatten(
                retry(
                  settings.retry,
                  call,
                  { quota: policies.quota, budget: noBudget },
                  attempt(call, target, file)
                )
              ),
            redirectOf,
            // Each attempt has discarded its body already.
            discard: () => Effect.void
          })
        )
      )
    )

  return (link, source, options = {}) =>
    Effect.zipRight(
      checkSize(source),
      Effect.flatMap(resolve(Redacted.value(link)), (url) => put(url, { source, ...options }))
    )
}
