// Conditions of a request as checks of the rows that come back. A check says no only where a row surely contradicts its
// condition: a field that a row does not show, or shows in another form, says nothing.
import type { RowCondition } from "../pagination/rowCheck.js"
import type { DocumentCondition } from "./conditions.js"

/** A batch, as far as its rows show it. */
interface BatchName {
  readonly id: string
  readonly name: string
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A field of a row; `undefined` if the row does not show it. */
export const readField = (row: unknown, name: string): unknown =>
  isRecord(row) && Object.hasOwn(row, name) ? row[name] : undefined

/** The first of these paths that a row shows. */
export const readAny = (row: unknown, ...paths: ReadonlyArray<ReadonlyArray<string>>): unknown => {
  for (const path of paths) {
    const value = path.reduce<unknown>(readField, row)
    if (value !== undefined) return value
  }
  return undefined
}

// Whether a value meets an operand; `undefined` if the two cannot be compared.
type Verdict = boolean | undefined

const instantOf = (value: unknown): number =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN

const isAddress = (text: string): boolean => text.includes("@")

// Older hubs show people by their ids. Case is ignored: a hub may be more lenient than the letter.
const isEqual = (value: unknown, operand: unknown): Verdict => {
  if (value === operand) return true
  if (value === null) return operand === null || operand === false
  if (typeof value !== typeof operand) return operand === null ? false : undefined
  if (typeof value !== "string" || typeof operand !== "string") {
    return typeof value === "object" ? undefined : value === operand
  }
  const [left, right] = [instantOf(value), instantOf(operand)]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left === right
  return isAddress(operand) && !isAddress(value) && value !== ""
    ? undefined
    : value.toLowerCase() === operand.toLowerCase()
}

const isAmong = (value: unknown, operands: unknown): Verdict => {
  if (!Array.isArray(operands)) return undefined
  const verdicts = operands.map((operand) => isEqual(value, operand))
  return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false
}

const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict)

const isOrdered =
  (accepts: (difference: number) => boolean) =>
  (value: unknown, operand: unknown): Verdict => {
    if (value === null) return false
    if (typeof value === "number" && typeof operand === "number") return accepts(value - operand)
    const difference = instantOf(value) - instantOf(operand)
    return Number.isNaN(difference) ? undefined : accepts(difference)
  }

// The hub's expressions are not exactly those of this runtime: only a text that no reading matches contradicts.
const matches = (value: unknown, operand: unknown): Verdict => {
  if (value === null) return false
  if (typeof value !== "string" || typeof operand !== "string") return undefined
  try {
    return ["u", "su", "iu"].some((flags) => new RegExp(operand, flags).test(value.replace(/\n$/, "")))
  } catch {
    return undefined
  }
}

const operators: Readonly<Record<string, (value: unknown, operand: unknown) => Verdict>> = {
  $eq: isEqual,
  $ne: (value, operand) => (value === null && operand !== null ? true : not(isEqual(value, operand))),
  $in: isAmong,
  $nin: (value, operands) => (value === null ? true : not(isAmong(value, operands))),
  $gt: isOrdered((difference) => difference > 0),
  $gte: isOrdered((difference) => difference >= 0),
  $lt: isOrdered((difference) => difference < 0),
  $lte: isOrdered((difference) => difference <= 0),
  $regex: matches,
  // A hub may show an absent field as null.
  $exists: (value, operand) => (operand === false && value !== null ? false : undefined)
}

const toOperators = (condition: unknown): DocumentCondition | undefined => {
  if (!isRecord(condition)) return Array.isArray(condition) ? undefined : { $eq: condition }
  return Object.keys(condition).every((key) => key.startsWith("$")) ? condition : undefined
}

// Rows show batches by id or by name.
const batchOperators = (batches: ReadonlyArray<BatchName>): typeof operators => {
  const find = (wanted: unknown) => batches.find(({ id }) => id === wanted)
  const contains = (shown: ReadonlyArray<unknown>, wanted: unknown) => {
    const batch = find(wanted)
    return shown.includes(wanted) || (batch !== undefined && shown.includes(batch.name))
  }
  const test =
    (accepts: (contains: (wanted: unknown) => boolean, operands: ReadonlyArray<unknown>) => boolean) =>
    (shown: unknown, operand: unknown): Verdict =>
      Array.isArray(shown) ? accepts((wanted) => contains(shown, wanted), [operand].flat()) : undefined
  return {
    $eq: test((isIn, operands) => operands.every(isIn)),
    $in: test((isIn, operands) => operands.some(isIn)),
    $ne: test((isIn, operands) => !operands.some(isIn)),
    $nin: test((isIn, operands) => !operands.some(isIn))
  }
}

interface Reading {
  /** The batches of the conditions. */
  readonly batches: ReadonlyArray<BatchName>
  /** The option that a condition comes from, for errors. */
  readonly parameterOf: (name: string) => string
  /** Reads the field of a condition; `undefined` if the row does not show it. */
  readonly read: (row: unknown, name: string) => unknown
}

/** The checks of conditions, which are by field name and in the form of a document store. */
export const toRowConditions = (
  conditions: Readonly<Record<string, unknown>>,
  { batches, parameterOf, read }: Reading
): ReadonlyArray<RowCondition> =>
  Object.entries(conditions).flatMap(([name, condition]) => {
    const known = name === "batches" ? batchOperators(batches) : operators
    const tests = Object.entries(toOperators(condition) ?? {}).flatMap(([operator, operand]) => {
      const test = Object.hasOwn(known, operator) ? known[operator] : undefined
      return test === undefined ? [] : [{ operand, test }]
    })
    return tests.length === 0
      ? []
      : [
          {
            parameter: parameterOf(name),
            isContradicted: (row: unknown) => {
              const value = read(row, name)
              return value !== undefined && tests.some(({ operand, test }) => test(value, operand) === false)
            }
          }
        ]
  })
