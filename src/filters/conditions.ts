// Conditions of lists: their forms as options, their checks, and their form in requests, which is that of a document
// store (docs/api-notes.md#task-filters).
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Problem } from "../layers/transport/inputValidation.js"
import { Instant } from "../schemas/Metric.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/** A condition on one field, as in requests: operators that combine with AND. */
export interface DocumentCondition {
  readonly $eq?: unknown
  readonly $ne?: unknown
  readonly $in?: ReadonlyArray<unknown>
  readonly $nin?: ReadonlyArray<unknown>
  readonly $gt?: unknown
  readonly $gte?: unknown
  readonly $lt?: unknown
  readonly $lte?: unknown
  readonly $regex?: string
  readonly $exists?: boolean
}

/** One value, or at least one of several that may match. */
export type OneOrSeveral<A> = A | ReadonlyArray<A>

/**
 * What a text must not be, or look like. Several of these combine with AND; at least one is required. An item without
 * the field matches `not` and `noneOf`.
 *
 * @category options
 * @since 0.1.0
 */
export interface TextRule<A extends string = string> {
  /** The text is another one. */
  readonly not?: A | undefined
  /** The text differs from each of these, at least one. */
  readonly noneOf?: ReadonlyArray<A> | undefined
  /** A regular expression that matches a part of the text, as the hub understands it. Case-sensitive. */
  readonly pattern?: string | undefined
  /** Whether the item has the field. A field with the value null counts as present. */
  readonly exists?: boolean | undefined
}

/**
 * A condition on a text: the text itself, several of which it must be one, or a {@link TextRule}. Texts are compared to
 * the letter.
 *
 * @category options
 * @since 0.1.0
 */
export type TextCondition<A extends string = string> = OneOrSeveral<A> | TextRule<A>

/**
 * A range of numbers; its ends combine with AND, and at least one is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface NumberRange {
  /** The smallest number, included. */
  readonly min?: number | undefined
  /** The largest number, included. */
  readonly max?: number | undefined
  /** A limit below the smallest number, excluded. */
  readonly above?: number | undefined
  /** A limit above the largest number, excluded. */
  readonly below?: number | undefined
  /** A number that is excluded. An item without the field matches. */
  readonly not?: number | undefined
}

/**
 * A condition on a number: the number itself, or a {@link NumberRange}.
 *
 * @category options
 * @since 0.1.0
 */
export type NumberCondition = number | NumberRange

/**
 * A time range as two optional conditions: `createdAfter` and `createdBefore` for the field `created`. Both ends are
 * excluded, to the millisecond.
 */
export type TimeBounds<Field extends string> = {
  readonly [End in `${Field}After` | `${Field}Before`]?: DateTime.DateTime | undefined
}

/** The same, and two ends that are included: `createdFrom` and `createdTo`. */
export type TimeRange<Field extends string> = TimeBounds<Field> & {
  readonly [End in `${Field}From` | `${Field}To`]?: DateTime.DateTime | undefined
}

const hasValue = (value: object): boolean => Object.values(value).some((one) => one !== undefined)

/** Validates a {@link TextCondition}. `title` says what is expected: "at least one status". */
export const textCondition = <A extends string, I>(
  item: Schema.Schema<A, I>,
  title: string
): Schema.Schema<TextCondition<A>> => {
  const text = Schema.typeSchema(item)
  const rule = Open.closedStruct({
    not: Schema.optional(text),
    noneOf: Schema.optional(Open.atLeastOne(text, title)),
    pattern: Schema.optional(Open.condition),
    exists: Schema.optional(Schema.Boolean)
  }).pipe(Schema.filter(hasValue, { title: "at least one of not, noneOf, pattern and exists" }))
  return Open.oneOfForms<OneOrSeveral<A>, TextRule<A>>(
    Open.oneOrSeveral(text, title),
    rule,
    Predicate.isRecord
  )
}

/**
 * Batches, by name or by id, at least one: of which a task is in any, or a rule for batches that it is not in.
 *
 * @category options
 * @since 0.1.0
 */
export type BatchCondition = ReadonlyArray<string> | BatchRule

/**
 * Batches that a task must not be in, or whether it has batches at all. At least one of the two is required.
 *
 * @category options
 * @since 0.1.0
 */
