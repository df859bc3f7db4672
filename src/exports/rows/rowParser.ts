// Parses the rows of an export.
import { RowDecodeError } from "../../errors/AngoError.js"
import { quoted } from "../zip/entryName.js"
import { type Place, placeOf, type RowBatch } from "./rowBatch.js"

/** Where rows are. */
export type FoundRows = Pick<RowBatch, "bytes" | "offset" | "starts" | "ends" | "isLines">

/** Parses and counts the rows of one entry. */
export interface Parser {
  /** How many rows were parsed. */
  readonly count: () => number
  /** Parses the rows that were found in some bytes. */
  readonly parse: (found: FoundRows) => RowBatch
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The errors of the platform are dropped, because they may quote the data.
const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

// No value of JSON.
const notJson = Symbol("not-json")

const parseText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

// Rows are decoded to text together: one by one takes longer, and so do longer texts.
const maxTextBytes = 64 * 1024

// The first row from `row` on that does not fit into a text with it.
const textEnd = (row: number, starts: ReadonlyArray<number>, ends: ReadonlyArray<number>): number => {
  const limit = (starts[row] ?? 0) + maxTextBytes
  let next = row + 1
  while (next < ends.length && (ends[next] ?? 0) <= limit) next++
  return next
}

const makeError = (place: Place, reason: "not-json" | "not-utf8"): RowDecodeError =>
  new RowDecodeError({
    ...place,
    reason,
    message:
      `Row ${place.index} of ${quoted(place.entry)} is not ${reason === "not-json" ? "JSON" : "UTF-8"} ` +
      `(${place.bytes} bytes from byte ${place.offset} on). The rows after it are readable: skip it (onRowError), or ` +
      "request a new export."
  })

/** Makes a parser for the rows of an entry. */
export const makeParser = (entry: string): Parser => {
  let count = 0
  return {
    count: () => count,
    parse: (found) => {
      const batch: RowBatch = { entry, first: count, ...found, values: [], unreadable: new Map() }
      const { bytes, ends, starts, unreadable, values } = batch
      count += starts.length
      const add = (text: string | undefined) => {
        const value = text === undefined ? undefined : parseText(text)
        const isReadable = text !== undefined && value !== notJson
        if (!isReadable) {
          const reason = text === undefined ? "not-utf8" : "not-json"
          unreadable.set(values.length, makeError(placeOf(batch, values.length), reason))
        }
        values.push(isReadable ? value : undefined)
      }
      for (let row = 0; row < starts.length; ) {
        const next = textEnd(row, starts, ends)
        const from = starts[row] ?? 0
        const together = bytes.subarray(from, ends[next - 1])
        const text = textOf(together)
        // In ASCII, the indices of the text are those of the bytes.
        const isAscii = text?.length === together.length
        for (; row < next; row++) {
          const [start = 0, end] = [starts[row], ends[row]]
          add(
            text !== undefined && isAscii
              ? text.substring(start - from, (end ?? start) - from)
              : textOf(bytes.subarray(start, end))
          )
        }
      }
      return batch
    }
  }
}
