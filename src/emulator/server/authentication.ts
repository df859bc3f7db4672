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
import { Hub } from "../state/hubService.js"

/** Accepts the hub's key only; the error message is that of the real hub (docs/api-notes.md#errors). */
export const layer: Layer.Layer<Authentication, never, Hub> = Layer.effect(
  Authentication,
  Effect.map(Hub, ({ apiKey }) => ({
    apikey: (sentKey: Redacted.Redacted) =>
      Redacted.value(sentKey) === Redacted.value(apiKey)
        ? Effect.void
        : Effect.fail(new Unauthorized({ status: "fail", message: "Invalid API KEY" }))
  }))
)
