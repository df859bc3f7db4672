/**
 * The rows of computed tasks as bytes. Tasks that share a draw have the same row but for their ids, times and numbers:
 * the text around these is written once, and a row is put together of bytes alone.
 */

import { shortId } from "../seed/objectIds.js"
import {
  createdAtOf,
  firstObjectNumber,
  idOf,
  profileCount,
  type SeedProject,
  type TaskWriter
} from "../seed/tasks.js"

/** Writes something about a task at a place. */
type WriteField = (into: Uint8Array, at: number, index: number) => void

interface Field {
  /** What is the same in all rows, and as wide as what is put over it. */
  readonly text: Uint8Array
  readonly put: WriteField
}

/** A row, and what is different in those of other tasks: each at its place, and as wide. */
export interface RowTemplate {
  readonly bytes: Uint8Array
  readonly slots: ReadonlyArray<{ readonly at: number; readonly put: WriteField }>
}

const encoder = new TextEncoder()

const hexDigits = encoder.encode("0123456789abcdef")

const zero = 0x30

const writeHex = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    into[place] = hexDigits[left & 15] ?? zero
    left >>>= 4
  }
}

const writeDigits = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    const rest = Math.floor(left / 10)
    into[place] = zero + left - 10 * rest
    left = rest
  }
}

const day = 86_400_000

const dates = new Map<number, Uint8Array>()

const dateText = (number: number): Uint8Array => {
  const found = dates.get(number) ?? encoder.encode(new Date(number * day).toISOString().slice(0, 11))
  dates.set(number, found)
  return found
}

// What an instant has where; the rest are digits.
const instant = encoder.encode("0000-00-00T00:00:00.000Z")

const writeInstant = (into: Uint8Array, at: number, millis: number): void => {
  const number = Math.floor(millis / day)
  const date = dateText(number)
  for (let place = 0; place < date.length; place++) into[at + place] = date[place] ?? zero
  const rest = millis - number * day
  writeDigits(into, at + 11, Math.floor(rest / 3_600_000), 2)
  writeDigits(into, at + 14, Math.floor(rest / 60_000) % 60, 2)
  writeDigits(into, at + 17, Math.floor(rest / 1000) % 60, 2)
  writeDigits(into, at + 20, rest % 1000, 3)
}

// An id is eight digits of its time, what its kind has in common, and six digits of its number.
const idField = (frame: SeedProject, kind: "asset" | "task"): Field => {
  const id = idOf(frame, kind, 0)
  const first = Number.parseInt(id.slice(18), 16)
  return {
    text: encoder.encode(id),
    put: (into, at, index) => {
      writeHex(into, at, Math.floor(createdAtOf(frame, index) / 1000), 8)
      writeHex(into, at + 18, first + index, 6)
    }
  }
}

const objectIdField = (frame: SeedProject, nth: number): Field => {
  const text = encoder.encode(shortId("object", 0))
  const width = 8
  return {
    text,
    put: (into, at, index) => {
      writeHex(into, at + text.length - width, firstObjectNumber(frame, index) + nth, width)
    }
  }
}

const digitsField = (width: number): Field => ({
  text: new Uint8Array(width),
  put: (into, at, index) => writeDigits(into, at, index + 1, width)
})

/** Rows are as wide as one another when the numbers of their tasks are. */
export const digitCount = (index: number): number => String(index + 1).length

// Marks that no text of the seed has, and a number that none of its numbers is.
const [open, close] = ["\uE000", "\uE001"]

const row = -8_765_432_109_876

const marks = new RegExp(`${open}([^${close}]*)${close}|(${row})`)

const mark = (...parts: ReadonlyArray<string | number>): string => `${open}${parts.join(" ")}${close}`

/** A hand that leaves open what is different. */
export const placeholderWriter: TaskWriter = {
  id: (kind) => mark(kind),
  historyId: (nth) => mark("task", nth),
  objectId: (nth) => mark("object", nth),
  iso: (after) => mark("iso", after),
  digits: (plus, width) => mark("digits", plus, width),
  row
}

const fieldOf = (frame: SeedProject, text: string, index: number): Field => {
  const [what = "", first = 0, second = 0] = text.split(" ")
  const [a, b] = [Number(first), Number(second)]
  switch (what) {
    case "asset":
    case "task":
      return idField(frame, what)
    case "object":
      return objectIdField(frame, a)
    case "iso":
      return {
        text: instant,
        put: (into, at, index) => writeInstant(into, at, createdAtOf(frame, index) + a)
      }
    default:
      if (a !== 1) throw new RangeError("The assets of a project whose tasks are computed count from 1.")
      return digitsField(Math.max(b, digitCount(index)))
  }
}

/** The template of a row that was made with {@link placeholderWriter}, for tasks whose numbers are as wide as this one's. */
export const makeTemplate = (frame: SeedProject, made: object, index: number): RowTemplate => {
  // Split by two groups: text, then either a mark or the number of the row.
  const split = JSON.stringify(made).split(marks)
  const parts: Array<Uint8Array> = []
  const slots: Array<RowTemplate["slots"][number]> = []
  let length = 0
  for (let place = 0; place < split.length; place += 3) {
    const text = encoder.encode(split[place] ?? "")
    parts.push(text)
    length += text.length
    if (place + 1 === split.length) break
    const what = split[place + 1]
    const { put, text: over } =
      what === undefined ? digitsField(digitCount(index)) : fieldOf(frame, what, index)
    slots.push({ at: length, put })
    parts.push(over)
    length += over.length
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes, slots }
}

/** Writes the row of a task; the place after it, or -1 when there is no room. */
export const writeRow = (
  { bytes, slots }: RowTemplate,
  into: Uint8Array,
  at: number,
  index: number
): number => {
  if (at + bytes.length > into.length) return -1
  into.set(bytes, at)
  for (const slot of slots) slot.put(into, at + slot.at, index)
  return at + bytes.length
}

/** The draw that a task has, as the number of the first task with it. */
export const profileIndexOf = (index: number): number => index % profileCount
