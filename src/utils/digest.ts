// Short one-way hashes: names for texts that must not be readable.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

interface Crypto {
  readonly hash?: (algorithm: "sha256", text: string, encoding: "hex") => string
}

const { process } = globalThis as {
  readonly process?: { readonly getBuiltinModule?: (name: "node:crypto") => Crypto | undefined }
}

// Web Crypto starts a task for each text, which takes more time than the hash.
const hashNow = process?.getBuiltinModule?.("node:crypto")?.hash

const digits = 16

const hex = (hash: ArrayBuffer): string =>
  Array.from(new Uint8Array(hash, 0, digits / 2), (byte) => byte.toString(16).padStart(2, "0")).join("")

const hashSoon = (text: string): Promise<string> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(hex)

/** The first 64 bits of the SHA-256 of each text, as 16 hexadecimal digits. */
export const digests = (texts: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
  hashNow === undefined
    ? Effect.promise(() => Promise.all(texts.map(hashSoon)))
    : Effect.sync(() => texts.map((text) => hashNow("sha256", text, "hex").slice(0, digits)))

/** The first 64 bits of the SHA-256 of a secret, as 16 hexadecimal digits. */
export const digest = (secret: Redacted.Redacted): Effect.Effect<string> =>
  Effect.map(digests([Redacted.value(secret)]), ([one = ""]) => one)
