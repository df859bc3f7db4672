/**
 * Rows decoded one by one, with what is new in them told.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Operation } from "../../api/operations.js"
import type { Decoder } from "../../decoding/decoder.js"
import type { DriftFinding } from "../../decoding/drift.js"
import type { DecodeError } from "../../errors/AngoError.js"
import type { ParseIssue } from "../../schemas/parseIssue.js"
import type { DriftReporter } from "../Drift.js"
import { count, decodeDrift } from "../Telemetry.js"
import * as Failure from "./errorMapping.js"

/**
 * Decodes each row by itself: one that does not fit spoils no other. Rows are what `JSON.parse` gave, and nobody else's:
 * what is right in them as it is becomes part of the result. `indices` are their places, from 0, for the words of
 * errors.
 *
 * @since 0.1.0
 */
export type DecodeRows<Row> = (
  rows: ReadonlyArray<unknown>,
  indices?: ReadonlyArray<number>
) => Effect.Effect<ReadonlyArray<Either.Either<Row, DecodeError>>>

/** The decoder of the rows of an operation; `explain` makes an error of what is wrong with one. */
export const rowDecoder = <Row>(
  decodeRow: Decoder<Row>,
  {
    drift,
    explain,
    operation
  }: {
    readonly operation: Operation
    readonly drift: DriftReporter
    readonly explain: (row: unknown, index: number, issue: ParseIssue) => DecodeError
  }
): DecodeRows<Row> => {
  type Decoded = Either.Either<Row, DecodeError>
  type DecodeAt = (value: unknown, index: number, findings: Array<DriftFinding>) => Decoded

  const decodeAt: DecodeAt = (value, index, findings) => {
    const decoded = decodeRow(value, findings)
    return decoded._tag === "Right"
      ? (decoded as Either.Either<Row, never>)
      : Either.left(explain(value, index, decoded.left))
  }
  // A row that is nested deeper than the stack allows to decode is found by trying each one alone.
  const decodeAlone: DecodeAt = (value, index, findings) =>
    Either.getOrElse(
      Either.try(() => decodeAt(value, index, findings)),
      () => Either.left(Failure.tooDeep({ operation }))
    )

  const all = (rows: ReadonlyArray<unknown>, indices: ReadonlyArray<number>, decode: DecodeAt) =>
    Effect.suspend(() => {
      const findings = new Set<DriftFinding>()
      let own: Array<DriftFinding> = []
      const decoded = rows.map((value, at): Decoded => {
        const one = decode(value, indices[at] ?? at, own)
        if (own.length === 0) return one
        const found = own
        own = []
        if (one._tag === "Left") return one
        for (const finding of found) findings.add(finding)
        const refusal = drift.refusal(operation, found)
        return refusal === undefined ? one : Either.left(refusal)
      })
      return findings.size === 0
        ? Effect.succeed(decoded)
        : Effect.as(drift.tell(operation, findings), decoded)
    })

  return (rows, indices = []) =>
    all(rows, indices, decodeAt).pipe(
      Effect.catchSomeDefect((defect) =>
        defect instanceof RangeError ? Option.some(all(rows, indices, decodeAlone)) : Option.none()
      ),
      Effect.tap((decoded) =>
        decoded.some(Either.isLeft) ? count(decodeDrift, { operation: operation.name }) : Effect.void
      )
    )
}