export interface BatchRule {
  /** The task is in none of these, at least one. */
  readonly noneOf?: ReadonlyArray<string> | undefined
  /** Whether the task has the field. An empty list counts as present. */
  readonly exists?: boolean | undefined
}

/** Validates a {@link BatchCondition}. */
export const batchCondition: Schema.Schema<BatchCondition> = Open.oneOfForms<
  ReadonlyArray<string>,
  BatchRule
>(
  Schema.Array(Schema.String).annotations({ title: "a list of batches, by name or by id" }),
  Open.closedStruct({
    noneOf: Schema.optional(Open.atLeastOne(Open.condition, "at least one batch")),
    exists: Schema.optional(Schema.Boolean)
  }).pipe(Schema.filter(hasValue, { title: "at least one of noneOf and exists" })),
  Predicate.isRecord
)

/** Validates a {@link NumberCondition}. */
export const numberCondition = (number: Schema.Schema<number>): Schema.Schema<NumberCondition> => {
  const end = Schema.optional(number)
  const range = Open.closedStruct({ min: end, max: end, above: end, below: end, not: end }).pipe(
    Schema.filter(hasValue, { title: "a range with a min, a max, or both; or above, below or not" })
  )
  return Open.oneOfForms<number, NumberRange>(number, range, Predicate.isRecord)
}

const End = Schema.optional(Schema.typeSchema(Instant))

/** The schemas of the two conditions of each time range. */
export const timeRangeFields = <Field extends string>(...fields: ReadonlyArray<Field>) =>
  Object.fromEntries(
    fields.flatMap((field) => [`${field}After`, `${field}Before`].map((name) => [name, End]))
  ) as { readonly [Name in `${Field}After` | `${Field}Before`]: typeof End }

/** The schemas of the included ends of each time range. */
export const includedEndFields = <Field extends string>(...fields: ReadonlyArray<Field>) =>
  Object.fromEntries(
    fields.flatMap((field) => [`${field}From`, `${field}To`].map((name) => [name, End]))
  ) as { readonly [Name in `${Field}From` | `${Field}To`]: typeof End }

type Ends<A> = {
  readonly after: A | undefined
  readonly before: A | undefined
  readonly from: A | undefined
  readonly to: A | undefined
}

const endsOf = <Field extends string>(filter: TimeRange<Field>, field: Field): Ends<DateTime.DateTime> => {
  const ends: {
    readonly [End in `${Field}${"After" | "Before" | "From" | "To"}`]?: DateTime.DateTime | undefined
  } = filter
  return {
    after: ends[`${field}After` as const],
    before: ends[`${field}Before` as const],
    from: ends[`${field}From` as const],
    to: ends[`${field}To` as const]
  }
}

/** The condition of a time range, as ISO 8601 to the millisecond, or undefined if no end is given. */
export const toTimeCondition = <Field extends string>(filter: TimeRange<Field>, field: Field) => {
  const { after, before, from, to } = endsOf(filter, field)
  const text = (end: DateTime.DateTime | undefined) => (end === undefined ? end : DateTime.formatIso(end))
  const condition = omitUndefined({ $gt: text(after), $gte: text(from), $lt: text(before), $lte: text(to) })
  return hasValue(condition) ? condition : undefined
}

/** Reports the first time range that is empty or has an end twice. `item` is what the list contains, such as `task`. */
export const checkTimeRanges = <Field extends string>(
  filter: TimeRange<Field>,
  fields: ReadonlyArray<Field>,
  item: string
): Problem | undefined => {
  for (const field of fields) {
    const { after, before, from, to } = endsOf(filter, field)
    if (after !== undefined && from !== undefined) {
      return { parameter: `${field}From`, reason: `${field}After is given as well. Remove one of them.` }
    }
    if (before !== undefined && to !== undefined) {
      return { parameter: `${field}To`, reason: `${field}Before is given as well. Remove one of them.` }
    }
    const [start, end] = [after ?? from, before ?? to]
    if (start === undefined || end === undefined) continue
    const isOneInstant = from !== undefined && to !== undefined && DateTime.Equivalence(from, to)
    if (DateTime.greaterThanOrEqualTo(start, end) && !isOneInstant) {
      return {
        parameter: before === undefined ? `${field}To` : `${field}Before`,
        reason: `Expected a time later than ${after === undefined ? `${field}From` : `${field}After`}: no ${item} is between them.`
      }
    }
  }
  return undefined
}

