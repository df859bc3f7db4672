// Compares the rows of a filtered list with its conditions: a hub that ignores a condition returns too many rows, and
// nothing else shows it.
import * as Effect from "effect/Effect"
import { label, type Operation } from "../api/operation.js"
import { FilterNotApplied } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"

/** One condition of a list. */
export interface RowCondition {
  /** The option that the condition comes from. */
  readonly parameter: string
  /** Whether a row surely contradicts the condition. */
  readonly isContradicted: (row: unknown) => boolean
}

const maxIds = 10

// Rows are compared as they were received, or decoded; the row of an export has the id of its task.
const idOf = (row: unknown): string => {
  const {
    _id,
    id = _id,
    task
  } = (row ?? {}) as {
    readonly _id?: unknown
    readonly id?: unknown
    readonly task?: { readonly taskId?: unknown } | null
  }
  const own = id ?? task?.taskId
  return typeof own === "string" ? own : "a row without an id"
}

/** Makes the error for rows that contradict a condition. */
const filterNotApplied = (
  operation: Operation,
  parameter: string,
  rows: ReadonlyArray<unknown>,
  page: number | undefined
): FilterNotApplied => {
  const ids = rows.slice(0, maxIds).map(idOf)
  return new FilterNotApplied({
    ...operationContext(
      operation,
      `${label(operation)} returned ${rows.length === 1 ? "1 row" : `${rows.length} rows`}` +
        `${page === undefined ? "" : ` on page ${page}`} that ` +
        `${rows.length === 1 ? "contradicts" : "contradict"} the condition ${parameter}, such as ${ids[0]}: the hub ignored it or reads it in another way. ` +
        "Leave this condition out and select the rows in your program, or report it to the vendor with this message."
    ),
    parameter,
    ...(page === undefined ? {} : { page }),
    rows: ids,
    count: rows.length
  })
}

/** Makes the check of a list: fails if rows contradict a condition. An export has no pages. */
export const makeRowCheck =
  (operation: Operation, conditions: ReadonlyArray<RowCondition>) =>
  (page: number | undefined, rows: ReadonlyArray<unknown>): Effect.Effect<void, FilterNotApplied> => {
    for (const { isContradicted, parameter } of conditions) {
      const contradicting = rows.filter(isContradicted)
      if (contradicting.length > 0) {
        return Effect.fail(filterNotApplied(operation, parameter, contradicting, page))
      }
    }
    return Effect.void
  }
