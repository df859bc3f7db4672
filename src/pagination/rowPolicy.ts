// Decodes rows, and applies the policy for those that cannot be decoded.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { label, type Operation } from "../api/operation.js"
import { type DecodeError, RowDecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import type { NewRows } from "./completeness.js"
import type { Row, RowPolicy } from "./listOptions.js"

/** Decodes rows one by one; `indices` are their positions on the page, from 0, where they are not all of its rows. */
export type Decode<A> = (
  rows: ReadonlyArray<unknown>,
  indices?: ReadonlyArray<number>
) => Effect.Effect<ReadonlyArray<Either.Either<A, DecodeError>>>

const rowDecodeError = (
  operation: Operation,
  page: number,
  { index, row }: { readonly index: number; readonly row: unknown },
  error: DecodeError
): RowDecodeError => {
  const [first] = error.mismatches
  const id = first?.item
  return new RowDecodeError({
    reason: "mismatch",
    ...operationContext(
      operation,
      `Row ${index} of page ${page} of ${label(operation)} could not be decoded` +
        (first === undefined ? "." : `: at ${first.path}, expected ${first.expected}, got ${first.found}.`) +
        (id === undefined ? "" : ` Its id is ${id}.`)
    ),
    page,
    index,
    ...(id === undefined ? {} : { id }),
    mismatches: error.mismatches,
    row: Redacted.make(row)
  })
}

const logSkippedRows = (
  operation: Operation,
  page: number,
  skipped: ReadonlyArray<RowDecodeError>
): Effect.Effect<void> =>
  skipped[0] === undefined
    ? Effect.void
    : Effect.annotateLogs(
        Effect.logWarning(
          `${skipped.length} ${skipped.length === 1 ? "row" : "rows"} of a page skipped: ${skipped[0].message}`
        ),
        {
          operation: operation.name,
          page,
          skipped: skipped.length
        }
      )

/** The items of a page under a policy, and the rows that were skipped. */
export interface DecodedRows<Item> {
  readonly items: ReadonlyArray<Item>
  readonly skipped: ReadonlyArray<RowDecodeError>
}

const noneSkipped: ReadonlyArray<RowDecodeError> = []

/** Decodes the rows of a page, and applies the policy to those that cannot be decoded. */
export const decodeRows = <A, Policy extends RowPolicy>(
  operation: Operation,
  decode: Decode<A>,
  policy: Policy,
  page: number,
  { indices, rows }: NewRows
): Effect.Effect<DecodedRows<Row<A, Policy>>, DecodeError> =>
  Effect.flatMap(decode(rows, indices), (results) => {
    const items: Array<A | Either.Either<A, RowDecodeError>> = []
    let skipped = noneSkipped
    for (let at = 0; at < results.length; at++) {
      const result = results[at]
      if (result === undefined) continue
      if (result._tag === "Right") {
        items.push(policy === "either" ? (result as Either.Either<A, never>) : result.right)
      } else if (policy === "fail") {
        return Effect.fail(result.left)
      } else {
        const error = rowDecodeError(
          operation,
          page,
          { row: rows[at], index: indices?.[at] ?? at },
          result.left
        )
        if (policy === "either") items.push(Either.left(error))
        else skipped = [...skipped, error]
      }
    }
    const decoded = { items: items as ReadonlyArray<Row<A, Policy>>, skipped }
    return skipped.length === 0
      ? Effect.succeed(decoded)
      : Effect.as(logSkippedRows(operation, page, skipped), decoded)
  })
