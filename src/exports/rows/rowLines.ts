// Rows as lines of a file: their bytes as they are, since parsing and encoding them again would change numbers with
// many digits.
import { join } from "../../utils/concat.js"
import { bytesOf, type RowBatch, readableRows } from "./rowBatch.js"

const lineFeed = 0x0a
const carriageReturn = 0x0d
const endOfLine = Uint8Array.of(lineFeed)

const isBreak = (byte: number | undefined): boolean => byte === lineFeed || byte === carriageReturn

const isSpace = (byte: number | undefined): boolean => isBreak(byte) || byte === 0x20 || byte === 0x09

// Line breaks in JSON text are white space between tokens: inside strings they are escaped.
const withoutBreaks = (row: Uint8Array): Uint8Array => {
  const parts: Array<Uint8Array> = []
  let from = 0
  for (let at = 0; at < row.length; at++) {
    if (!isBreak(row[at])) continue
    parts.push(row.subarray(from, at))
    while (isSpace(row[at + 1])) at++
    from = at + 1
  }
  return join([...parts, row.subarray(from)])
}

/** The readable rows, one per line. Lines that follow one another in the batch stay as they are. */
export const linesOf = (batch: RowBatch): Uint8Array => {
  const { bytes, ends, isLines, starts } = batch
  const parts: Array<Uint8Array> = []
  // A run of lines that is not in `parts` yet.
  let from = 0
  let to = 0
  let nextReturn = -1
  for (const row of readableRows(batch)) {
    const [start = 0, end = 0] = [starts[row], ends[row]]
    if (nextReturn < start) {
      const found = bytes.indexOf(carriageReturn, start)
      nextReturn = found < 0 ? bytes.length : found
    }
    const isLine = isLines && bytes[end] === lineFeed && nextReturn >= end
    if (isLine && start === to) {
      to = end + 1
      continue
    }
    parts.push(bytes.subarray(from, to))
    from = to = start
    if (isLine) to = end + 1
    else parts.push(withoutBreaks(bytesOf(batch, row)), endOfLine)
  }
  return join([...parts, bytes.subarray(from, to)].filter(({ length }) => length > 0))
}
