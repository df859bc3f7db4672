/**
 * The files of an export archive and their content.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Selection } from "./exportSelection.js"

/** A file in an archive. */
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

/** Makes a function that returns the next chunk of rows with their separators; `undefined` after the last. */
const makeWriter = ({ count, write }: Selection, separators: Separators): (() => Uint8Array | undefined) => {
  let nth = 0
  let hasStarted = false
  let isDone = false
  return () => {
    if (isDone) return undefined
    // A row that does not fit into an empty chunk gets a larger one.
    for (let size = chunkSize; ; size *= 2) {
      const chunk = new Uint8Array(size)
      // Reserves one byte for the separator after all rows.
      const rows = chunk.subarray(0, size - 1)
      let at = 0
      const add = (byte: number | undefined): void => {
        if (byte !== undefined) chunk[at++] = byte
      }
      if (!hasStarted) add(separators.before)
      const first = nth
      for (; nth < count; nth++) {
        const start = at
        if (nth > 0) add(separators.between)
        const end = write(nth, rows, at)
        at = end < 0 ? start : end
        if (end < 0) break
      }
      if (nth === count) {
        add(separators.after)
        isDone = true
      }
      if (isDone || nth > first) {
        hasStarted = true
        return chunk.subarray(0, at)
      }
    }
  }
}

const rowsOf = (selection: Selection, separators: Separators): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => {
    const next = makeWriter(selection, separators)
    return Stream.repeatEffectOption(
      Effect.suspend(() => {
        const chunk = next()
        return chunk === undefined ? Effect.fail(Option.none()) : Effect.succeed(chunk)
      })
    )
  })

// External ids are not unique, but file names must be.
const uniqueNames = ({ count, names: name }: Selection): ReadonlyArray<string> => {
  const names = new Set<string>()
  for (let nth = 0; nth < count; nth++) {
    const [external, id] = name(nth)
    names.add(external === "" ? id : names.has(external) ? `${external}-${id}` : external)
  }
  return [...names]
}

/**
 * The files of an export: one with all rows, or with format `split` one per row.
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
    const { write } = selection
    return {
      count: selection.count,
      at: (nth) => ({
        name: `${names[nth]}.json`,
        rows: rowsOf({ ...selection, count: 1, write: (_, into, at) => write(nth, into, at) }, {})
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

/** Estimates the size of the rows in bytes from a sample. */
export const estimateSize = ({ count, text }: Selection): number => {
  const sampleSize = Math.min(count, 64)
  let sum = 0
  for (let nth = 0; nth < sampleSize; nth++) sum += text(Math.floor((nth * count) / sampleSize)).length
  return sampleSize === 0 ? 0 : (sum * count) / sampleSize
}

/** A 64-bit hash of texts, as 16 hexadecimal digits. */
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
