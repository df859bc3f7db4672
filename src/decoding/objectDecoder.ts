// Objects, in one pass over the keys that they have. An object in which nothing changes is handed through.
import * as Predicate from "effect/Predicate"
import { type Decode, decodeFailure } from "./decodeResult.js"

/** One key of an object: how its value is decoded, and what it is called then. */
export interface Field {
  readonly key: string
  readonly decode: Decode
  readonly isRequired: boolean
  /** The key in our types; without one the field is left out. */
  readonly to: string | undefined
  /** The wire's key that has the name of this one in our types: where both are there, it wins. */
  readonly shadowedBy?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

// `__proto__` is a key like any other, and an assignment would make it the prototype.
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

// Places of keys that are remembered: more than any document has, and no more than a hub can make us keep.
const mostGuesses = 100

/**
 * An object of these fields. `unknown` gives the field for a key that has none, and `whole` decodes the object in some
 * slow way that is right even where a required field is missing, or where two keys mean the same.
 */
export const struct = (
  fields: ReadonlyArray<Field>,
  unknown: (key: string) => Field,
  whole: Decode
): Decode => {
  const byKey = new Map(fields.map((field) => [field.key, field]))
  const required = fields.filter(({ isRequired }) => isRequired).length
  // The objects of one list mostly have the same keys in the same places: comparing a key is cheaper than finding it.
  const guesses: Array<Field> = []
  const fieldAt = (place: number, key: string): Field => {
    const field = byKey.get(key) ?? unknown(key)
    if (place < mostGuesses) guesses[place] = field
    return field
  }
  return (input, findings) => {
    if (!Predicate.isRecord(input)) return decodeFailure
    let copy: Record<string, unknown> | undefined
    let met = 0
    let place = 0
    for (const key in input) {
      const guess = guesses[place]
      const field = guess !== undefined && guess.key === key ? guess : fieldAt(place, key)
      place++
      const value = input[key]
      const decoded = field.decode(value, findings)
      if (decoded === decodeFailure) return decodeFailure
      if (field.isRequired) met++
      if (copy === undefined) {
        if (decoded === value && field.to === key) continue
        copy = copyUpTo(input, key)
      }
      if (field.to !== undefined) set(copy, field.to, decoded)
      else if (field.shadowedBy !== undefined && !Object.hasOwn(input, field.shadowedBy)) {
        return whole(input, findings)
      }
    }
    return met === required ? (copy ?? input) : whole(input, findings)
  }
}

/** An object of any keys whose values are all of one kind. */
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

/** A list: `first` are its first items, each of which has to be there, and the others are all of one kind, if any. */
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
