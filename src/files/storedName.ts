// Under which name a file is stored: one that no other file has.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { extensionOf } from "./contentType.js"

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0").slice(-digits)

/**
 * 32 hexadecimal digits and the extension of the file, in the vendor's own form. The time is in it, since two programs
 * may begin at the same place of the same chance.
 */
export const storedName = (name: string): Effect.Effect<string> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const parts = yield* Effect.replicateEffect(Random.nextIntBetween(0, 2 ** 20), 4)
    const unique = `${hex(Math.abs(now), 12)}${parts.map((part) => hex(part, 5)).join("")}`
    const extension = extensionOf(name)
    return extension === undefined ? unique : `${unique}.${extension}`
  })
