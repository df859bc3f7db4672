// Parses the rows of an export.
import * as Either from "effect/Either"
import { RowDecodeError } from "../../errors/AngoError.js"
import { quoted } from "../zip/entryName.js"
import type { Span } from "./rowSplitter.js"

/**
 * One parsed row: its entry, its index there (from 0), its position in the inflated bytes of the entry, its text and
 * its value.
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

/** Parses and counts the rows of one entry. */
export interface Parser {
  /** How many rows were parsed. */
  readonly count: () => number
  /** Parses the row in these bytes, which begin at `offset` of the entry. */
  readonly parse: (bytes: Uint8Array, offset: number) => Row | RowDecodeError
  /** Parses the rows at these spans of the bytes; `text` is the result of {@link asciiOf}. */
  readonly parseAll: (
    bytes: Uint8Array,
    text: string | undefined,
    offset: number,
    spans: ReadonlyArray<Span>
  ) => ReadonlyArray<Row | RowDecodeError>
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The error of the platform is dropped, because it may quote the data.
const textOf = (bytes: Uint8Array): string | undefined =>
  Either.getOrElse(
    Either.try(() => decoder.decode(bytes)),
    () => undefined
  )

/** The text of ASCII bytes, whose indices are those of the bytes; `undefined` for other text. */
export const asciiOf = (bytes: Uint8Array): string | undefined => {
  const text = textOf(bytes)
  return text?.length === bytes.length ? text : undefined
}

const makeError = (
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
      `(${bytes} bytes from byte ${offset} on). The rows after it are readable: skip it (onRowError), or request a new export.`
  })

/** Makes a parser for the rows of an entry. */
export const makeParser = (entry: string): Parser => {
  let count = 0

  // A `try` per row would be slow: one covers all rows up to the next one that is not JSON.
  const parseTexts = (text: string, offset: number, spans: ReadonlyArray<Span>) => {
    const rows: Array<Row | RowDecodeError> = []
    const parseRemaining = () => {
      for (let nth = rows.length; nth < spans.length; nth++) {
        const { end, start } = spans[nth] as Span
        const rowText = text.substring(start, end)
        const value: unknown = JSON.parse(rowText)
        rows.push({
          _tag: "Row",
          entry,
          index: count++,
          offset: offset + start,
          bytes: end - start,
          text: rowText,
          value
        })
      }
    }
    while (Either.isLeft(Either.try(parseRemaining))) {
      const { end, start } = spans[rows.length] as Span
      rows.push(makeError(entry, count++, offset + start, end - start, "not-json"))
    }
    return rows
  }

  const parse = (bytes: Uint8Array, offset: number): Row | RowDecodeError => {
    const text = textOf(bytes)
    if (text === undefined) return makeError(entry, count++, offset, bytes.length, "not-utf8")
    const index = count++
    const parsed = Either.try((): unknown => JSON.parse(text))
    return Either.isRight(parsed)
      ? { _tag: "Row", entry, index, offset, bytes: bytes.length, text, value: parsed.right }
      : makeError(entry, index, offset, bytes.length, "not-json")
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
