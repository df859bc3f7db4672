// Objects, records and arrays, each in one pass. A value in which nothing changes is returned itself.
import * as Predicate from "effect/Predicate"
import { type Decode, decodeFailure } from "./decodeResult.js"

/** One key of an object: how its value is decoded, and its key in the decoded type. */
export interface Field {
  readonly key: string
  readonly decode: Decode
  readonly isRequired: boolean
  /** The key in the decoded type; `undefined` drops the field. */
  readonly to: string | undefined
  /** The wire key that is renamed to this field's key: where both are present, that one wins. */
  readonly shadowedBy?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

// A key `__proto__` is data; an assignment would set the prototype.
const set = (object: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    object[key] = value
  }
}

const copyUpTo = (input: Fields, end: string): Record<string, unknown> => {
  const copy: Record<string, unknown> = {}
  for (const key in input) {
    if (key === end) break
    set(copy, key, input[key])
  }
  return copy
}

// More keys than any document has; a hub could send new ones without end.
const maxGuesses = 100

/**
 * An object of these fields. `unknownField` makes the field of a key that is not among them. `decodeWhole` decodes the
 * objects that one pass cannot decide: a required field is missing, or a field is shadowed and its counterpart absent.
 */
export const struct = (
  fields: ReadonlyArray<Field>,
  unknownField: (key: string) => Field,
  decodeWhole: Decode
): Decode => {
  const byKey = new Map(fields.map((field) => [field.key, field]))
  const required = fields.filter(({ isRequired }) => isRequired).length
  // The objects of a list mostly have the same keys in the same order: comparing with the field that was last at this
  // index is cheaper than a look-up.
  const guesses: Array<Field> = []
  const fieldAt = (index: number, key: string): Field => {
    const field = byKey.get(key) ?? unknownField(key)
    if (index < maxGuesses) guesses[index] = field
    return field
  }
  return (input, findings) => {
    if (!Predicate.isRecord(input)) return decodeFailure
    let copy: Record<string, unknown> | undefined
    let requiredCount = 0
    let index = 0
    for (const key in input) {
      const guess = guesses[index]
      const field = guess !== undefined && guess.key === key ? guess : fieldAt(index, key)
      index++
      const value = input[key]
      const decoded = field.decode(value, findings)
      if (decoded === decodeFailure) return decodeFailure
      if (field.isRequired) requiredCount++
      if (copy === undefined) {
        if (decoded === value && field.to === key) continue
        copy = copyUpTo(input, key)
      }
      if (field.to !== undefined) set(copy, field.to, decoded)
      else if (field.shadowedBy !== undefined && !Object.hasOwn(input, field.shadowedBy)) {
        return decodeWhole(input, findings)
      }
    }
    return requiredCount === required ? (copy ?? input) : decodeWhole(input, findings)
  }
}

/** An object of any keys, whose values have one schema. */
export const record =
  (decode: Decode): Decode =>
  (input, findings) => {
    if (!Predicate.isRecord(input)) return decodeFailure
    let copy: Record<string, unknown> | undefined
    for (const key in input) {
      const value = input[key]
      const decoded = decode(value, findings)
      if (decoded === decodeFailure) return decodeFailure
      if (copy === undefined && decoded !== value) copy = copyUpTo(input, key)
      if (copy !== undefined) set(copy, key, decoded)
    }
    return copy ?? input
  }

/** An array: the items of `first` are required; `others` decodes all further items; without it, further items are not allowed. */
export const list =
  (first: ReadonlyArray<Decode>, others: Decode | undefined): Decode =>
  (input, findings) => {
    if (!Array.isArray(input)) return decodeFailure
    if (input.length < first.length || (others === undefined && input.length > first.length))
      return decodeFailure
    let copy: Array<unknown> | undefined
    for (let i = 0; i < input.length; i++) {
      const value: unknown = input[i]
      const decode = first[i] ?? others
      const decoded = decode === undefined ? decodeFailure : decode(value, findings)
      if (decoded === decodeFailure) return decodeFailure
      if (copy === undefined && decoded !== value) copy = input.slice(0, i)
      if (copy !== undefined) copy[i] = decoded
    }
    return copy ?? input
  }
