// The rows of one entry, out of its bytes in whatever chunks: what is left of a chunk after its last row is carried.
import { ArchiveError, type RowDecodeError } from "../../errors/AngoError.js"
import { join } from "../../utils/concat.js"
import { quoted } from "../zip/entryName.js"
import { asciiOf, makeParser, type Row } from "./rowParser.js"
import { elements, isOpen, lines, opensArray, type Span, type Splitter, trim } from "./rowSplitter.js"

/**
 * How the rows of an entry are read.
 */
export interface RowOptions {
  /** The name of the entry, which its rows carry. */
  readonly entry: string
  /**
   * `lines`: one JSON text per line. `json`: the elements of an array, or one JSON text of another kind as the only
   * row. By default the first byte tells: `[` begins an array (so that lines that are arrays must be asked for with
   * `lines`), anything else lines; a first line that opens more brackets than it closes begins a single JSON text.
   */
  readonly format?: "lines" | "json" | undefined
  /** The most bytes that a row may have, with the white space around it; default 64 MiB. */
  readonly maxRowBytes?: number | undefined
}

/** The rows of some bytes, an array that nobody else has, and what then made it impossible to go on. */
export interface Step {
  readonly rows: Array<Row | RowDecodeError>
  readonly error?: ArchiveError
}

/** Reads one entry. */
export interface RowReader {
  readonly push: (bytes: Uint8Array) => Step
  readonly end: () => Step
}

const nothing = (): Step => ({ rows: [] })

const byteOrderMark = [0xef, 0xbb, 0xbf]

const beginsWithMark = (bytes: Uint8Array): boolean =>
  byteOrderMark.every((byte, index) => index >= bytes.length || bytes[index] === byte)

/** A reader of one entry's rows. */
export const makeRowReader = ({ entry, format, maxRowBytes = 64 * 1024 * 1024 }: RowOptions): RowReader => {
  const parser = makeParser(entry)
  let mode: "head" | "rows" | "whole" | "after" = "head"
  let splitter: Splitter = lines
  let isArray = false
  let carried: Array<Uint8Array> = []
  let carriedBytes = 0
  // Where in the entry the carried bytes begin.
  let offset = 0

  const carry = (bytes: Uint8Array): Step => {
    if (bytes.length > 0) carried.push(bytes)
    carriedBytes += bytes.length
    return carriedBytes > maxRowBytes ? { rows: [], error: tooLarge(offset) } : nothing()
  }

  const takeCarried = (more: Uint8Array): Uint8Array => {
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
        "the configured limit. Raise it (maxRowBytes) if the export is to be trusted."
    })

  const corrupt = (at: number, what: string) =>
    new ArchiveError({
      reason: "rows",
      entry,
      offset: at,
      message: `The entry ${quoted(entry)} does not hold rows: ${what} (at byte ${at}). Have it exported again.`
    })

  const truncated = (at: number) =>
    new ArchiveError({
      reason: "truncated-row",
      entry,
      offset: at,
      message:
        `The entry ${quoted(entry)} ends in the middle of row ${parser.count()}, which begins at byte ${at}. The rows ` +
        "before are real, and others may be missing: have it exported again."
    })

  // The first bytes tell how the rows are written.
  const begin = (bytes: Uint8Array): Step => {
    const head = takeCarried(bytes)
    const isMarked = offset === 0 && beginsWithMark(head)
    const { start } = trim(head, isMarked ? byteOrderMark.length : 0, head.length)
    if (head.length < byteOrderMark.length && isMarked) return carry(head)
    if (start >= head.length) {
      // Of white space nothing needs to be kept, nor of a mark before it; one after it would be none.
      offset += head.length
      return nothing()
    }
    isArray = format !== "lines" && opensArray(head[start])
    mode = format === "json" && !isArray ? "whole" : "rows"
    if (isArray) splitter = elements()
    const from = isArray ? start + 1 : start
    offset += from
    return step(head.subarray(from))
  }

  // White space between two delimiters is nothing in lines, and in an array an element that is missing.
  const isRow = ({ end, start }: Span, isLast: boolean): boolean =>
    end > start || (isArray && !(isLast && splitter.isClosed() && parser.count() === 0))

  const split = (bytes: Uint8Array): Step => {
    const text = asciiOf(bytes)
    const ends = splitter.feed(bytes, text)
    const [first] = ends
    if (first === undefined) return carry(bytes)
    const rows: Array<Row | RowDecodeError> = []
    let from = 0
    let next = 0
    // The row that began earlier, and the first of all, which tells whether it has a line of its own.
    if (carriedBytes > 0 || parser.count() === 0) {
      const block = takeCarried(bytes.subarray(0, first))
      if (block.length > maxRowBytes) return { rows, error: tooLarge(offset) }
      const span = trim(block, 0, block.length)
      const one = block.subarray(span.start, span.end)
      if (!isArray && format === undefined && parser.count() === 0 && isOpen(one)) {
        mode = "whole"
        carry(block)
        return carry(bytes.subarray(first))
      }
      if (isRow(span, ends.length === 1)) rows.push(parser.parse(one, offset + span.start))
      offset += block.length + 1
      from = first + 1
      next = 1
    }
    const base = offset - from
    const spans: Array<Span> = []
    let isTooLarge = false
    for (; next < ends.length && !isTooLarge; next++) {
      const end = ends[next] ?? 0
      if (end - from > maxRowBytes) {
        isTooLarge = true
      } else {
        const span = trim(bytes, from, end)
        if (isRow(span, next === ends.length - 1)) spans.push(span)
        from = end + 1
      }
    }
    for (const row of parser.parseAll(bytes, text, base, spans)) rows.push(row)
    offset = base + from
    if (isTooLarge) return { rows, error: tooLarge(offset) }
    const rest = bytes.subarray(from)
    if (splitter.isClosed()) mode = "after"
    const last = mode === "after" ? after(rest) : carry(rest)
    return { ...last, rows }
  }

  // Nothing may follow an array: whoever wrote more meant something else.
  const after = (bytes: Uint8Array): Step => {
    const { start } = trim(bytes, 0, bytes.length)
    const at = offset + start
    offset += bytes.length
    return start === bytes.length
      ? nothing()
      : { rows: [], error: corrupt(at, "more follows the end of its array") }
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
      if (mode === "after") return nothing()
      const block = takeCarried(new Uint8Array(0))
      const { end, start } = trim(block, 0, block.length)
      const at = offset + start
      if (isArray || (start === end && format === "json")) return { rows: [], error: truncated(at) }
      if (start === end) return nothing()
      const last = block.subarray(start, end)
      const row = parser.parse(last, at)
      if (row._tag === "Row") return { rows: [row] }
      return {
        rows: [],
        error: mode === "whole" && !isOpen(last) ? corrupt(at, "it is not one JSON text") : truncated(at)
      }
    }
  }
}
