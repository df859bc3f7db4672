// Inflates to a known length: memory is bounded by what the header says, which is compared with the size of the packed
// bytes before anything is allocated.
import * as Either from "effect/Either"
import { inflateSync } from "fflate"
import { fail, type Result } from "./maskError.js"

// Deflate packs at most 258 bytes into two bits.
const maxRatio = 1032

const lengthError = (expected: number, problem: string): Result<never> =>
  fail(
    "damaged",
    `The header of the mask announces ${expected} bytes of data, and ${problem}. Get the complete file.`
  )

/** Inflates deflated bytes, which have to result in exactly `expected` bytes. */
export const inflate = (packed: Uint8Array, expected: number): Result<Uint8Array> => {
  if (expected > packed.length * maxRatio) return lengthError(expected, "the file is too short for them")
  return Either.flatMap(
    Either.try({
      // One byte more than expected, to notice data that is longer.
      try: () => inflateSync(packed, { out: new Uint8Array(expected + 1) }),
      catch: (cause) => cause
    }).pipe(
      Either.orElse(() =>
        fail("damaged", "The compressed data of the mask cannot be inflated. Get the complete file.")
      )
    ),
    (bytes) =>
      bytes.length === expected
        ? Either.right(bytes)
        : lengthError(expected, bytes.length > expected ? "contains more" : `contains ${bytes.length}`)
  )
}
