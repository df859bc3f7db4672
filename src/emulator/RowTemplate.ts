/**
 * The rows of computed tasks as bytes. Tasks that share a draw have the same row but for their ids, times and numbers:
 * the text around these is written once, and a row is put together of bytes alone.
 */
import { createdOf, draws, type Frame, firstObject, type Hand, idOf } from "./seed/Drawn.js"
import { shortId } from "./seed/Ids.js"

/** Writes something about a task at a place; the place after it. */
type Slot = (into: Uint8Array, at: number, index: number) => number

/** A row with its differences left open. */
export interface RowTemplate {
  readonly parts: ReadonlyArray<Uint8Array | Slot>
  /** No row is longer. */
  readonly longest: number
}

const encoder = new TextEncoder()

const hexDigits = encoder.encode("0123456789abcdef")

const zero = 0x30

const putHex = (into: Uint8Array, at: number, value: number, width: number): number => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    into[place] = hexDigits[left & 15] ?? zero
    left >>>= 4
  }
  return at + width
}

const putDigits = (into: Uint8Array, at: number, value: number, width: number): number => {
  for (let place = at + width - 1, left = value; place >= at; place--) {
    const rest = Math.floor(left / 10)
    into[place] = zero + left - 10 * rest
    left = rest
  }
  return at + width
}

const widthOf = (value: number, least: number): number => Math.max(least, String(value).length)

const widest = 24

const day = 86_400_000

const dates = new Map<number, Uint8Array>()

const dateOf = (number: number): Uint8Array => {
  const found = dates.get(number) ?? encoder.encode(new Date(number * day).toISOString().slice(0, 11))
  dates.set(number, found)
  return found
}

const [colon, dot, zulu] = encoder.encode(":.Z")

const putInstant = (into: Uint8Array, start: number, millis: number): number => {
  const number = Math.floor(millis / day)
  const date = dateOf(number)
  into.set(date, start)
  let rest = millis - number * day
  let at = start + date.length
  const take = (unit: number, width: number, after: number | undefined): void => {
    const whole = Math.floor(rest / unit)
    rest -= whole * unit
    at = putDigits(into, at, whole, width)
    into[at++] = after ?? zero
  }
  take(3_600_000, 2, colon)
  take(60_000, 2, colon)
  take(1000, 2, dot)
  take(1, 3, zulu)
  return at
}

// An id is eight digits of its time, what its kind has in common, and six digits of its number.
const idSlot = (frame: Frame, kind: "asset" | "task"): Slot => {
  const middle = encoder.encode(idOf(frame, kind, 0).slice(8, 18))
  const first = Number.parseInt(idOf(frame, kind, 0).slice(18), 16)
  return (into, at, index) => {
    putHex(into, at, Math.floor(createdOf(frame, index) / 1000), 8)
    into.set(middle, at + 8)
    return putHex(into, at + 18, first + index, 6)
  }
}

const objectSlot = (frame: Frame, nth: number): Slot => {
  const head = encoder.encode(shortId("object", 0).slice(0, -8))
  return (into, at, index) => {
    into.set(head, at)
    return putHex(into, at + head.length, firstObject(frame, index) + nth, 8)
  }
}

const digitsSlot =
  (plus: number, width: number): Slot =>
  (into, at, index) =>
    putDigits(into, at, index + plus, widthOf(index + plus, width))

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

const slotOf = (frame: Frame, text: string): Slot => {
  const [what = "", first = 0, second = 0] = text.split(" ")
  const [a, b] = [Number(first), Number(second)]
  switch (what) {
    case "asset":
    case "task":
      return idSlot(frame, what)
    case "object":
      return objectSlot(frame, a)
    case "iso":
      return (into, at, index) => putInstant(into, at, createdOf(frame, index) + a)
    default:
      return digitsSlot(a, b)
  }
}

/** The template of a row that was made with {@link openHand}. */
export const templateOf = (frame: Frame, made: object): RowTemplate => {
  // Split by two groups: text, then either a mark or the number of the row.
  const split = JSON.stringify(made).split(marks)
  const parts: Array<Uint8Array | Slot> = []
  let longest = 0
  for (let place = 0; place < split.length; place += 3) {
    const text = encoder.encode(split[place] ?? "")
    const what = split[place + 1]
    parts.push(text)
    longest += text.length
    if (place + 1 < split.length) {
      parts.push(what === undefined ? digitsSlot(1, 1) : slotOf(frame, what))
      longest += widest
    }
  }
  return { parts, longest }
}

/** Writes the row of a task; the place after it. There is room for the longest row. */
export const putRow = (template: RowTemplate, into: Uint8Array, at: number, index: number): number => {
  let place = at
  for (const part of template.parts) {
    if (typeof part === "function") place = part(into, place, index)
    else {
      into.set(part, place)
      place += part.length
    }
  }
  return place
}

/** The draw that a task has, as the number of the first task with it. */
export const drawnAs = (index: number): number => index % draws
