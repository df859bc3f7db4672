/**
 * The files of an archive: which there are, and their text.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Selection } from "./exportSelection.js"

/** A file of an archive. */
export interface Entry {
  readonly name: string
  readonly rows: Stream.Stream<Uint8Array>
}

const chunkSize = 64 * 1024

interface Separators {
  readonly before?: number
  readonly between?: number
  readonly after?: number
}

const [bracket, comma, closing, newline] = [0x5b, 0x2c, 0x5d, 0x0a]

/** Writes rows and what is around them, as many at a time as there is room for. */
const makeWriter = ({ count, write: put }: Selection, around: Separators): (() => Uint8Array | undefined) => {
  let nth = 0
  let isBegun = false
  let isDone = false
  return () => {
    if (isDone) return undefined
    // A row for which there is no room in an empty chunk gets a larger one.
    for (let size = chunkSize; ; size *= 2) {
      const chunk = new Uint8Array(size)
      // Room for what comes after all rows.
      const rows = chunk.subarray(0, size - 1)
      let at = 0
      const add = (byte: number | undefined): void => {
        if (byte !== undefined) chunk[at++] = byte
      }
      if (!isBegun) add(around.before)
      const first = nth
      for (; nth < count; nth++) {
        const start = at
        if (nth > 0) add(around.between)
        const end = put(nth, rows, at)
        at = end < 0 ? start : end
        if (end < 0) break
      }
      if (nth === count) {
        add(around.after)
        isDone = true
      }
      if (isDone || nth > first) {
        isBegun = true
        return chunk.subarray(0, at)
      }
    }
  }
}

const rowsOf = (selection: Selection, around: Separators): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => {
    const next = makeWriter(selection, around)
    return Stream.repeatEffectOption(
      Effect.suspend(() => {
        const chunk = next()
        return chunk === undefined ? Effect.fail(Option.none()) : Effect.succeed(chunk)
      })
    )
  })

// External ids are not unique, and two files with one name would be one file.
const uniqueNames = ({ count, names: name }: Selection): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (let nth = 0; nth < count; nth++) {
    const [external, id] = name(nth)
    names.add(external === "" ? id : names.has(external) ? `${external}-${id}` : external)
  }
  return [...names]
}

/**
 * The files of an export: all rows in one, or one each.
 *
 * @remarks undocumented: their names (docs/api-notes.md#split-exports, #archive-entries).
 */
export const entriesOf = (
  selection: Selection,
  format: string,
  projectId: string
): { readonly count: number; readonly at: (nth: number) => Entry } => {
  if (format === "split") {
    const names = uniqueNames(selection)
    const { write: put } = selection
    return {
      count: selection.count,
      at: (nth) => ({
        name: `${names[nth]}.json`,
        rows: rowsOf({ ...selection, count: 1, write: (_, into, at) => put(nth, into, at) }, {})
      })
    }
  }
  const lines = selection.count === 0 ? {} : { between: newline, after: newline }
  const entry: Entry =
    format === "ndjson"
      ? { name: `${projectId}.ndjson`, rows: rowsOf(selection, lines) }
      : {
          name: `${projectId}.json`,
          rows: rowsOf(selection, { before: bracket, between: comma, after: closing })
        }
  return { count: 1, at: () => entry }
}

/** About how many bytes the rows take: from some of them. */
export const estimateSize = ({ count, text }: Selection): number => {
  const looked = Math.min(count, 64)
  let sum = 0
  for (let nth = 0; nth < looked; nth++) sum += text(Math.floor((nth * count) / looked)).length
  return looked === 0 ? 0 : (sum * count) / looked
}

// Two sums of 32 bits, each over all of the text.
/** A short text that tells one text from another. */
export const hashTexts = (texts: Iterable<string>): string => {
  let [a, b] = [0x2545f491, 0x9e3779b9]
  for (const text of texts) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      a = Math.imul(a ^ code, 0x85ebca6b)
      b = Math.imul(b ^ code, 0xc2b2ae35)
      b ^= b >>> 15
    }
    a = Math.imul(a ^ (a >>> 13) ^ text.length, 0x27d4eb2f)
  }
  return [a, b].map((sum) => (sum >>> 0).toString(16).padStart(8, "0")).join("")
}
