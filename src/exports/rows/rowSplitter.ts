// Where rows end, found on bytes: UTF-8 has no part of another character that looks like a bracket, a quote or a line
// feed. What is between the ends is left to `JSON.parse`, which no parser of our own comes near in speed.

/** A part of a block of bytes. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Finds the ends of rows in chunks that follow each other. */
export interface Splitter {
  /** The places, in this chunk, of the bytes that end rows; `text` is that of the chunk where its places are the same. */
  readonly feed: (bytes: Uint8Array, text?: string) => Array<number>
  /** Whether everything has ended: at the bracket that closes the array. */
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

// Digits, colons and white space, which are most of what stands between strings and brackets.
const isPlain = (byte: number): boolean => byte < openBracket && byte !== quote && byte !== comma

const isSpace = (byte: number | undefined): boolean =>
  byte === lineFeed || byte === space || byte === carriageReturn || byte === tab

/** The part without white space at both ends. */
export const trim = (bytes: Uint8Array, from: number, to: number): Span => {
  let start = from
  let end = to
  while (start < end && isSpace(bytes[start])) start++
  while (end > start && isSpace(bytes[end - 1])) end--
  return { start, end }
}

/** A row per line. */
export const lines: Splitter = {
  isClosed: () => false,
  feed: (bytes, text) => {
    const ends: Array<number> = []
    // In a text they are found in a third of the time.
    if (text !== undefined) {
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) ends.push(at)
      return ends
    }
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) ends.push(at)
    return ends
  }
}

/** A row per element of an array whose opening bracket was taken. */
export const elements = (): Splitter & { readonly isOpen: () => boolean } => {
  // How many brackets are open inside of the array; -1 after its own was closed.
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
            // One that nothing opened is for `JSON.parse` to refuse.
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

/** Whether the bytes begin what they do not end: more brackets are opened than closed, or a string is not closed. */
export const isOpen = (bytes: Uint8Array): boolean => {
  const splitter = elements()
  splitter.feed(bytes)
  return splitter.isOpen()
}

/** Whether the byte begins an array. */
export const opensArray = (byte: number | undefined): boolean => byte === openBracket
