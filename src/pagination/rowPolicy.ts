// What becomes of rows that cannot be decoded.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { label, type Operation } from "../api/operations.js"
import { type DecodeError, RowDecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import type { Row, RowPolicy } from "./listOptions.js"
import type { NewRows } from "./scanState.js"

/** Decodes rows one by one; `indices` are their places on the page, from 0. */
export type Decode<A> = (
  rows: ReadonlyArray<unknown>,
  indices: ReadonlyArray<number>
) => Effect.Effect<ReadonlyArray<Either.Either<A, DecodeError>>>

const rowDecodeError = (
  operation: Operation,
  page: number,
  { index, row }: NewRows,
  error: DecodeError
): RowDecodeError => {
  const [first] = error.mismatches
  const id = first?.item
  return new RowDecodeError({
    reason: "mismatch",
    ...operationContext(
      operation,
      `Row ${index} of page ${page} of ${label(operation)} could not be read` +
        (first === undefined
          ? "."
          : `: at ${first.path} ${first.expected} was expected and ${first.found} came.`) +
        (id === undefined ? "" : ` It is the item ${id}.`)
    ),
    page,
    index,
    ...(id === undefined ? {} : { id }),
    mismatches: error.mismatches,
    row: Redacted.make(row)
  })
}

const report = (
  operation: Operation,
  page: number,
  skipped: ReadonlyArray<RowDecodeError>
): Effect.Effect<void> =>
  skipped[0] === undefined
    ? Effect.void
    : Effect.annotateLogs(
        Effect.logWarning(
          `${skipped.length} ${skipped.length === 1 ? "row" : "rows"} of a page left out: ${skipped[0].message}`
        ),
        {
          operation: operation.name,
          page,
          skipped: skipped.length
        }
      )

/** The items of a page under a policy, and the rows that were left out. */
export const itemsOf = <A, Policy extends RowPolicy>(
  operation: Operation,
  decode: Decode<A>,
  policy: Policy,
  page: number,
  fresh: ReadonlyArray<NewRows>
): Effect.Effect<
  { readonly items: ReadonlyArray<Row<A, Policy>>; readonly skipped: ReadonlyArray<RowDecodeError> },
  DecodeError
> =>
  Effect.gen(function* () {
    const results = yield* decode(
      fresh.map(({ row }) => row),
      fresh.map(({ index }) => index)
    )
    const items: Array<A | Either.Either<A, RowDecodeError>> = []
    const skipped: Array<RowDecodeError> = []
    for (const [at, one] of fresh.entries()) {
      const result = results[at]
      if (result === undefined) continue
      if (result._tag === "Right") {
        items.push(policy === "either" ? (result as Either.Either<A, never>) : result.right)
      } else if (policy === "fail") {
        return yield* result.left
      } else {
        const bad = rowDecodeError(operation, page, one, result.left)
        if (policy === "either") items.push(Either.left(bad))
        else skipped.push(bad)
      }
    }
    yield* report(operation, page, skipped)
    return { items: items as ReadonlyArray<Row<A, Policy>>, skipped }
  })
