// Decodes rows, and applies the policy for those that cannot be decoded.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { label, type Operation } from "../api/operation.js"
import { type DecodeError, RowDecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import type { NewRow } from "./completeness.js"
import type { Row, RowPolicy } from "./listOptions.js"

/** Decodes rows one by one; `indices` are their positions on the page, from 0. */
export type Decode<A> = (
  rows: ReadonlyArray<unknown>,
  indices: ReadonlyArray<number>
) => Effect.Effect<ReadonlyArray<Either.Either<A, DecodeError>>>

const rowDecodeError = (
  operation: Operation,
  page: number,
  { index, row }: NewRow,
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
export const decodeRows = <A, Policy extends RowPolicy>(
  operation: Operation,
  decode: Decode<A>,
  policy: Policy,
  page: number,
  newRows: ReadonlyArray<NewRow>
): Effect.Effect<
  { readonly items: ReadonlyArray<Row<A, Policy>>; readonly skipped: ReadonlyArray<RowDecodeError> },
  DecodeError
> =>
  Effect.gen(function* () {
    const results = yield* decode(
      newRows.map(({ row }) => row),
      newRows.map(({ index }) => index)
    )
    const items: Array<A | Either.Either<A, RowDecodeError>> = []
    const skipped: Array<RowDecodeError> = []
    for (const [position, newRow] of newRows.entries()) {
      const result = results[position]
      if (result === undefined) continue
      if (result._tag === "Right") {
        items.push(policy === "either" ? (result as Either.Either<A, never>) : result.right)
      } else if (policy === "fail") {
        return yield* result.left
      } else {
        const error = rowDecodeError(operation, page, newRow, result.left)
        if (policy === "either") items.push(Either.left(error))
        else skipped.push(error)
      }
    }
    yield* logSkippedRows(operation, page, skipped)
    return { items: items as ReadonlyArray<Row<A, Policy>>, skipped }
  })
