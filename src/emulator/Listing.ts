/**
 * Pages, order and filters of lists, as dossier A.6 and A.7 document them.
 *
 * @since 0.1.0
 */

/** How lists treat a `limit` above the largest one: not at all, cut down silently, or refused with 400. */
export interface ListingOptions {
  readonly maxLimit?: number | undefined
}

type Row = Readonly<Record<string, unknown>>

const valueAt = (row: Row, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, name) => (typeof value === "object" && value !== null ? (value as Row)[name] : undefined),
      row
    )

const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0
  if (a === undefined || a === null) return -1
  if (b === undefined || b === null) return 1
  if (typeof a === "number" && typeof b === "number") return a - b
  return String(a) < String(b) ? -1 : 1
}

const order = <A extends Row>(rows: ReadonlyArray<A>, sort: string): ReadonlyArray<A> => {
  // Rows are kept in order of creation: the two usual orders need no sorting.
  if (sort === "createdAt") return rows
  if (sort === "-createdAt") return rows.toReversed()
  const keys = sort
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "")
    .map((key) => (key.startsWith("-") ? { path: key.slice(1), sign: -1 } : { path: key, sign: 1 }))
  return rows.toSorted((a, b) => {
    for (const { path, sign } of keys) {
      const difference = compare(valueAt(a, path), valueAt(b, path))
      if (difference !== 0) return sign * difference
    }
    return 0
  })
}

/** One page of rows, and how many rows there are. Page size 10 and newest first unless asked otherwise. */
export const pageOf = <A extends Row>(
  rows: ReadonlyArray<A>,
  query: { readonly page?: number; readonly limit?: number; readonly sort?: string },
  options: ListingOptions
): { readonly rows: ReadonlyArray<A>; readonly total: number } => {
  const limit = Math.min(query.limit ?? 10, options.maxLimit ?? Number.POSITIVE_INFINITY)
  const from = ((query.page ?? 1) - 1) * limit
  return { rows: order(rows, query.sort ?? "-createdAt").slice(from, from + limit), total: rows.length }
}

const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const sameText = (a: unknown, b: unknown): boolean => String(a).toLowerCase() === String(b).toLowerCase()

// Operators appear with `$` and without (dossier A.7, U6).
const operators: Record<string, (value: unknown, operand: unknown) => boolean> = {
  eq: (value, operand) => sameText(value, operand),
  ne: (value, operand) => !sameText(value, operand),
  in: (value, operand) => Array.isArray(operand) && operand.some((one) => sameText(value, one)),
  nin: (value, operand) => Array.isArray(operand) && !operand.some((one) => sameText(value, one)),
  gt: (value, operand) => compare(value, operand) > 0,
  gte: (value, operand) => compare(value, operand) >= 0,
  lt: (value, operand) => compare(value, operand) < 0,
  lte: (value, operand) => compare(value, operand) <= 0
}

/**
 * Whether a value meets a condition: a plain value, a list of allowed values, or an object of operators. Text is
 * compared in any case.
 */
export const meets = (value: unknown, condition: unknown): boolean => {
  if (Array.isArray(condition)) return condition.some((one) => sameText(value, one))
  if (isRecord(condition)) {
    return Object.entries(condition).every(([name, operand]) => {
      const test = operators[name.replace(/^\$/, "")]
      return test === undefined || test(value, operand)
    })
  }
  return sameText(value, condition)
}

/** Whether a row's batches hold all of the wanted ones, each named by id or by name. */
export const inBatches = (
  held: ReadonlyArray<string | null>,
  wanted: ReadonlyArray<string>,
  batches: ReadonlyArray<{ readonly _id: string; readonly name: string }>
): boolean =>
  wanted.every((one) =>
    batches.some(
      ({ _id, name }) => (_id === one || name === one) && (held.includes(_id) || held.includes(name))
    )
  )

/** The strings of a condition that names batches: one, or a list. */
export const names = (condition: unknown): ReadonlyArray<string> =>
  (Array.isArray(condition) ? condition : [condition]).filter((one) => typeof one === "string")
