import * as Either from "effect/Either"
import { fail, type Result } from "./maskError.js"

const predictPaeth = (left: number, up: number, upLeft: number): number => {
  const toLeft = Math.abs(up - upLeft)
  const toUp = Math.abs(left - upLeft)
  const toUpLeft = Math.abs(left + up - 2 * upLeft)
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}

// From the bytes to the left, above, and above on the left, to what was subtracted from a byte.
const predictions: ReadonlyArray<(left: number, up: number, upLeft: number) => number> = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  predictPaeth
]

/** The lines of a pass. `pixelLength` is the distance in bytes to the pixel on the left. */
export interface FilteredLines {
  /** Where the filter of the first line is. */
  readonly offset: number
  readonly rows: number
  readonly lineLength: number
  readonly pixelLength: number
}

/** Undoes the filters of all lines, in place. */
export const unfilter = (
  data: Uint8Array,
  { lineLength, offset, pixelLength, rows }: FilteredLines
): Result<void> => {
  for (let row = 0; row < rows; row++) {
    const start = offset + row * (lineLength + 1) + 1
    const filter = data[start - 1] ?? 0
    const predict = predictions[filter]
    if (predict === undefined) {
      return fail("damaged", `The PNG has a line with the unknown filter ${filter}. Get the complete file.`)
    }
    if (filter === 0) continue
    for (let column = 0; column < lineLength; column++) {
      const at = start + column
      const above = at - lineLength - 1
      const left = column < pixelLength ? 0 : (data[at - pixelLength] ?? 0)
      const up = row === 0 ? 0 : (data[above] ?? 0)
      const upLeft = row === 0 || column < pixelLength ? 0 : (data[above - pixelLength] ?? 0)
      data[at] = (data[at] ?? 0) + predict(left, up, upLeft)
    }
  }
  return Either.void
}
