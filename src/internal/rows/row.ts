// The rows of an export, parsed.
import * as Either from "effect/Either"
import { MalformedRow } from "../../ExportError.js"
import { quoted } from "../zip/entryName.js"
import type { Span } from "./split.js"

/**
 * One row, as JSON: its entry, its number there (from 0), and which of the entry's inflated bytes it is.
 */
export interface Row {
  readonly _tag: "Row"
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly bytes: number
  readonly value: unknown
}

/** Parses the rows of one entry, and counts them. */
export interface Parser {
  /** How many rows there were. */
  readonly count: () => number
  /** The row of these bytes, which begin at `offset` of the entry. */
  readonly parse: (bytes: Uint8Array, offset: number) => Row | MalformedRow
  /** The rows of several parts of these bytes. */
  readonly parseAll: (
    bytes: Uint8Array,
    offset: number,
    spans: ReadonlyArray<Span>
  ) => ReadonlyArray<Row | MalformedRow>
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The platform's errors quote what they could not read: they are left here.
const textOf = (bytes: Uint8Array): string | undefined =>
  Either.getOrElse(
    Either.try(() => decoder.decode(bytes)),
    () => undefined
  )

const malformed = (
  entry: string,
  index: number,
  offset: number,
  bytes: number,
  reason: MalformedRow["reason"]
): MalformedRow =>
  new MalformedRow({
    entry,
    index,
    offset,
    bytes,
    reason,
    message:
      `Row ${index} of ${quoted(entry)} is not ${reason === "not-json" ? "JSON" : "UTF-8"} ` +
      `(${bytes} bytes from byte ${offset} on). The rows after it can be read: skip it, or export again.`
  })

/** A parser of an entry's rows. */
export const makeParser = (entry: string): Parser => {
  let count = 0

  const rowOf = (text: string, offset: number, bytes: number): Row | MalformedRow => {
    const index = count++
    const parsed = Either.try((): unknown => JSON.parse(text))
    return Either.isRight(parsed)
      ? { _tag: "Row", entry, index, offset, bytes, value: parsed.right }
      : malformed(entry, index, offset, bytes, "not-json")
  }

  const parse = (bytes: Uint8Array, offset: number): Row | MalformedRow => {
    const text = textOf(bytes)
    return text === undefined
      ? malformed(entry, count++, offset, bytes.length, "not-utf8")
      : rowOf(text, offset, bytes.length)
  }

  return {
    count: () => count,
    parse,
    parseAll: (bytes, offset, spans) => {
      // Text is decoded once for all rows where every byte is a character, as in most exports.
      const text = spans.length > 1 ? textOf(bytes) : undefined
      return text?.length === bytes.length
        ? spans.map(({ end, start }) => rowOf(text.substring(start, end), offset + start, end - start))
        : spans.map(({ end, start }) => parse(bytes.subarray(start, end), offset + start))
    }
  }
}
