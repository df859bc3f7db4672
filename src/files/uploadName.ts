// Unique names for stored files.
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { wholeExtensionOf } from "./contentType.js"

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0").slice(-digits)

/**
 * A unique name: 32 hexadecimal digits and the extension of `name` with all its parts, as the vendor's SDK writes it:
 * editors go by the name (docs/api-notes.md#file-types). It contains the time, so that two programs with the same random
 * seed still choose different names.
 */
export const makeStoredName = (name: string): Effect.Effect<string> =>
  Effect.clockWith((clock) =>
    Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 2 ** 20), 4), (parts) => {
      const now = clock.unsafeCurrentTimeMillis()
      const unique = `${hex(Math.abs(now), 12)}${parts.map((part) => hex(part, 5)).join("")}`
      const extension = wholeExtensionOf(name)
      return extension === undefined ? unique : `${unique}.${extension}`
    })
  )
