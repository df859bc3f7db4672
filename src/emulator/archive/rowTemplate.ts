/**
 * Writes export rows of computed tasks from templates.
 *
 * Rows of tasks with the same profile differ only in ids, times and numbers. The template holds the JSON once, and a row
 * is a copy of it with these fields overwritten.
 */

import { concat } from "../../utils/concat.js"
import { shortId } from "../seed/objectIds.js"
import {
  createdAtOf,
  firstObjectNumber,
  idOf,
  profileCount,
  type SeedProject,
  type TaskWriter
} from "../seed/tasks.js"

/** Writes a value of the `index`-th task at an offset. */
type WriteField = (into: Uint8Array, at: number, index: number) => void

interface Field {
  /** The text that is overwritten; every value has its length. */
  readonly text: Uint8Array
  readonly write: WriteField
}

/** The bytes of a row, and the fields in which the rows of other tasks differ. All have fixed lengths. */
export interface RowTemplate {
  readonly bytes: Uint8Array
  readonly fields: ReadonlyArray<{ readonly at: number; readonly write: WriteField }>
}

const encoder = new TextEncoder()

const hexDigits = encoder.encode("0123456789abcdef")

const zero = 0x30

const writeHex = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let position = at + width - 1, rest = value; position >= at; position--) {
    into[position] = hexDigits[rest & 15] ?? zero
    rest >>>= 4
  }
}

const writeDigits = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let position = at + width - 1, rest = value; position >= at; position--) {
    const quotient = Math.floor(rest / 10)
    into[position] = zero + rest - 10 * quotient
    rest = quotient
  }
}

const day = 86_400_000

const dates = new Map<number, Uint8Array>()

const dateText = (number: number): Uint8Array => {
  const text = dates.get(number) ?? encoder.encode(new Date(number * day).toISOString().slice(0, 11))
  dates.set(number, text)
  return text
}

// The punctuation of a timestamp; its digits are overwritten.
const instant = encoder.encode("0000-00-00T00:00:00.000Z")

const writeInstant = (into: Uint8Array, at: number, millis: number): void => {
  const number = Math.floor(millis / day)
  const date = dateText(number)
  for (let position = 0; position < date.length; position++) into[at + position] = date[position] ?? zero
  const rest = millis - number * day
  writeDigits(into, at + 11, Math.floor(rest / 3_600_000), 2)
  writeDigits(into, at + 14, Math.floor(rest / 60_000) % 60, 2)
  writeDigits(into, at + 17, Math.floor(rest / 1000) % 60, 2)
  writeDigits(into, at + 20, rest % 1000, 3)
}

// An id consists of eight hex digits of its time, ten of its kind, and six of its counter.
const idField = (seedProject: SeedProject, kind: "asset" | "task"): Field => {
  const id = idOf(seedProject, kind, 0)
  const first = Number.parseInt(id.slice(18), 16)
  return {
    text: encoder.encode(id),
    write: (into, at, index) => {
      writeHex(into, at, Math.floor(createdAtOf(seedProject, index) / 1000), 8)
      writeHex(into, at + 18, first + index, 6)
    }
  }
}

const objectIdField = (seedProject: SeedProject, nth: number): Field => {
  const text = encoder.encode(shortId("object", 0))
  const width = 8
  return {
    text,
    write: (into, at, index) => {
      writeHex(into, at + text.length - width, firstObjectNumber(seedProject, index) + nth, width)
    }
  }
}

const digitsField = (width: number): Field => ({
  text: new Uint8Array(width),
  write: (into, at, index) => writeDigits(into, at, index + 1, width)
})

/** The digits of a task's number. Rows have the same length only if their tasks' numbers have. */
export const digitCount = (index: number): number => String(index + 1).length

// Placeholders: private-use characters around text, and a number, neither of which occurs in the seed.
const [open, close] = ["\uE000", "\uE001"]

const rowPlaceholder = -8_765_432_109_876

const placeholders = new RegExp(`${open}([^${close}]*)${close}|(${rowPlaceholder})`)

const placeholder = (...parts: ReadonlyArray<string | number>): string => `${open}${parts.join(" ")}${close}`

/** A writer that writes placeholders. */
export const placeholderWriter: TaskWriter = {
  id: (kind) => placeholder(kind),
  historyId: (nth) => placeholder("task", nth),
  objectId: (nth) => placeholder("object", nth),
  iso: (after) => placeholder("iso", after),
  digits: (plus, width) => placeholder("digits", plus, width),
  row: rowPlaceholder
}

const fieldOf = (seedProject: SeedProject, text: string, index: number): Field => {
  const [what = "", first = 0, second = 0] = text.split(" ")
  const [a, b] = [Number(first), Number(second)]
  switch (what) {
    case "asset":
    case "task":
      return idField(seedProject, what)
    case "object":
      return objectIdField(seedProject, a)
    case "iso":
      return {
        text: instant,
        write: (into, at, index) => writeInstant(into, at, createdAtOf(seedProject, index) + a)
      }
    default:
      if (a !== 1) throw new RangeError("Asset numbers of a computed project must start at 1.")
      return digitsField(Math.max(b, digitCount(index)))
  }
}

/**
 * Makes a template from a row that was written with {@link placeholderWriter}. It fits tasks whose numbers have as many
 * digits as that of `index`.
 */
export const makeTemplate = (seedProject: SeedProject, row: object, index: number): RowTemplate => {
  // The pattern has two groups: after each text, the split has a text placeholder or the row number.
  const split = JSON.stringify(row).split(placeholders)
  const parts: Array<Uint8Array> = []
  const fields: Array<RowTemplate["fields"][number]> = []
  let length = 0
  for (let position = 0; position < split.length; position += 3) {
    const text = encoder.encode(split[position] ?? "")
    parts.push(text)
    length += text.length
    if (position + 1 === split.length) break
    const content = split[position + 1]
    const { text: fieldText, write } =
      content === undefined ? digitsField(digitCount(index)) : fieldOf(seedProject, content, index)
    fields.push({ at: length, write })
    parts.push(fieldText)
    length += fieldText.length
  }
  return { bytes: concat(parts), fields }
}

/** Writes the row of a task; returns the offset after it, or -1 if there is no room. */
export const writeRow = (
  { bytes, fields }: RowTemplate,
  into: Uint8Array,
  at: number,
  index: number
): number => {
  if (at + bytes.length > into.length) return -1
  into.set(bytes, at)
  for (const field of fields) field.write(into, at + field.at, index)
  return at + bytes.length
}

/** The index of the first task with the same profile. */
export const profileIndexOf = (index: number): number => index % profileCount
