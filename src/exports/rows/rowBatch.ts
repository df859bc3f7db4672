// Rows that were read together, with the properties of all of them in arrays: an object per row would cost more than
// finding the row.
import type { RowDecodeError } from "../../errors/AngoError.js"

/** Successive rows of one entry. A row is called by its position in the batch, from 0. */
export interface RowBatch {
  readonly entry: string
  /** The index of the first row in the entry, from 0. */
  readonly first: number
  /** The bytes that contain the rows, and their position in the inflated bytes of the entry. */
  readonly bytes: Uint8Array
  readonly offset: number
  /** Where each row begins and ends in `bytes`, without white space around it. */
  readonly starts: ReadonlyArray<number>
  readonly ends: ReadonlyArray<number>
  /** Whether the rows are lines, so that none contains a line feed. */
  readonly isLines: boolean
  /** The value of each row; `undefined` for an unreadable one. */
  readonly values: Array<unknown>
  /** Why a row is unreadable, in any order. */
  readonly unreadable: Map<number, RowDecodeError>
}

/** A row of a batch: its entry, its index there, its position in the inflated bytes of the entry, and its length. */
export interface Place {
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly bytes: number
}

/** Where a row is. */
export const placeOf = ({ ends, entry, first, offset, starts }: RowBatch, row: number): Place => {
  const start = starts[row] ?? 0
  return { entry, index: first + row, offset: offset + start, bytes: (ends[row] ?? start) - start }
}

/** The bytes of a row. */
export const bytesOf = ({ bytes, ends, starts }: RowBatch, row: number): Uint8Array =>
  bytes.subarray(starts[row], ends[row])

/** The readable rows. */
export const readableRows = ({ unreadable, values }: RowBatch): Array<number> => {
  const rows: Array<number> = []
  for (let row = 0; row < values.length; row++) if (!unreadable.has(row)) rows.push(row)
  return rows
}

/** The unreadable rows in order, each with its error. */
export const unreadableRows = ({ unreadable }: RowBatch): ReadonlyArray<readonly [number, RowDecodeError]> =>
  [...unreadable].sort(([one], [other]) => one - other)

/** The values of the readable rows; without unreadable ones, the array of the batch itself. */
export const readableValues = ({ unreadable, values }: RowBatch): Array<unknown> =>
  unreadable.size === 0 ? values : values.filter((_, row) => !unreadable.has(row))

/** One parsed row with its place and its text. */
export interface Row extends Place {
  readonly _tag: "Row"
  readonly text: string
  readonly value: unknown
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** The rows of a batch as objects, and errors in the positions of unreadable ones. */
export const rowsOf = (batch: RowBatch): Array<Row | RowDecodeError> =>
  batch.values.map((value, row) => {
    const text = decoder.decode(bytesOf(batch, row))
    return batch.unreadable.get(row) ?? { _tag: "Row", ...placeOf(batch, row), text, value }
  })
