// Conditions of a request as checks of the rows that come back. A check says no only where a row surely contradicts its
// condition: a field that a row does not show, or shows in another form, says nothing.
import * as Predicate from "effect/Predicate"
import type { RowCondition } from "../pagination/rowCheck.js"
import type { DocumentCondition } from "./conditions.js"

/** A batch of a condition, as far as rows show it. */
export interface ConditionBatch {
  readonly id: string
  readonly name: string
  /** Whether another batch of the project has this name, or has it as its id: rows with the name may mean either. */
  readonly isAmbiguous?: boolean
}

/** A field of a row; `undefined` if the row does not show it. */
export const readField = (row: unknown, name: string): unknown =>
  Predicate.isRecord(row) && Object.hasOwn(row, name) ? row[name] : undefined

/** The first of these paths at which a row has a value; null if it shows no value, and null at one of them. */
export const readAny = (row: unknown, ...paths: ReadonlyArray<ReadonlyArray<string>>): unknown => {
  let shown: unknown
  for (const path of paths) {
    let value = row
    for (const name of path) value = readField(value, name)
    if (value != null) return value
    if (value === null) shown = null
  }
  return shown
}

// Whether a value meets an operand; `undefined` if the two cannot be compared.
type Verdict = boolean | undefined

// A time without a zone says nothing.
const instantOf = (value: unknown): number =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(value)
    ? Date.parse(value)
    : Number.NaN

const isFinerThanMillis = (value: unknown): boolean => typeof value === "string" && /\.\d{4}/.test(value)

const fold = (text: string): string => text.normalize("NFC").toLowerCase()

// A hub may compare texts more leniently than to the letter: neither equal nor different.
const isSimilar = (value: string, operand: string): boolean =>
  fold(value) === fold(operand) || instantOf(value) === instantOf(operand)

const isEqual = (value: unknown, operand: unknown): Verdict => {
  if (value === operand) return true
  if (value === null) return operand === null || operand === false
  if (typeof value !== typeof operand) return operand === null ? false : undefined
  if (typeof value === "object") return undefined
  if (typeof value !== "string" || typeof operand !== "string") return false
  return isSimilar(value, operand) ? undefined : false
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
    const isUnsure = Number.isNaN(difference) || (difference === 0 && isFinerThanMillis(value))
    return isUnsure ? undefined : accepts(difference)
  }

const hasForeignLetters = (text: string): boolean => /[^\0-\x7F]/.test(text)

// The hub's expressions are not exactly those of this runtime, least of all in what counts as a letter: only a text that
// no reading matches contradicts.
const matches = (value: unknown, operand: unknown): Verdict => {
  if (value === null) return false
  if (typeof value !== "string" || typeof operand !== "string") return undefined
  if (hasForeignLetters(value) && /\\[wdsb]/i.test(operand)) return undefined
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
  // A hub may show an absent field as null, or as an empty text.
  $exists: (value, operand) => (operand === false && value !== null && value !== "" ? false : undefined)
}

const toOperators = (condition: unknown): DocumentCondition | undefined => {
  if (!Predicate.isRecord(condition)) return Array.isArray(condition) ? undefined : { $eq: condition }
  return Object.keys(condition).every((key) => key.startsWith("$")) ? condition : undefined
}

const isAddress = (text: unknown): boolean => typeof text === "string" && text.includes("@")

/** Whether a text has the form of an id. */
export const isId = (text: unknown): boolean => typeof text === "string" && /^[0-9a-f]{24}$/.test(text)

const personFields: ReadonlySet<string> = new Set(["assignee", "createdBy", "updatedBy", "completedBy"])

// Conditions name people by e-mail address. Older hubs show their ids or names, which cannot be compared with it.
const personOperators: typeof operators = Object.fromEntries(
  Object.entries(operators).map(([operator, test]) => [
    operator,
    (value: unknown, operand: unknown): Verdict => {
      const isShownAsText = typeof value === "string" && value !== ""
      if (!isShownAsText || operator === "$exists") return test(value, operand)
      const operands = [operand].flat()
      const isComparable = isAddress(value)
        ? !operands.some(isId)
        : operator !== "$regex" && !operands.some(isAddress)
      return isComparable ? test(value, operand) : undefined
    }
  ])
)

// The texts by which a row shows its batches: ids or names. `undefined` if it shows one in another form.
const shownBatches = (shown: unknown): ReadonlyArray<string> | undefined => {
  if (shown === null) return []
  if (!Array.isArray(shown)) return undefined
  const texts = shown.flatMap((batch: unknown): ReadonlyArray<unknown> => {
    if (!Predicate.isRecord(batch)) return [batch]
    const id = readAny(batch, ["_id"], ["id"]) ?? readField(batch, "name")
    return [id]
  })
  return texts.every((text) => typeof text === "string") ? texts : undefined
}

const containsBatch = (
  shown: ReadonlyArray<string>,
  wanted: unknown,
  batch: ConditionBatch | undefined
): Verdict => {
  if (typeof wanted !== "string") return undefined
  if (batch !== undefined && shown.some((text) => text === batch.id || text === batch.name)) {
    return batch.isAmbiguous === true ? undefined : true
  }
  if (shown.includes(wanted)) return true
  // A batch that was not looked up: its name is unknown, or its id.
  return batch === undefined && shown.some((text) => isId(text) !== isId(wanted)) ? undefined : false
}

const all = (verdicts: ReadonlyArray<Verdict>): Verdict =>
  verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true

const any = (verdicts: ReadonlyArray<Verdict>): Verdict => not(all(verdicts.map(not)))

// Rows show batches by id or by name.
const batchOperators = (batches: ReadonlyArray<ConditionBatch>): typeof operators => {
  const test =
    (combine: (verdicts: ReadonlyArray<Verdict>) => Verdict) =>
    (value: unknown, operand: unknown): Verdict => {
      const shown = shownBatches(value)
      if (shown === undefined) return undefined
      return combine(
        [operand].flat().map((wanted) =>
          containsBatch(
            shown,
            wanted,
            batches.find(({ id }) => id === wanted)
          )
        )
      )
    }
  const isInNone = test((verdicts) => not(any(verdicts)))
  return {
    $eq: test(all),
    $in: test(any),
    // A list is another one as soon as one item differs.
    $ne: (value, operand) => (Array.isArray(operand) ? undefined : isInNone(value, operand)),
    $nin: isInNone
  }
}

interface Reading {
  /** The batches of the conditions. */
  readonly batches: ReadonlyArray<ConditionBatch>
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
    const known =
      name === "batches" ? batchOperators(batches) : personFields.has(name) ? personOperators : operators
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
