/**
 * The rows of computed tasks as bytes. Tasks that share a draw have the same row but for their ids, times and numbers:
 * the text around these is written once, and a row is put together of bytes alone.
 */

import { concat } from "../../utils/concat.js"
import { shortId } from "../seed/objectIds.js"
import { createdOf, draws, type Frame, firstObject, type Hand, idOf } from "../seed/taskDraw.js"

/** Writes something about a task at a place. */
type Put = (into: Uint8Array, at: number, index: number) => void

interface Slot {
  /** What is the same in all rows, and as wide as what is put over it. */
  readonly text: Uint8Array
  readonly put: Put
}

/** A row, and what is different in those of other tasks: each at its place, and as wide. */
export interface RowTemplate {
  readonly bytes: Uint8Array
  readonly slots: ReadonlyArray<{ readonly at: number; readonly put: Put }>
}

const encoder = new TextEncoder()

const hexDigits = encoder.encode("0123456789abcdef")

const zero = 0x30

const putHex = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    into[place] = hexDigits[left & 15] ?? zero
    left >>>= 4
  }
}

const putDigits = (into: Uint8Array, at: number, value: number, width: number): void => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    const rest = Math.floor(left / 10)
    into[place] = zero + left - 10 * rest
    left = rest
  }
}

const day = 86_400_000

const dates = new Map<number, Uint8Array>()

const dateOf = (number: number): Uint8Array => {
  const found = dates.get(number) ?? encoder.encode(new Date(number * day).toISOString().slice(0, 11))
  dates.set(number, found)
  return found
}

// What an instant has where; the rest are digits.
const instant = encoder.encode("0000-00-00T00:00:00.000Z")

const putInstant = (into: Uint8Array, at: number, millis: number): void => {
  const number = Math.floor(millis / day)
  const date = dateOf(number)
  for (let place = 0; place < date.length; place++) into[at + place] = date[place] ?? zero
  const rest = millis - number * day
  putDigits(into, at + 11, Math.floor(rest / 3_600_000), 2)
  putDigits(into, at + 14, Math.floor(rest / 60_000) % 60, 2)
  putDigits(into, at + 17, Math.floor(rest / 1000) % 60, 2)
  putDigits(into, at + 20, rest % 1000, 3)
}

// An id is eight digits of its time, what its kind has in common, and six digits of its number.
const idSlot = (frame: Frame, kind: "asset" | "task"): Slot => {
  const id = idOf(frame, kind, 0)
  const first = Number.parseInt(id.slice(18), 16)
  return {
    text: encoder.encode(id),
    put: (into, at, index) => {
      putHex(into, at, Math.floor(createdOf(frame, index) / 1000), 8)
      putHex(into, at + 18, first + index, 6)
    }
  }
}

const objectSlot = (frame: Frame, nth: number): Slot => {
  const text = encoder.encode(shortId("object", 0))
  const width = 8
  return {
    text,
    put: (into, at, index) => {
      putHex(into, at + text.length - width, firstObject(frame, index) + nth, width)
    }
  }
}

const digitsSlot = (width: number): Slot => ({
  text: new Uint8Array(width),
  put: (into, at, index) => putDigits(into, at, index + 1, width)
})

/** Rows are as wide as one another when the numbers of their tasks are. */
export const widthOf = (index: number): number => String(index + 1).length

// Marks that no text of the seed has, and a number that none of its numbers is.
const [open, close] = ["\uE000", "\uE001"]

const row = -8_765_432_109_876

const marks = new RegExp(`${open}([^${close}]*)${close}|(${row})`)

const mark = (...parts: ReadonlyArray<string | number>): string => `${open}${parts.join(" ")}${close}`

/** A hand that leaves open what is different. */
export const openHand: Hand = {
  id: (kind) => mark(kind),
  historyId: (nth) => mark("task", nth),
  objectId: (nth) => mark("object", nth),
  iso: (after) => mark("iso", after),
  digits: (plus, width) => mark("digits", plus, width),
  row
}

const slotOf = (frame: Frame, text: string, index: number): Slot => {
  const [what = "", first = 0, second = 0] = text.split(" ")
  const [a, b] = [Number(first), Number(second)]
  switch (what) {
    case "asset":
    case "task":
      return idSlot(frame, what)
    case "object":
      return objectSlot(frame, a)
    case "iso":
      return { text: instant, put: (into, at, index) => putInstant(into, at, createdOf(frame, index) + a) }
    default:
      if (a !== 1) throw new RangeError("The assets of a project whose tasks are computed count from 1.")
      return digitsSlot(Math.max(b, widthOf(index)))
  }
}

/** The template of a row that was made with {@link openHand}, for tasks whose numbers are as wide as this one's. */
export const templateOf = (frame: Frame, made: object, index: number): RowTemplate => {
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
    const { put, text: over } = what === undefined ? digitsSlot(widthOf(index)) : slotOf(frame, what, index)
    slots.push({ at: length, put })
    parts.push(over)
    length += over.length
  }
  return { bytes: concat(parts), slots }
}

/** Writes the row of a task; the place after it, or -1 when there is no room. */
export const putRow = (
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
export const drawnAs = (index: number): number => index % draws
