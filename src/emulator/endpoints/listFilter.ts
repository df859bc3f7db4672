/**
 * Conditions on the rows of a list (docs/api-notes.md#task-filters): a plain value, a list of allowed values, or
 * an object of operators.
 *
 * @remarks undocumented: which other keys and operators exist, and what an unknown one does (#unknown-conditions).
 * Here it is refused: a filter that was not understood would give everything.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"

/** A row of a list. */
export type Row = Readonly<Record<string, unknown>>

/** Orders values of one kind: numbers by size, everything else as text, what is missing first. */
export const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0
  if (a === undefined || a === null) return -1
  if (b === undefined || b === null) return 1
  if (typeof a === "number" && typeof b === "number") return a - b
  return String(a) < String(b) ? -1 : 1
}

const isInstant = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)

// The SDK writes instants with six digits of a second and the hub with three; others may write another time zone.
const difference = (a: unknown, b: unknown): number => {
  const millis = isInstant(a) && isInstant(b) ? Date.parse(a) - Date.parse(b) : Number.NaN
  return Number.isNaN(millis) ? compare(a, b) : millis
}

/** What a condition is about: the value of a row, or a set of values that the row holds. */
export type Field =
  | {
      readonly value: (row: Row) => unknown
      /** Whether its text is compared to the letter; by default it is in any case. */
      readonly isExact?: boolean
    }
  | { readonly holds: Holds }

type Holds = (row: Row, wanted: string) => boolean

/** A field of the row under its own name. */
export const field = (name: string): Field => ({ value: (row) => row[name] })

/** Fields of the row under their own names. */
export const fields = (...names: ReadonlyArray<string>): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name) => [name, field(name)]))

/** The same for text that people choose: `Tom.jpg` is not `tom.jpg`. */
export const exactFields = (...names: ReadonlyArray<string>): Readonly<Record<string, Field>> =>
  Object.fromEntries(names.map((name) => [name, { ...field(name), isExact: true }]))

type Test = (value: unknown, operand: unknown) => boolean

const isMissing = (value: unknown): boolean => value === undefined || value === null

const equal =
  (isExact: boolean): Test =>
  (value, operand) => {
    // What a row does not have is equal to null alone, and not to the text "null".
    if (isMissing(value) || isMissing(operand)) return isMissing(value) && isMissing(operand)
    if (isInstant(value) && isInstant(operand)) return difference(value, operand) === 0
    return isExact
      ? String(value) === String(operand)
      : String(value).toLowerCase() === String(operand).toLowerCase()
  }

// A row that was never completed was not completed before any time.
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
  Record<string, (holds: (wanted: string) => boolean, operand: unknown) => boolean>
> = {
  eq: (holds, operand) => texts(operand).every(holds),
  ne: (holds, operand) => !texts(operand).some(holds),
  in: (holds, operand) => texts(operand).some(holds),
  nin: (holds, operand) => !texts(operand).some(holds)
}

const listOperators: ReadonlySet<string> = new Set(["in", "nin"])

const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const sortedNames = (names: object): string => Object.keys(names).toSorted().join(", ")

// Operators appear with `$` and without (docs/api-notes.md#filter-operators).
const parseOperators = (
  key: string,
  condition: Row,
  known: object
): Effect.Effect<ReadonlyArray<Operator>, BadRequest> =>
  Effect.forEach(Object.entries(condition), ([given, operand]) => {
    const name = given.replace(/^\$/, "")
    if (!Object.hasOwn(known, name)) {
      return badRequest(
        `${key}.${given}: unknown operator. Allowed: ${sortedNames(known)}, with or without a $.`
      )
    }
    return listOperators.has(name) && !Array.isArray(operand)
      ? badRequest(`${key}.${given}: a list is expected.`)
      : Effect.succeed([name, operand] as const)
  })

type Operator = readonly [name: string, operand: unknown]

type Matches = (row: Row) => boolean

// Several batches are AND, several values OR (docs/api-notes.md#batch-filter): a row holds many of the former and one
// of the latter.
const compileCondition = (
  key: string,
  condition: unknown,
  field: Field
): Effect.Effect<Matches, BadRequest> => {
  if ("holds" in field) {
    return isRecord(condition)
      ? Effect.map(
          parseOperators(key, condition, memberships),
          (operators) => (row) =>
            operators.every(([name, operand]) =>
              memberships[name]?.((wanted) => field.holds(row, wanted), operand)
            )
        )
      : Effect.succeed((row) => texts(condition).every((wanted) => field.holds(row, wanted)))
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
 * What the rows have to be that meet all conditions, each named by its key; 400 for an unknown key or operator,
 * with those that there are. Text is compared in any case, but for that of fields that are exact.
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

/** The rows that meet all conditions; without any, the very list. */
export const filterRows = <A extends object>(
  rows: ReadonlyArray<A>,
  conditions: Row,
  fields: Readonly<Record<string, Field>>
): Effect.Effect<ReadonlyArray<A>, BadRequest> =>
  Object.keys(conditions).length === 0
    ? Effect.succeed(rows)
    : Effect.map(compile(conditions, fields), (matches) => rows.filter((row) => matches(row as Row)))

/** Batches as a condition: whether a row is in one, named by id or by name, whichever of the two it holds. */
export const batchField = (known: ReadonlyArray<{ readonly _id: string; readonly name: string }>): Field => ({
  holds: (row, wanted) => {
    const held: ReadonlyArray<unknown> = Array.isArray(row["batches"]) ? row["batches"] : []
    return isInBatches(held, [wanted], known)
  }
})

/** Whether a row's batches hold all of the wanted ones, each named by id or by name. */
export const isInBatches = (
  held: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<string>,
  known: ReadonlyArray<{ readonly _id: string; readonly name: string }>
): boolean =>
  wanted.every((one) =>
    known.some(
      ({ _id, name }) => (_id === one || name === one) && (held.includes(_id) || held.includes(name))
    )
  )
