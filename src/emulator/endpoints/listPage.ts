/**
 * Pages and order of lists (docs/api-notes.md#pagination).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"
import { compare, type Row } from "./listFilter.js"

/** How lists treat a `limit` above the largest one. Sources disagree about both (docs/api-notes.md#page-size). */
export interface ListingOptions {
  /** The largest page, 1 or more; by default 1000, the most that any document allows. */
  readonly maxLimit?: number | undefined
  /** Whether a larger `limit` is cut down silently (`"clamp"`, the default), or answered with 400. */
  readonly aboveMaxLimit?: "clamp" | "refuse" | undefined
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

// Rows are kept in order of creation: the two usual orders need no sorting, and look at the rows of the page alone.
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
 * One page of rows, and how many rows there are. Page size 10 and newest first unless asked otherwise; 400 for a
 * page that is too large, when the hub was told to refuse it.
 */
export const paginate = <A extends object>(
  rows: ReadonlyArray<A>,
  query: { readonly page?: number; readonly limit?: number; readonly sort?: string },
  { aboveMaxLimit = "clamp", maxLimit = Number.POSITIVE_INFINITY }: ListingOptions
): Effect.Effect<{ readonly rows: ReadonlyArray<A>; readonly total: number }, BadRequest> => {
  const { limit: asked = 10, page = 1, sort = "-createdAt" } = query
  if (query.limit !== undefined && asked > maxLimit && aboveMaxLimit === "refuse") {
    return badRequest(`limit: ${maxLimit} at most.`)
  }
  const limit = Math.min(asked, maxLimit)
  const from = (page - 1) * limit
  return Effect.succeed({ rows: sliceSorted(rows, sort, from, from + limit), total: rows.length })
}
