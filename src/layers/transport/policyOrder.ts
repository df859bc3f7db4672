/**
 * The order of all policies, from the caller inwards. A call passes those of {@link withCallPolicies} once, each of its
 * requests those of {@link makeTransport}:
 *
 * | policy | on | what it does |
 * | --- | --- | --- |
 * | result | call | reports a write whose result is unknown as `AmbiguousOutcome` |
 * | deadline | call | starts the time that all attempts, waits, bodies and decoding share |
 * | idle timeout | call | sets how long a connection may be silent |
 * | retry | call | waits and repeats the attempt, within the quota and the deadline |
 * | attempt timeout | attempt | ends the attempt at the deadline, or when its connection is idle |
 * | concurrency limit | attempt | waits for a permit, held until the body is read |
 * | status | request | turns error statuses into errors |
 * | guard | request | blocks writes of a read-only client or a dry run |
 * | rate limit | request | waits for the request's turn; learns from a 429 |
 * | credential | request | adds the current key, for the configured origin only |
 * | redirects | request | refuses them |
 * | activity | request | records when the connection was last active, for the attempt timeout |
 * | client errors | request | maps the platform's errors, which hold the key |
 * | span | request | one span and one count per request |
 *
 * Decoding is part of the attempt: the retry policy never repeats a `DecodeError`, and a body that breaks off can be
 * requested again.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { AttemptError, CallError } from "../../errors/AngoError.js"
import type { ResolvedConfig } from "../AngoConfig.js"
import { blockWrites, type Guard } from "../Guard.js"
import type { Settings as RetrySettings } from "../RetryPolicy.js"
import { toCallError } from "./ambiguousOutcome.js"
import { addCredential } from "./apiKeyHeader.js"
import { withAttemptTimeout } from "./attemptTimeout.js"
import { type CallState, CurrentCall } from "./callState.js"
import { mapClientErrors } from "./clientErrors.js"
import { startDeadline } from "./deadline.js"
import { traceRequest, withoutPlatformTracing } from "./httpSpan.js"
import { recordActivity, setIdleTimeout } from "./idleTimeout.js"
import { type Limiter, limitRate } from "./rateLimiter.js"
import { refuseRedirects } from "./redirects.js"
import { checkStatus } from "./responseStatus.js"
import { type Quota, retry } from "./retry.js"

/** What the policies of all calls of a client share. */
export interface CallPolicies {
  readonly config: Pick<ResolvedConfig, "deadline" | "idleTimeout">
  readonly retry: RetrySettings
  readonly quota: Quota
  readonly limiter: Limiter
  readonly limitConcurrency: <A, E>(attempt: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Runs the attempts of a call under its policies. */
export const withCallPolicies =
  (call: CallState, { config, limitConcurrency, limiter, quota, retry: settings }: CallPolicies) =>
  <A>(attempt: Effect.Effect<A, AttemptError>): Effect.Effect<A, CallError> =>
    attempt.pipe(
      limitConcurrency,
      withAttemptTimeout(call, limiter.budget),
      retry(settings, call, { quota, budget: limiter.budget }),
      setIdleTimeout(config.idleTimeout, call),
      startDeadline(config.deadline, call),
      Effect.mapError((error) => toCallError(call, error)),
      Effect.provideService(CurrentCall, call)
    )

// The vendor's SDK sends these on its JSON calls, and the documentation requires the content type even of reads
// (docs/api-notes.md#content-type). A body brings its own content type, a form the one with its boundary.
const addJsonHeaders = HttpClient.mapRequestInput((request: HttpClientRequest.HttpClientRequest) =>
  HttpClientRequest.setHeaders(request, {
    accept: "application/json",
    ...(request.body._tag === "Empty" ? { "content-type": "application/json" } : {})
  })
)

/** Wraps the user's `HttpClient` in the policies of a request. A request passes them from the last to the first. */
export const makeTransport = (
  client: HttpClient.HttpClient,
  config: Pick<ResolvedConfig, "apiKey" | "origin">,
  policies: { readonly limiter: Limiter; readonly guard: Guard["Type"] }
): HttpClient.HttpClient.With<AttemptError> =>
  client.pipe(
    withoutPlatformTracing,
    traceRequest,
    mapClientErrors,
    recordActivity(),
    refuseRedirects,
    addCredential(config),
    limitRate(policies.limiter),
    blockWrites(policies.guard),
    checkStatus,
    addJsonHeaders
  )
