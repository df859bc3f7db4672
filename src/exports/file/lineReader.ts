// Splits bytes into lines, across chunks.
import { join } from "../../utils/concat.js"

const lineFeed = 0x0a

/** Splits chunks of bytes into lines; each line includes its line feed. */
export interface LineReader {
  /** The lines that end in these bytes. */
  readonly push: (bytes: Uint8Array) => ReadonlyArray<Uint8Array>
  /** The bytes after the last line feed as a line with a line feed; no line if nothing remains. */
  readonly end: () => ReadonlyArray<Uint8Array>
}

/** A reader at the start of a file. */
export const makeLineReader = (): LineReader => {
  let carried: Array<Uint8Array> = []
  return {
    push: (bytes) => {
      const lines: Array<Uint8Array> = []
      let from = 0
      for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, from)) {
        lines.push(join([...carried, bytes.subarray(from, at + 1)]))
        carried = []
        from = at + 1
      }
      if (from < bytes.length) carried.push(bytes.subarray(from))
      return lines
    },
    end: () => (carried.length === 0 ? [] : [join([...carried, Uint8Array.of(lineFeed)])])
  }
}
