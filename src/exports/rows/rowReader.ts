// Reads the rows of one entry from chunks of bytes. Bytes after the last complete row are carried over to the next
// chunk.
import { ArchiveError } from "../../errors/AngoError.js"
import { join } from "../../utils/concat.js"
import { quoted } from "../zip/entryName.js"
import type { RowBatch } from "./rowBatch.js"
import { makeParser } from "./rowParser.js"
import { elements, isOpen, lines, opensArray, type Span, type Splitter, trim } from "./rowSplitter.js"

/**
 * How the rows of an entry are read.
 */
export interface RowOptions {
  /** The name of the entry. */
  readonly entry: string
  /**
   * `lines`: one JSON text per line. `json`: an array, whose elements are the rows, or another JSON text as the only
   * row. By default the first byte decides: `[` means an array (lines that are arrays need `lines`), anything else
   * lines; a first line that leaves a bracket open begins a single JSON text.
   */
  readonly format?: "lines" | "json" | undefined
  /** The maximum length of a row in bytes, including white space around it; default 64 MiB. */
  readonly maxRowBytes?: number | undefined
}

/** The rows that some bytes complete, if any, and the error after them that ends the reading. */
export interface Step {
  readonly batch?: RowBatch
  readonly error?: ArchiveError
}

/** Reads one entry. */
export interface RowReader {
  readonly push: (bytes: Uint8Array) => Step
  readonly end: () => Step
}

const noRows: Step = {}

const byteOrderMark = [0xef, 0xbb, 0xbf]

const beginsWithMark = (bytes: Uint8Array): boolean =>
  byteOrderMark.every((byte, index) => index >= bytes.length || bytes[index] === byte)

/** Makes a reader for the rows of an entry. */
export const makeRowReader = ({ entry, format, maxRowBytes = 64 * 1024 * 1024 }: RowOptions): RowReader => {
  const parser = makeParser(entry)
  let mode: "head" | "rows" | "whole" | "after" = "head"
  let splitter: Splitter = lines
  let isArray = false
  let carried: Array<Uint8Array> = []
  let carriedBytes = 0
  // The position of the carried bytes in the entry.
  let offset = 0

  const carry = (bytes: Uint8Array): Step => {
    if (bytes.length > 0) carried.push(bytes)
    carriedBytes += bytes.length
    return carriedBytes > maxRowBytes ? { error: tooLarge(offset) } : noRows
  }

  const joinCarried = (more: Uint8Array): Uint8Array => {
    const whole = join([...carried, more])
    carried = []
    carriedBytes = 0
    return whole
  }

  const tooLarge = (at: number) =>
    new ArchiveError({
      reason: "row-too-large",
      entry,
      index: parser.count(),
      offset: at,
      allowed: maxRowBytes,
      message:
        `Row ${parser.count()} of ${quoted(entry)}, which begins at byte ${at}, is larger than ${maxRowBytes} bytes, ` +
        "the configured limit. Raise it (maxRowBytes) if you trust the export."
    })

  const corrupt = (at: number, what: string) =>
    new ArchiveError({
      reason: "rows",
      entry,
      offset: at,
      message: `The entry ${quoted(entry)} does not hold rows: ${what} (at byte ${at}). Request a new export.`
    })

  const truncated = (at: number) =>
    new ArchiveError({
      reason: "truncated-row",
      entry,
      offset: at,
      message:
        `The entry ${quoted(entry)} ends in the middle of row ${parser.count()}, which begins at byte ${at}. The rows ` +
        "before it are valid, but others may be missing. Request a new export."
    })

  // Detects the format from the first bytes.
  const begin = (bytes: Uint8Array): Step => {
    const head = joinCarried(bytes)
    const isMarked = offset === 0 && beginsWithMark(head)
    const { start } = trim(head, isMarked ? byteOrderMark.length : 0, head.length)
    if (head.length < byteOrderMark.length && isMarked) return carry(head)
    if (start >= head.length) {
      // Leading white space is dropped, with a byte order mark before it; after white space it would not be one.
      offset += head.length
      return noRows
    }
    isArray = format !== "lines" && opensArray(head[start])
    mode = format === "json" && !isArray ? "whole" : "rows"
    if (isArray) splitter = elements()
    const from = isArray ? start + 1 : start
    offset += from
    return step(head.subarray(from))
  }

  // The first row decides between lines and a single JSON text.
  const beginsText = (row: Uint8Array): boolean => !isArray && format === undefined && isOpen(row)

  // Between two delimiters, white space is a blank line, or a missing element of an array, which is an error.
  const isRow = ({ end, start }: Span, rowsBefore: number, isLast: boolean): boolean =>
    end > start || (isArray && !(isLast && splitter.isClosed() && rowsBefore === 0))

  const split = (bytes: Uint8Array): Step => {
    const delimiters = splitter.feed(bytes)
    if (delimiters.length === 0) return carry(bytes)
    const before = carriedBytes
    const block = joinCarried(bytes)
    const starts: Array<number> = []
    const ends: Array<number> = []
    let from = 0
    let isTooLarge = false
    for (let nth = 0; nth < delimiters.length && !isTooLarge; nth++) {
      const end = before + (delimiters[nth] ?? 0)
      const span = trim(block, from, end)
      const rowsBefore = parser.count() + starts.length
      if (end - from > maxRowBytes) {
        isTooLarge = true
      } else if (rowsBefore === 0 && beginsText(block.subarray(span.start, span.end))) {
        mode = "whole"
        return carry(block)
      } else {
        if (isRow(span, rowsBefore, nth === delimiters.length - 1)) {
          starts.push(span.start)
          ends.push(span.end)
        }
        from = end + 1
      }
    }
    const rows =
      starts.length === 0
        ? noRows
        : { batch: parser.parse({ bytes: block, offset, starts, ends, isLines: !isArray }) }
    offset += from
    if (isTooLarge) return { ...rows, error: tooLarge(offset) }
    if (splitter.isClosed()) mode = "after"
    const rest = block.subarray(from)
    return { ...(mode === "after" ? after(rest) : carry(rest)), ...rows }
  }

  // Only white space may follow an array.
  const after = (bytes: Uint8Array): Step => {
    const { start } = trim(bytes, 0, bytes.length)
    const at = offset + start
    offset += bytes.length
    return start === bytes.length ? noRows : { error: corrupt(at, "more follows the end of its array") }
  }

  const step = (bytes: Uint8Array): Step => {
    switch (mode) {
      case "head":
        return begin(bytes)
      case "rows":
        return split(bytes)
      case "whole":
        return carry(bytes)
      case "after":
        return after(bytes)
    }
  }

  return {
    push: step,
    end: () => {
      if (mode === "after") return noRows
      const block = joinCarried(new Uint8Array(0))
      const { end, start } = trim(block, 0, block.length)
      const at = offset + start
      if (isArray || (start === end && format === "json")) return { error: truncated(at) }
      if (start === end) return noRows
      const batch = parser.parse({
        bytes: block,
        offset,
        starts: [start],
        ends: [end],
        isLines: mode === "rows"
      })
      if (batch.unreadable.size === 0) return { batch }
      const isWhole = mode === "whole" && !isOpen(block.subarray(start, end))
      return { error: isWhole ? corrupt(at, "it is not one JSON text") : truncated(at) }
    }
  }
}
