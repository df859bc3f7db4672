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

const valuesBefore = (input: Fields, end: string): Array<unknown> => {
  const values: Array<unknown> = []
  for (const key in input) {
    if (key === end) break
    values.push(input[key])
  }
  return values
}

/** The keys of objects in the order in which they come, as a tree: what is known of the objects whose first keys are these. */
interface Shape {
  readonly field: Field
  readonly next: Map<string, Shape>
  /** What followed last time. The objects of a list mostly have the same keys: this guess is cheaper than a look-up. */
  guess: Shape | undefined
  /** The decoded keys, and an object that has them all, of which the next one is a copy. */
  result: { readonly keys: ReadonlyArray<string | undefined>; readonly template: Fields } | undefined
}

const makeShape = (field: Field): Shape => ({ field, next: new Map(), guess: undefined, result: undefined })

// More shapes than any document has; a hub could send new keys without end.
const maxShapes = 1_000

// An object that `JSON.parse` made has its properties in itself. Copied by spread, and its values then replaced, it costs a
// third of an object to which properties are added one by one.
const makeTemplate = (keys: ReadonlyArray<string | undefined>): Fields =>
  JSON.parse(`{${keys.flatMap((key) => (key === undefined ? [] : `${JSON.stringify(key)}:null`)).join()}}`)

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
  const makeRoot = () => makeShape({ key: "", to: undefined, isRequired: false, decode: () => decodeFailure })
  let root = makeRoot()
  let shapes = 0

  const follow = (shape: Shape, key: string): Shape => {
    let next = shape.next.get(key)
    if (next === undefined) {
      next = makeShape(byKey.get(key) ?? unknownField(key))
      shape.next.set(key, next)
      if (++shapes > maxShapes) {
        root = makeRoot()
        shapes = 0
      }
    }
    shape.guess = next
    return next
  }

  const resultOf = (last: Shape, input: Fields): NonNullable<Shape["result"]> => {
    const keys: Array<string | undefined> = []
    for (const key in input) keys.push((byKey.get(key) ?? unknownField(key)).to)
    last.result = { keys, template: makeTemplate(keys) }
    return last.result
  }

  return (input, findings) => {
    if (!Predicate.isRecord(input)) return decodeFailure
    let shape = root
    // The decoded values, from the first change on: before it the input is its own result.
    let values: Array<unknown> | undefined
    let requiredCount = 0
    for (const key in input) {
      const { guess } = shape
      shape = guess !== undefined && guess.field.key === key ? guess : follow(shape, key)
      const { field } = shape
      const value = input[key]
      const decoded = field.decode(value, findings)
      if (decoded === decodeFailure) return decodeFailure
      if (field.isRequired) requiredCount++
      if (
        field.to === undefined &&
        field.shadowedBy !== undefined &&
        !Object.hasOwn(input, field.shadowedBy)
      ) {
        return decodeWhole(input, findings)
      }
      if (values !== undefined) values.push(decoded)
      else if (decoded !== value || field.to !== key) {
        values = valuesBefore(input, key)
        values.push(decoded)
      }
    }
    if (requiredCount !== required) return decodeWhole(input, findings)
    if (values === undefined) return input
    const { keys, template } = shape.result ?? resultOf(shape, input)
    const result: Record<string, unknown> = { ...template }
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]
      if (key !== undefined) result[key] = values[index]
    }
    return result
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
