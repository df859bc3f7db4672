// Inflates to a known length: memory and time are bounded by what the header says, which is compared with the size of the
// packed bytes before anything is allocated.
import * as Either from "effect/Either"
import { Inflate } from "fflate"
import { fail, type Result } from "./maskError.js"

// Deflate packs at most 258 bytes into two bits.
const maxRatio = 1032

// Inflated at once, so that data which are longer than announced are noticed after 4 MiB at most.
const partSize = 4 * 1024

const lengthError = (expected: number, problem: string): Result<never> =>
  fail(
    "damaged",
    `The header of the mask announces ${expected} bytes of data, and ${problem}. Get the complete file.`
  )

// The number of bytes found, of which the first are in `target`.
const inflateInto = (target: Uint8Array, packed: Uint8Array): number => {
  let found = 0
  const inflater = new Inflate((part) => {
    target.set(part.subarray(0, Math.max(0, target.length - found)), found)
    found += part.length
  })
  for (let at = 0; at < packed.length && found <= target.length; at += partSize) {
    inflater.push(packed.subarray(at, at + partSize), at + partSize >= packed.length)
  }
  return found
}

/** Inflates deflated bytes, which have to result in exactly `expected` bytes. */
export const inflate = (packed: Uint8Array, expected: number): Result<Uint8Array> => {
  if (expected > packed.length * maxRatio) return lengthError(expected, "the file is too short for them")
  try {
    const bytes = new Uint8Array(expected)
    const found = inflateInto(bytes, packed)
    if (found === expected) return Either.right(bytes)
    return lengthError(expected, found > expected ? "contains more" : `contains ${found}`)
  } catch {
    return fail("damaged", "The compressed data of the mask cannot be inflated. Get the complete file.")
  }
}
