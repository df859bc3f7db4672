// Lines out of bytes in whatever chunks, each with its line feed.
import { join } from "../../utils/concat.js"

const lineFeed = 0x0a

/** Cuts bytes into lines. */
export interface LineReader {
  /** The lines that end in these bytes. */
  readonly push: (bytes: Uint8Array) => ReadonlyArray<Uint8Array>
  /** What came behind the last line feed, as a line; nothing when that was the end. */
  readonly end: () => ReadonlyArray<Uint8Array>
}

/** A reader of lines. */
export const lineReader = (): LineReader => {
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