/** The distinct values of a condition, in their order. */
export const distinctValues = <A>(condition: OneOrSeveral<A>): ReadonlyArray<A> => [
  ...new Set(Array.isArray(condition) ? (condition as ReadonlyArray<A>) : [condition as A])
]

/** A condition that a value is one of these. */
export const toValueCondition = <A>(condition: OneOrSeveral<A>): DocumentCondition => {
  const values = distinctValues(condition)
  return values.length === 1 ? { $eq: values[0] } : { $in: values }
}

/** Whether a condition is a rule, and not a text or a list. */
export const isRule = <Rule extends object>(
  condition: string | ReadonlyArray<string> | Rule
): condition is Rule => Predicate.isRecord(condition)

/** A text condition as in requests. */
export const toTextCondition = <A extends string>(
  condition: TextCondition<A> | undefined
): DocumentCondition | undefined => {
  if (condition === undefined) return undefined
  if (!isRule<TextRule<A>>(condition)) return toValueCondition<A>(condition)
  const { exists, noneOf, not, pattern } = condition
  return omitUndefined({ $ne: not, $nin: noneOf, $regex: pattern, $exists: exists })
}

/** A number condition as in requests. */
export const toNumberCondition = (condition: NumberCondition | undefined): DocumentCondition | undefined => {
  if (typeof condition !== "object") return condition === undefined ? condition : { $eq: condition }
  const { above, below, max, min, not } = condition
  return omitUndefined({ $gt: above, $gte: min, $lt: below, $lte: max, $ne: not })
}

/** Reports a range of numbers that is empty. */
export const checkNumberRange = (
  parameter: string,
  condition: NumberCondition | undefined
): Problem | undefined => {
  if (typeof condition !== "object") return undefined
  const { above, below, max, min } = condition
  const [low, high] = [
    Math.max(min ?? -Infinity, above ?? -Infinity),
    Math.min(max ?? Infinity, below ?? Infinity)
  ]
  const isOpenAtEnd = low === high && (above === low || below === high)
  if (low < high || (low === high && !isOpenAtEnd)) return undefined
  const end = max !== undefined && max === high ? "max" : "below"
  return {
    parameter: `${parameter}.${end}`,
    reason: `Expected a number that is not below ${min !== undefined && min === low ? "min" : "above"}: no task is between them.`
  }
}

/** Conditions in the API's own form: JSON of any kind. */
export const RawConditions = Open.jsonObject.annotations({
  title: "an object of conditions, in the form of the API"
})

const operatorNames = new Set(["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "regex", "exists"])

/**
 * Reports a raw condition of a task filter that finds nothing: a document store compares the field with the object or the
 * list itself, without an error.
 */
export const checkRawOperators = (
  raw: Readonly<Record<string, unknown>> | undefined
): Problem | undefined => {
  for (const [name, condition] of Object.entries(raw ?? {})) {
    if (Array.isArray(condition) && name !== "batches") {
      return {
        parameter: `filter.${name}`,
        reason: 'Expected {"$in":[…]} for several values: the hub finds no task whose field is a list.'
      }
    }
    const operator = Predicate.isRecord(condition)
      ? Object.keys(condition).find((key) => operatorNames.has(key))
      : undefined
    if (operator !== undefined) {
      return {
        parameter: `filter.${name}.${operator}`,
        reason: `Operators of this filter begin with $: write $${operator}. Without it the hub finds no task.`
      }
    }
  }
  return undefined
}

/**
 * Reports a condition that a raw filter repeats: the API would silently use one of the two. `conditions` are the
 * others by the API's field names, `optionNames` their names as options, where these differ.
 */
export const checkRepeatedConditions = (
  conditions: object,
  raw: object | undefined,
  optionNames: Readonly<Record<string, string>>
): Problem | undefined => {
  const repeated = Object.keys(omitUndefined(raw ?? {})).find((name) => Object.hasOwn(conditions, name))
  return repeated === undefined
    ? undefined
    : {
        parameter: `filter.${repeated}`,
        reason:
          `${optionNames[repeated] ?? repeated} is given as well, and the API would use one of the two. ` +
          "Remove one of them."
      }
}
