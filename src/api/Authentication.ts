/**
 * The credential of the API: a key in the header `apikey` (docs/api-notes.md#authentication).
 *
 * @since 0.1.0
 */
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import { header } from "./apiKey.js"
import { Unauthorized } from "./envelope.js"

/**
 * The security scheme of the contract. The transport of the client sends the key; a handler of the emulator checks it.
 *
 * @category services
 * @since 0.1.0
 */
export class Authentication extends HttpApiMiddleware.Tag<Authentication>()("effect-ango/Authentication", {
  failure: Unauthorized,
  security: { apikey: HttpApiSecurity.apiKey({ in: "header", key: header }) }
}) {}
