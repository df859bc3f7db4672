// A name for a secret, from which the secret cannot be found again.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** The first 64 bits of the SHA-256 of a secret, as 16 hexadecimal digits. */
export const digest = (secret: Redacted.Redacted): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(Redacted.value(secret)))),
    (hash) => Array.from(new Uint8Array(hash, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")
  )
