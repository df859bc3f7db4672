import * as Either from "effect/Either"
import { fail, type Result } from "./maskError.js"

/** The most bytes that a mask may have once it is decoded. */
export const maxBytes = 2 ** 30

const isSide = (side: number): boolean => Number.isSafeInteger(side) && side > 0

/** The number of bytes of a mask with these sides and `unit` bytes for each of its elements; checked, not allocated. */
export const byteCount = (sides: ReadonlyArray<number>, unit: number): Result<number> => {
  const text = sides.join(" × ")
  if (!sides.every(isSide)) {
    return fail("size", `A mask cannot have the sides ${text}: each has to be an integer of 1 or more.`)
  }
  const count = sides.reduce((product, side) => product * side, unit)
  return count <= maxBytes
    ? Either.right(count)
    : fail(
        "too-large",
        `A mask of ${text} has ${count} bytes once it is decoded; at most ${maxBytes} are allowed. Split it.`
      )
}

/** Succeeds if an array has as many values as the sides of its mask need. */
export const checkLength = (
  { length }: { readonly length: number },
  sides: ReadonlyArray<number>,
  channels = 1
): Result<void> => {
  const expected = sides.reduce((product, side) => product * side, channels)
  return length === expected
    ? Either.void
    : fail(
        "size",
        `The mask has ${length} values instead of ${expected}: ${sides.join(" × ")}` +
          `${channels === 1 ? "" : ` × ${channels} channels`}. Check the sides and their order.`
      )
}

/** The values as bytes: `true` is 1. Fails if one is not an integer from 0 to 255. */
export const toBytes = (values: ArrayLike<number> | ArrayLike<boolean>): Result<Uint8Array> => {
  if (values instanceof Uint8Array) return Either.right(values)
  const bytes = new Uint8Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = Number(values[index])
    bytes[index] = value
    if (bytes[index] !== value) {
      return fail("value", `The value at index ${index} is ${value}; expected an integer from 0 to 255.`)
    }
  }
  return Either.right(bytes)
}
