/**
 * Decodes rows one by one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { Operation } from "../../api/operation.js"
import type { Decoder } from "../../decoding/decoder.js"
import type { DriftFinding } from "../../decoding/unknownFields.js"
import type { DecodeError } from "../../errors/AngoError.js"
import type { ParseIssue } from "../../schemas/parseIssue.js"
import type { DriftReporter } from "../Drift.js"
import { count, decodeDrift } from "../Telemetry.js"
import * as ErrorMapping from "./errorMapping.js"

/**
 * Decodes each row by itself, so that a mismatch in one affects no other. `rows` are values of `JSON.parse` that the
 * caller does not use afterwards: the results may share parts with them. `indices` are the positions of the rows, from 0,
 * for the paths in errors.
 *
 * @category models
 * @since 0.1.0
 */
export type DecodeRows<Row> = (
  rows: ReadonlyArray<unknown>,
  indices?: ReadonlyArray<number>
) => Effect.Effect<ReadonlyArray<Either.Either<Row, DecodeError>>>

/** Makes the decoder of an operation's rows; `toError` makes the error for an issue in one. */
export const makeRowDecoder = <Row>(
  decodeRow: Decoder<Row>,
  {
    drift,
    toError,
    operation
  }: {
    readonly operation: Operation
    readonly drift: DriftReporter
    readonly toError: (row: unknown, index: number, issue: ParseIssue) => DecodeError
  }
): DecodeRows<Row> => {
  type Decoded = Either.Either<Row, DecodeError>
  type DecodeAt = (value: unknown, index: number, findings: Array<DriftFinding>) => Decoded

  const decodeAt: DecodeAt = (value, index, findings) => {
    const decoded = decodeRow(value, findings)
    return decoded._tag === "Right"
      ? (decoded as Either.Either<Row, never>)
      : Either.left(toError(value, index, decoded.left))
  }
  // After a stack overflow: finds the rows that are nested too deeply.
  const decodeAlone: DecodeAt = (value, index, findings) =>
    Either.getOrElse(
      Either.try(() => decodeAt(value, index, findings)),
      () => Either.left(ErrorMapping.nestedTooDeeply({ operation }))
    )

  const decodeAll = (rows: ReadonlyArray<unknown>, indices: ReadonlyArray<number>, decode: DecodeAt) =>
    Effect.suspend(() => {
      const findings = new Set<DriftFinding>()
      let buffer: Array<DriftFinding> = []
      const decoded = rows.map((value, position): Decoded => {
        const row = decode(value, indices[position] ?? position, buffer)
        if (buffer.length === 0) return row
        const rowFindings = buffer
        buffer = []
        if (row._tag === "Left") return row
        for (const finding of rowFindings) findings.add(finding)
        const error = drift.toError(operation, rowFindings)
        return error === undefined ? row : Either.left(error)
      })
      return findings.size === 0
        ? Effect.succeed(decoded)
        : Effect.as(drift.report(operation, findings), decoded)
    })

  return (rows, indices = []) =>
    decodeAll(rows, indices, decodeAt).pipe(
      Effect.catchSomeDefect((defect) =>
        defect instanceof RangeError ? Option.some(decodeAll(rows, indices, decodeAlone)) : Option.none()
      ),
      Effect.tap((decoded) =>
        decoded.some(Either.isLeft) ? count(decodeDrift, { operation: operation.name }) : Effect.void
      )
    )
}
