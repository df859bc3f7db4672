/**
 * Filters of asset lists, parameters of task lists, and the lenient reading of a task filter
 * (docs/api-notes.md#asset-filters, #task-filters). A condition is a plain value, a list of allowed values, or an object
 * of operators.
 *
 * @remarks undocumented: which other keys and operators exist, and what an unknown one does (#unknown-conditions). Here
 * it is an error, because an ignored filter would return every row.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"

/** A row of a list. */
export type Row = Readonly<Record<string, unknown>>

/** Compares two values for sorting: numbers by size, everything else as text, missing values first. */
export const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0
  if (a === undefined || a === null) return -1
  if (b === undefined || b === null) return 1
  if (typeof a === "number" && typeof b === "number") return a - b
  return String(a) < String(b) ? -1 : 1
}

const isInstant = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)

// The SDK writes times with six fractional digits, the hub with three, and others may use another time zone.
const difference = (a: unknown, b: unknown): number => {
  const millis = isInstant(a) && isInstant(b) ? Date.parse(a) - Date.parse(b) : Number.NaN
  return Number.isNaN(millis) ? compare(a, b) : millis
}

/** What a condition applies to: one value of a row, or a set of values that the row contains. */
export type Field =
  | {
      readonly value: (row: Row) => unknown
      /** Whether text is compared case-sensitively; by default it is not. */
      readonly isExact?: boolean
    }
  | { readonly contains: (row: Row, wanted: string) => boolean }

/** The value of a row under this name. */
export const field = (name: string): Field => ({ value: (row) => row[name] })

/** Several fields, by name. */
export const fields = (...names: ReadonlyArray<string>): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name) => [name, field(name)]))

/** The same for fields that are compared case-sensitively: `Tom.jpg` is not `tom.jpg`. */
export const exactFields = (...names: ReadonlyArray<string>): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name) => [name, { ...field(name), isExact: true }]))

type Test = (value: unknown, operand: unknown) => boolean

const isMissing = (value: unknown): boolean => value === undefined || value === null

const equal =
  (isExact: boolean): Test =>
  (value, operand) => {
    // A missing value equals null only, not the text "null".
    if (isMissing(value) || isMissing(operand)) return isMissing(value) && isMissing(operand)
    if (isInstant(value) && isInstant(operand)) return difference(value, operand) === 0
    return isExact
      ? String(value) === String(operand)
      : String(value).toLowerCase() === String(operand).toLowerCase()
  }

// A missing value has no order: a task that was never completed does not match `completedAt < …`.
const ordered =
  (test: (difference: number) => boolean): Test =>
  (value, operand) =>
    !isMissing(value) && !isMissing(operand) && test(difference(value, operand))

const makeComparisons = (isExact: boolean): Readonly<Record<string, Test>> => {
  const eq = equal(isExact)
  const isAmong: Test = (value, operand) => Array.isArray(operand) && operand.some((one) => eq(value, one))
  return {
    eq,
    ne: (value, operand) => !eq(value, operand),
    in: isAmong,
    nin: (value, operand) => !isAmong(value, operand),
    gt: ordered((difference) => difference > 0),
    gte: ordered((difference) => difference >= 0),
    lt: ordered((difference) => difference < 0),
    lte: ordered((difference) => difference <= 0)
  }
}

const [caseInsensitive, caseSensitive] = [makeComparisons(false), makeComparisons(true)]

const texts = (operand: unknown): ReadonlyArray<string> => [operand].flat().map(String)

const memberships: Readonly<
  Record<string, (contains: (wanted: string) => boolean, operand: unknown) => boolean>
> = {
  eq: (contains, operand) => texts(operand).every(contains),
  ne: (contains, operand) => !texts(operand).some(contains),
  in: (contains, operand) => texts(operand).some(contains),
  nin: (contains, operand) => !texts(operand).some(contains)
}

