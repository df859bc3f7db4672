// Conditions of lists as JSON for the API, and checks of conditions as a whole.
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import type { Problem } from "../layers/transport/inputValidation.js"
import { Instant } from "../schemas/Metric.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/** One value, or at least one of several that may match. */
export type OneOrSeveral<A> = A | ReadonlyArray<A>

/**
 * A time range as two optional conditions: `createdAfter` and `createdBefore` for the field `created`. Both ends are
 * excluded, to the millisecond.
 */
export type TimeBounds<Field extends string> = {
  readonly [End in `${Field}After` | `${Field}Before`]?: DateTime.DateTime | undefined
}

const End = Schema.optional(Schema.typeSchema(Instant))

/** The schemas of the two conditions of each time range. */
export const timeRangeFields = <Field extends string>(...fields: ReadonlyArray<Field>) =>
  Object.fromEntries(
    fields.flatMap((field) => [`${field}After`, `${field}Before`].map((name) => [name, End]))
  ) as { readonly [Name in `${Field}After` | `${Field}Before`]: typeof End }

type Ends = readonly [after: DateTime.DateTime | undefined, before: DateTime.DateTime | undefined]

const endsOf = <Field extends string>(filter: TimeBounds<Field>, field: Field): Ends => [
  filter[`${field}After` as const],
  filter[`${field}Before` as const]
]

/** The condition of a time range: `gt` and `lt` as ISO 8601, or undefined if neither end is given. */
export const toTimeCondition = <Field extends string>(filter: TimeBounds<Field>, field: Field) => {
  const [gt, lt] = endsOf(filter, field).map((end) => (end === undefined ? end : DateTime.formatIso(end)))
  return gt === undefined && lt === undefined ? undefined : omitUndefined({ gt, lt })
}

/** Reports the first time range that is empty. `item` is what the list contains, such as `task`. */
export const checkTimeRanges = <Field extends string>(
  filter: TimeBounds<Field>,
  fields: ReadonlyArray<Field>,
  item: string
): Problem | undefined => {
  for (const field of fields) {
    const [after, before] = endsOf(filter, field)
    if (after !== undefined && before !== undefined && DateTime.greaterThanOrEqualTo(after, before)) {
      return {
        parameter: `${field}Before`,
        reason: `Expected a time later than ${field}After: no ${item} is between them.`
      }
    }
  }
  return undefined
}

/** The distinct values of a condition, in their order. */
export const distinctValues = <A>(condition: OneOrSeveral<A>): ReadonlyArray<A> => [
  ...new Set(Array.isArray(condition) ? (condition as ReadonlyArray<A>) : [condition as A])
]

/** A condition on a value: the value itself, or `in` with several. */
export const toValueCondition = <A>(condition: OneOrSeveral<A> | undefined) => {
  if (condition === undefined) return undefined
  const values = distinctValues(condition)
  return values.length === 1 ? values[0] : { in: values }
}

/** Conditions in the API's own form: JSON of any kind. */
export const RawConditions = Open.jsonObject.annotations({
  title: "an object of conditions, in the form of the API"
})

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
