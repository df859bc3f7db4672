/**
 * The key, on requests to one origin.
 *
 * @since 0.1.0
 */
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { header } from "../../api/Authentication.js"
import { label } from "../../api/operations.js"
import { CredentialUnavailable, OriginMismatch } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import { keyProblem, type ResolvedConfig } from "../AngoConfig.js"
import type { CallState } from "./callState.js"
import { middleware, type Response, type Sent } from "./middleware.js"

// What a key store says when it fails may quote what it holds: only the failure's name is told.
const nameOf = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.squash(cause)
  const name = Predicate.hasProperty(failure, "_tag")
    ? failure._tag
    : Predicate.hasProperty(failure, "name")
      ? failure.name
      : undefined
  return typeof name === "string" && /^\w{1,60}$/.test(name) ? ` (${name})` : ""
}

// Enough for keys that rotate; for one per request there is no end.
const remembered = 8

// The latest keys, each once, the newest first. Copies: who wipes an old key must not break the errors of today.
const makeMemory = () => {
  let keys: ReadonlyArray<Redacted.Redacted> = []
  return (value: string) => {
    if (keys[0] === undefined || Redacted.value(keys[0]) !== value) {
      const others = keys.filter((key) => Redacted.value(key) !== value)
      keys = [Redacted.make(value), ...others.slice(0, remembered - 1)]
    }
    return keys
  }
}

const refuse = (call: CallState, problem: string): Effect.Effect<never, CredentialUnavailable> =>
  Effect.fail(
    new CredentialUnavailable(
      operationContext(call.operation, `${label(call.operation)} was not sent: ${problem}`)
    )
  )

const foreign = (call: CallState, expected: string, actual: string): Effect.Effect<never, OriginMismatch> =>
  Effect.fail(
    new OriginMismatch({
      reason: "origin",
      ...operationContext(
        call.operation,
        `${label(call.operation)} would have gone to ${actual}; the key belongs to ${expected}. It was not sent.`
      ),
      expected,
      actual
    })
  )

/**
 * Puts the current key on a request that goes to the configured origin, and sends no other request.
 */
export const credential = (config: Pick<ResolvedConfig, "apiKey" | "origin">) => {
  const remember = makeMemory()
  return middleware<Sent, Sent | OriginMismatch | CredentialUnavailable>((request, send, call) => {
    const actual = URL.canParse(request.url) ? new URL(request.url).origin : "no origin"
    if (actual !== config.origin) return foreign(call, config.origin, actual)
    return Effect.matchCauseEffect(config.apiKey, {
      onFailure: (cause) => refuse(call, `the effect that yields the key failed${nameOf(cause)}.`),
      onSuccess: (key): Effect.Effect<Response, Sent | CredentialUnavailable> => {
        const problem = keyProblem(key)
        if (problem !== undefined) return refuse(call, problem)
        const value = Redacted.value(key)
        call.keys = remember(value)
        call.attempts++
        call.isUnsettled = true
        return send(HttpClientRequest.setHeader(request, header, value))
      }
    })
  })
}
