/**
 * The key check of the hub.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Authentication } from "../../api/Authentication.js"
import { Unauthorized } from "../../api/envelope.js"
import { Hub } from "../state/hub.js"

/** Refuses every key but the hub's, with the sentence of the real one (docs/api-notes.md#errors). */
export const layer: Layer.Layer<Authentication, never, Hub> = Layer.effect(
  Authentication,
  Effect.map(Hub, ({ apiKey }) => ({
    apikey: (given: Redacted.Redacted) =>
      Redacted.value(given) === Redacted.value(apiKey)
        ? Effect.void
        : Effect.fail(new Unauthorized({ status: "fail", message: "Invalid API KEY" }))
  }))
)