const listOperators: ReadonlySet<string> = new Set(["in", "nin"])

const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const sortedNames = (names: object): string => Object.keys(names).toSorted().join(", ")

// Operators appear with `$` and without (docs/api-notes.md#filter-operators).
const parseOperators = (
  filterName: string,
  condition: Row,
  known: object
): Effect.Effect<ReadonlyArray<Operator>, BadRequest> =>
  Effect.forEach(Object.entries(condition), ([key, operand]) => {
    const name = key.replace(/^\$/, "")
    if (!Object.hasOwn(known, name)) {
      return badRequest(
        `${filterName}.${key}: unknown operator. Allowed: ${sortedNames(known)}, with or without a $.`
      )
    }
    return listOperators.has(name) && !Array.isArray(operand)
      ? badRequest(`${filterName}.${key}: expected a list.`)
      : Effect.succeed([name, operand] as const)
  })

type Operator = readonly [name: string, operand: unknown]

type Matches = (row: Row) => boolean

// Several batches are combined with AND, several values with OR (docs/api-notes.md#batch-filter): a row contains many
// batches, but has one value.
const compileCondition = (
  key: string,
  condition: unknown,
  field: Field
): Effect.Effect<Matches, BadRequest> => {
  if ("contains" in field) {
    return isRecord(condition)
      ? Effect.map(
          parseOperators(key, condition, memberships),
          (operators) => (row) =>
            operators.every(([name, operand]) =>
              memberships[name]?.((wanted) => field.contains(row, wanted), operand)
            )
        )
      : Effect.succeed((row) => texts(condition).every((wanted) => field.contains(row, wanted)))
  }
  const comparisons = field.isExact === true ? caseSensitive : caseInsensitive
  const conditions = isRecord(condition) ? condition : { [Array.isArray(condition) ? "in" : "eq"]: condition }
  return Effect.map(
    parseOperators(key, conditions, comparisons),
    (operators) => (row) =>
      operators.every(([name, operand]) => comparisons[name]?.(field.value(row), operand))
  )
}

/**
 * Compiles conditions, by field name, to a predicate that requires all of them. An unknown field or operator is a 400
 * whose message lists the allowed ones.
 */
export const compile = (
  conditions: Row,
  fields: Readonly<Record<string, Field>>
): Effect.Effect<Matches, BadRequest> =>
  Effect.map(
    Effect.forEach(Object.entries(conditions), ([key, condition]) => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      return field === undefined
        ? badRequest(`${key}: unknown filter. Allowed: ${sortedNames(fields)}.`)
        : compileCondition(key, condition, field)
    }),
    (all) => (row) => all.every((matches) => matches(row))
  )

/** The rows that meet all conditions; without conditions, the same list. */
export const filterRows = <A extends object>(
  rows: ReadonlyArray<A>,
  conditions: Row,
  fields: Readonly<Record<string, Field>>
): Effect.Effect<ReadonlyArray<A>, BadRequest> =>
  Object.keys(conditions).length === 0
    ? Effect.succeed(rows)
    : Effect.map(compile(conditions, fields), (matches) => rows.filter((row) => matches(row as Row)))

/** The batches of a row. Conditions and rows may both contain batch ids or names. */
export const batchField = (known: ReadonlyArray<{ readonly _id: string; readonly name: string }>): Field => ({
  contains: (row, wanted) => {
    const present: ReadonlyArray<unknown> = Array.isArray(row["batches"]) ? row["batches"] : []
    return isInBatches(present, [wanted], known)
  }
})

/** Whether a row is in all of the wanted batches. Both lists may contain batch ids or names. */
export const isInBatches = (
  present: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<string>,
  known: ReadonlyArray<{ readonly _id: string; readonly name: string }>
): boolean =>
  wanted.every((one) =>
    known.some(
      ({ _id, name }) => (_id === one || name === one) && (present.includes(_id) || present.includes(name))
    )
  )
