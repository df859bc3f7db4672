// Finds where rows end, on bytes: in UTF-8 no byte of a multi-byte character equals a bracket, a quote or a line feed.
// The rows themselves are parsed by `JSON.parse`, which is much faster than any parser written in JavaScript.

/** A range of a block of bytes: from `start` up to and excluding `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Finds the ends of rows in successive chunks. */
export interface Splitter {
  /** The indices, in this chunk, of the bytes that end rows. */
  readonly feed: (bytes: Uint8Array) => Array<number>
  /** Whether no more rows can follow, because the array was closed. */
  readonly isClosed: () => boolean
}

const tab = 0x09
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

// Mostly digits, colons and white space.
const isPlain = (byte: number): boolean => byte < openBracket && byte !== quote && byte !== comma

const isSpace = (byte: number | undefined): boolean =>
  byte === lineFeed || byte === space || byte === carriageReturn || byte === tab

/** The range without white space at its start and end. */
export const trim = (bytes: Uint8Array, from: number, to: number): Span => {
  let start = from
  let end = to
  while (start < end && isSpace(bytes[start])) start++
  while (end > start && isSpace(bytes[end - 1])) end--
  return { start, end }
}

/** One row per line. */
export const lines: Splitter = {
  isClosed: () => false,
  feed: (bytes) => {
    const ends: Array<number> = []
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) ends.push(at)
    return ends
  }
}

/** One row per element of an array; feeding starts after its opening bracket. */
export const elements = (): Splitter & { readonly isOpen: () => boolean } => {
  // How many brackets are open inside the array; -1 once the array is closed.
  let depth = 0
  let isString = false
  let isEscaped = false

  return {
    isClosed: () => depth < 0,
    isOpen: () => depth > 0 || isString,
    feed: (bytes) => {
      const ends: Array<number> = []
      const { length } = bytes
      let at = 0
      while (at < length && depth >= 0) {
        if (isString) {
          if (isEscaped) at++
          isEscaped = false
          while (at < length && bytes[at] !== quote && bytes[at] !== backslash) at++
          if (at < length) {
            isEscaped = bytes[at] === backslash
            isString = isEscaped
            at++
          }
          continue
        }
        while (at < length && isPlain(bytes[at] as number)) at++
        if (at >= length) break
        switch (bytes[at]) {
          case quote:
            isString = true
            break
          case openBrace:
          case openBracket:
            depth++
            break
          case closeBrace:
            // `JSON.parse` rejects an unmatched brace.
            if (depth > 0) depth--
            break
          case closeBracket:
            if (depth-- === 0) ends.push(at)
            break
          case comma:
            if (depth === 0) ends.push(at)
            break
        }
        at++
      }
      return ends
    }
  }
}

/** Whether the bytes leave a bracket or a string open. */
export const isOpen = (bytes: Uint8Array): boolean => {
  const splitter = elements()
  splitter.feed(bytes)
  return splitter.isOpen()
}

/** Whether the byte opens an array. */
export const opensArray = (byte: number | undefined): boolean => byte === openBracket
