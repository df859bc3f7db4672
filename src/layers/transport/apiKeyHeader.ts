/**
 * The key of requests, for the configured origin only.
 *
 * @since 0.1.0
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { label } from "../../api/operation.js"
import { CredentialUnavailable, OriginMismatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { keyProblem, type ResolvedConfig } from "../AngoConfig.js"
import type { CallState } from "./callState.js"
import { scrubbedSecrets } from "./requestSecrets.js"

// The failure of a key store may quote a secret: only its name goes into the message.
const describeFailure = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.squash(cause)
  const name = Predicate.hasProperty(failure, "_tag")
    ? failure._tag
    : Predicate.hasProperty(failure, "name")
      ? failure.name
      : undefined
  return typeof name === "string" && /^\w{1,60}$/.test(name) ? ` (${name})` : ""
}

// Enough for rotating keys; a key per request must not grow the list without end.
const maxKeys = 8

// Keeps the latest distinct keys, the newest first. They are copies: wiping an old key (`Redacted.unsafeWipe`) must not
// break later errors.
const makeKeyHistory = () => {
  let keys: ReadonlyArray<Redacted.Redacted> = []
  return (value: string) => {
    if (keys[0] === undefined || Redacted.value(keys[0]) !== value) {
      const others = keys.filter((key) => Redacted.value(key) !== value)
      keys = [Redacted.make(value), ...others.slice(0, maxKeys - 1)]
    }
    return keys
  }
}

const failUnavailable = (call: CallState, problem: string): Effect.Effect<never, CredentialUnavailable> =>
  Effect.fail(
    new CredentialUnavailable(
      operationContext(call.operation, `${label(call.operation)} was not sent: ${problem}`)
    )
  )

const failOrigin = (
  call: CallState,
  expected: string,
  actual: string
): Effect.Effect<never, OriginMismatch> =>
  Effect.fail(
    new OriginMismatch({
      reason: "origin",
      ...operationContext(
        call.operation,
        `${label(call.operation)} was not sent: its origin is ${actual}, and the key may only be sent to ${expected}.`
      ),
      expected,
      actual
    })
  )

/** Yields the current key for a request to the configured origin; fails for any other origin. */
export type Credential = (
  call: CallState,
  request: Pick<HttpClientRequest.HttpClientRequest, "url">
) => Effect.Effect<string, CredentialUnavailable | OriginMismatch>

/** Makes the credential of one client. Errors of calls are scrubbed of the keys that it has yielded. */
export const makeCredential = (config: Pick<ResolvedConfig, "apiKey" | "origin">): Credential => {
  const remember = makeKeyHistory()
  return (call, request) => {
    const actual = URL.canParse(request.url) ? new URL(request.url).origin : "no origin"
    if (actual !== config.origin) return failOrigin(call, config.origin, actual)
    return Effect.matchCauseEffect(config.apiKey, {
      onFailure: (cause) =>
        failUnavailable(call, `the effect that yields the key failed${describeFailure(cause)}.`),
      onSuccess: (key): Effect.Effect<string, CredentialUnavailable> => {
        const problem = keyProblem(key)
        if (problem !== undefined) return failUnavailable(call, problem)
        const value = Redacted.value(key)
        call.keys = [...remember(value), ...scrubbedSecrets(call.secrets)]
        return Effect.succeed(value)
      }
    })
  }
}
