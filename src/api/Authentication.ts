/**
 * The one credential of the API: a key in a header named `apikey` (docs/api-notes.md#authentication).
 *
 * @since 0.1.0
 */
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import { Unauthorized } from "./envelope.js"

/** The header's name, lower case. */
export const header = "apikey"

/**
 * The security scheme of the contract. Client side, the transport sends the key; hub side, a handler checks it.
 *
 * @since 0.1.0
 */
export class Authentication extends HttpApiMiddleware.Tag<Authentication>()("effect-ango/Authentication", {
  failure: Unauthorized,
  security: { apikey: HttpApiSecurity.apiKey({ in: "header", key: header }) }
}) {}
