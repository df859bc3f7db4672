// Conditions of lists on their way into the JSON that the hub takes, and what is wrong with them as a whole.
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Instant } from "../schemas/Metric.js"
import * as Open from "../schemas/open.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/** One value, or several of which any will do; at least one. */
export type OneOrSeveral<A> = A | ReadonlyArray<A>

/**
 * A stretch of time as two conditions, `createdAfter` and `createdBefore`: later than the one and earlier than the
 * other, to the millisecond, neither included. Either may be missing.
 */
export type Within<Time extends string> = {
  readonly [End in `${Time}After` | `${Time}Before`]?: DateTime.DateTime | undefined
}

const End = Schema.optional(Schema.typeSchema(Instant))

/** The two conditions of each stretch of time, for a check. */
export const within = <Time extends string>(...times: ReadonlyArray<Time>) =>
  Object.fromEntries(
    times.flatMap((time) => [`${time}After`, `${time}Before`].map((name) => [name, End]))
  ) as { readonly [Name in `${Time}After` | `${Time}Before`]: typeof End }

type Ends = readonly [after: DateTime.DateTime | undefined, before: DateTime.DateTime | undefined]

const endsOf = <Time extends string>(filter: Within<Time>, time: Time): Ends => [
  filter[`${time}After` as const],
  filter[`${time}Before` as const]
]

/** A stretch of time in the operators of a list, or nothing when it has no end. */
export const between = <Time extends string>(filter: Within<Time>, time: Time) => {
  const [gt, lt] = endsOf(filter, time).map((end) => (end === undefined ? end : DateTime.formatIso(end)))
  return gt === undefined && lt === undefined ? undefined : omitUndefined({ gt, lt })
}

/** What is wrong with an input as a whole, as `layers/Check.ts` has it. */
export interface Problem {
  readonly parameter: string
  readonly reason: string
}

/** The first stretch of time that ends before it begins. `item` is what none would be found of: `task`. */
export const inverted = <Time extends string>(
  filter: Within<Time>,
  times: ReadonlyArray<Time>,
  item: string
): Problem | undefined => {
  for (const time of times) {
    const [after, before] = endsOf(filter, time)
    if (after !== undefined && before !== undefined && DateTime.greaterThanOrEqualTo(after, before)) {
      return {
        parameter: `${time}Before`,
        reason: `Expected a time later than ${time}After: no ${item} is between them.`
      }
    }
  }
  return undefined
}

/** The distinct values of a condition, in their order. */
export const values = <A>(condition: OneOrSeveral<A>): ReadonlyArray<A> => [
  ...new Set(Array.isArray(condition) ? (condition as ReadonlyArray<A>) : [condition as A])
]

/** A condition as a value, or as several of which any will do. */
export const anyOf = <A>(condition: OneOrSeveral<A> | undefined) => {
  if (condition === undefined) return undefined
  const all = values(condition)
  return all.length === 1 ? all[0] : { in: all }
}

/** Conditions of one's own, as the hub takes them: JSON of any kind. */
export const Raw = Open.jsonObject.annotations({ title: "an object of conditions, as the hub takes them" })

/**
 * The condition that a raw filter names once more. To send one of the two would be to lose the other without a word.
 * `conditions` are the others by the hub's names, and `namesOf` says what they are called here, where it differs.
 */
export const twice = (
  conditions: object,
  raw: object | undefined,
  namesOf: Readonly<Record<string, string>>
): Problem | undefined => {
  const both = Object.keys(omitUndefined(raw ?? {})).find((name) => Object.hasOwn(conditions, name))
  return both === undefined
    ? undefined
    : {
        parameter: `filter.${both}`,
        reason: `There is ${namesOf[both] ?? both} as well, and the hub would take one of the two. Leave out the other.`
      }
}
