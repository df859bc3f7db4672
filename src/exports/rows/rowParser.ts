// The rows of an export, parsed.
import * as Either from "effect/Either"
import { RowDecodeError } from "../../errors/AngoError.js"
import { quoted } from "../zip/entryName.js"
import type { Span } from "./rowSplitter.js"

/**
 * One row, as JSON: its entry, its number there (from 0), which of the entry's inflated bytes it is, and their text.
 */
export interface Row {
  readonly _tag: "Row"
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly bytes: number
  readonly text: string
  readonly value: unknown
}

/** Parses the rows of one entry, and counts them. */
export interface Parser {
  /** How many rows there were. */
  readonly count: () => number
  /** The row of these bytes, which begin at `offset` of the entry. */
  readonly parse: (bytes: Uint8Array, offset: number) => Row | RowDecodeError
  /** The rows of several parts of these bytes, whose `text` is that of {@link asciiOf}. */
  readonly parseAll: (
    bytes: Uint8Array,
    text: string | undefined,
    offset: number,
    spans: ReadonlyArray<Span>
  ) => ReadonlyArray<Row | RowDecodeError>
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The platform's errors quote what they could not read: they are left here.
const textOf = (bytes: Uint8Array): string | undefined =>
  Either.getOrElse(
    Either.try(() => decoder.decode(bytes)),
    () => undefined
  )

/** The text of bytes each of which is a character, as in most exports: its places are those of the bytes. */
export const asciiOf = (bytes: Uint8Array): string | undefined => {
  const text = textOf(bytes)
  return text?.length === bytes.length ? text : undefined
}

const malformed = (
  entry: string,
  index: number,
  offset: number,
  bytes: number,
  reason: "not-json" | "not-utf8"
): RowDecodeError =>
  new RowDecodeError({
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

  // One `try` for all rows up to the first that is no JSON, and so on behind it.
  const parseTexts = (text: string, offset: number, spans: ReadonlyArray<Span>) => {
    const rows: Array<Row | RowDecodeError> = []
    const parseOn = () => {
      for (let nth = rows.length; nth < spans.length; nth++) {
        const { end, start } = spans[nth] as Span
        const own = text.substring(start, end)
        const value: unknown = JSON.parse(own)
        rows.push({
          _tag: "Row",
          entry,
          index: count++,
          offset: offset + start,
          bytes: end - start,
          text: own,
          value
        })
      }
    }
    while (Either.isLeft(Either.try(parseOn))) {
      const { end, start } = spans[rows.length] as Span
      rows.push(malformed(entry, count++, offset + start, end - start, "not-json"))
    }
    return rows
  }

  const parse = (bytes: Uint8Array, offset: number): Row | RowDecodeError => {
    const text = textOf(bytes)
    if (text === undefined) return malformed(entry, count++, offset, bytes.length, "not-utf8")
    const index = count++
    const parsed = Either.try((): unknown => JSON.parse(text))
    return Either.isRight(parsed)
      ? { _tag: "Row", entry, index, offset, bytes: bytes.length, text, value: parsed.right }
      : malformed(entry, index, offset, bytes.length, "not-json")
  }

  return {
    count: () => count,
    parse,
    parseAll: (bytes, text, offset, spans) =>
      text === undefined
        ? spans.map(({ end, start }) => parse(bytes.subarray(start, end), offset + start))
        : parseTexts(text, offset, spans)
  }
}
