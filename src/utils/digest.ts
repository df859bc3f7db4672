// Short one-way hashes: names for texts that must not be readable.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const hex = (hash: ArrayBuffer): string =>
  Array.from(new Uint8Array(hash, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")

const hash = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))

/** The first 64 bits of the SHA-256 of each text, as 16 hexadecimal digits. */
export const digests = (texts: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(() => Promise.all(texts.map(hash)).then((hashes) => hashes.map(hex)))

/** The first 64 bits of the SHA-256 of a secret, as 16 hexadecimal digits. */
export const digest = (secret: Redacted.Redacted): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => hash(Redacted.value(secret))),
    hex
  )
