/**
 * Pages and sorting of lists (docs/api-notes.md#pagination).
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"
import { compare, type Row } from "./listFilter.js"

/**
 * The largest page size and what happens to a larger `limit`, on which documents disagree (docs/api-notes.md#page-size),
 * and how slow and how long pages may be.
 *
 * @category options
 * @since 0.1.0
 */
export interface ListingOptions {
  /** The largest page size, 1 or more; by default that of the contract, 1000. */
  readonly maxLimit?: number | undefined
  /** Whether a larger `limit` is reduced silently (`"clamp"`, the default) or is a 400 (`"refuse"`). */
  readonly aboveMaxLimit?: "clamp" | "refuse" | undefined
  /**
   * The longest body of a response to a `GET`, in bytes, 1 or more; a longer one becomes a 413. By default any length.
   *
   * @remarks undocumented: whether the real hub, or a proxy in front of it, has such a limit.
   */
  readonly maxResponseBytes?: number | undefined
  /** How long the hub takes for each row of a page; default no time. */
  readonly timePerRow?: Duration.DurationInput | undefined
}

const valueAt = (row: Row, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, name) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, name)
          ? (value as Row)[name]
          : undefined,
      row
    )

const sortRows = <A extends object>(rows: ReadonlyArray<A>, sort: string): ReadonlyArray<A> => {
  const keys = sort
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "")
    .map((key) => (key.startsWith("-") ? { path: key.slice(1), sign: -1 } : { path: key, sign: 1 }))
  return rows.toSorted((a, b) => {
    for (const { path, sign } of keys) {
      const difference = compare(valueAt(a as Row, path), valueAt(b as Row, path))
      if (difference !== 0) return sign * difference
    }
    return 0
  })
}

// Rows are stored in order of creation, so the two usual orders need no sorting and read the rows of one page only.
const sliceSorted = <A extends object>(
  rows: ReadonlyArray<A>,
  sort: string,
  from: number,
  to: number
): ReadonlyArray<A> => {
  if (sort === "createdAt") return rows.slice(from, to)
  if (sort !== "-createdAt") return sortRows(rows, sort).slice(from, to)
  const { length } = rows
  return rows.slice(Math.max(0, length - to), Math.max(0, length - from)).toReversed()
}

/**
 * Returns one page of rows and their total number. The defaults are 10 rows, newest first. A `limit` above `maxLimit` is
 * a 400 if `aboveMaxLimit` is `"refuse"`.
 */
export const paginate = <A extends object>(
  rows: ReadonlyArray<A>,
  query: { readonly page?: number; readonly limit?: number; readonly sort?: string },
  { aboveMaxLimit = "clamp", maxLimit = Number.POSITIVE_INFINITY, timePerRow }: ListingOptions
): Effect.Effect<{ readonly rows: ReadonlyArray<A>; readonly total: number }, BadRequest> => {
  const { limit: requestedLimit = 10, page = 1, sort = "-createdAt" } = query
  if (query.limit !== undefined && requestedLimit > maxLimit && aboveMaxLimit === "refuse") {
    return badRequest(`limit: use at most ${maxLimit}.`)
  }
  const limit = Math.min(requestedLimit, maxLimit)
  const from = (page - 1) * limit
  const found = { rows: sliceSorted(rows, sort, from, from + limit), total: rows.length }
  return timePerRow === undefined
    ? Effect.succeed(found)
    : Effect.as(Effect.sleep(Duration.times(Duration.decode(timePerRow), found.rows.length)), found)
}
