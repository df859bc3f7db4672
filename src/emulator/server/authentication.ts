/**
 * The hub's API key check.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Authentication } from "../../api/Authentication.js"
import { Unauthorized } from "../../api/envelope.js"
import { Hub, type HubService } from "../state/hubService.js"

/** The scope that a key lacks for an operation; `undefined` if it lacks none. Scopes are those of the option. */
export const missingScope = (
  { scopes }: Pick<HubService, "scopes">,
  key: string | undefined,
  operation: string
): string | undefined => {
  const allowed = key === undefined ? undefined : scopes.get(key)
  if (allowed === undefined) return undefined
  const [group = ""] = operation.split(".")
  return allowed.some((scope) => scope === operation || scope === `${group}.*`) ? undefined : operation
}

/** Accepts the hub's key and those of service accounts; the error message is that of the real hub (docs/api-notes.md#errors). */
export const layer: Layer.Layer<Authentication, never, Hub> = Layer.effect(
  Authentication,
  Effect.map(Hub, ({ apiKey, scopes }) => ({
    apikey: (sentKey: Redacted.Redacted) =>
      Redacted.value(sentKey) === Redacted.value(apiKey) || scopes.has(Redacted.value(sentKey))
        ? Effect.void
        : Effect.fail(new Unauthorized({ status: "fail", message: "Invalid API KEY" }))
  }))
)
