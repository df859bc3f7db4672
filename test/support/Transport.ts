// One request through the policies of requests, without those of its call.
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Operation } from "../../src/api/operation.js"
import type { ResolvedConfig } from "../../src/layers/AngoConfig.js"
import { makeSendRequest, type RequestPolicies } from "../../src/layers/transport/attempt.js"
import * as CallState from "../../src/layers/transport/callState.js"
import { makeSender } from "../../src/layers/transport/httpRequest.js"
import * as RateLimiter from "../../src/layers/transport/rateLimiter.js"

/** A call without time limits. */
export const startedCall = (operation: Operation) =>
  CallState.make(operation, { deadline: Duration.infinity, idleTimeout: Duration.infinity }, 0)

/** The function that sends requests to `https://hub.example`, without a rate limit and without a guard. */
export const sendThrough = (
  client: HttpClient.HttpClient,
  {
    apiKey = Effect.succeed(Redacted.make("key")),
    ...policies
  }: Partial<RequestPolicies> & Partial<Pick<ResolvedConfig, "apiKey">>
) =>
  Effect.map(RateLimiter.make("off", apiKey), (limiter) =>
    makeSendRequest(
      makeSender(client, Context.empty()),
      { apiKey, origin: "https://hub.example" },
      { guard: "off", limiter, ...policies }
    )
  )
