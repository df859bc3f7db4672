/**
 * Lists by their rows: a page is read with its rows as they came, and each row is decoded by itself, when it is wanted.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { CallError, DecodeError } from "../AngoError.js"
import type { Operation } from "../api/Operations.js"
import type { Declared } from "../api/Rows.js"
import { withTime } from "../internal/answeredAt.js"
import { decoder } from "../internal/decoder.js"
import type { Finding } from "../internal/finding.js"
import type { Watch } from "./Drift.js"
import * as Failure from "./Failure.js"
import { count, decodeDrift } from "./Telemetry.js"

/**
 * A page with its rows as they came, the length of the whole list, and the hub's time in epoch milliseconds when it
 * told one.
 *
 * @since 0.1.0
 */
export interface Answered {
  readonly rows: ReadonlyArray<unknown>
  readonly total: number
  readonly answeredAt?: number
}

/**
 * One list, read in two steps.
 *
 * @since 0.1.0
 */
export interface List<Request, Row> {
  /** A page with its rows as the JSON has them. The answer around them is decoded. */
  readonly read: (request: Request) => Effect.Effect<Answered, CallError>
  /**
   * Each row by itself: one that does not fit spoils no other. Rows are what `read` gave, and nobody else's: what is
   * right in them as it is becomes part of the result. `indices` are their places on the page, from 0, for the words of
   * errors (`data.tasks[3].status`).
   */
  readonly decode: (
    rows: ReadonlyArray<unknown>,
    indices?: ReadonlyArray<number>
  ) => Effect.Effect<ReadonlyArray<Either.Either<Row, DecodeError>>>
}

type DataOf<Method> = Method extends (
  request: never
) => Effect.Effect<{ readonly data: infer Data }, infer _Error>
  ? Data
  : never

type RowOf<Data> = {
  [Key in keyof Data]: Data[Key] extends ReadonlyArray<infer Row> ? Row : never
}[keyof Data]

type RequestOf<Method> = Method extends (request: infer Request) => unknown ? Request : never

/**
 * The lists whose endpoints declare their rows.
 *
 * @since 0.1.0
 */
export type Lists<
  Methods extends { readonly [Group in "assets" | "projects" | "tasks"]: { readonly list: unknown } }
> = {
  readonly [Group in "assets" | "projects" | "tasks"]: List<
    RequestOf<Methods[Group]["list"]>,
    RowOf<DataOf<Methods[Group]["list"]>>
  >
}

interface Answer {
  readonly data: { readonly [name: string]: unknown; readonly total: number }
}

/** The list of an operation; `call` gives the answer around its rows. */
export const list = (
  operation: Operation,
  { name, row }: Declared,
  {
    call,
    drift
  }: { readonly call: (request: unknown) => Effect.Effect<unknown, CallError>; readonly drift: Watch }
): List<unknown, unknown> => {
  const decodeRow = decoder<unknown, unknown>(row, operation.name)
  type Decoded = Either.Either<unknown, DecodeError>
  type DecodeAt = (value: unknown, index: number, findings: Array<Finding>) => Decoded

  const decodeAt: DecodeAt = (value, index, findings) =>
    Either.mapLeft(decodeRow(value, findings), (issue) =>
      Failure.fromRow(operation, { list: name, index, row: value }, issue)
    )
  // A row that is nested deeper than the stack allows to decode is found by trying each one alone.
  const decodeAlone: DecodeAt = (value, index, findings) =>
    Either.getOrElse(
      Either.try(() => decodeAt(value, index, findings)),
      () => Either.left(Failure.tooDeep({ operation }))
    )

  const all = (rows: ReadonlyArray<unknown>, indices: ReadonlyArray<number>, decode: DecodeAt) =>
    Effect.suspend(() => {
      const findings = new Set<Finding>()
      const decoded = rows.map((value, at): Decoded => {
        const own: Array<Finding> = []
        const one = decode(value, indices[at] ?? at, own)
        if (own.length === 0 || Either.isLeft(one)) return one
        for (const finding of own) findings.add(finding)
        const refusal = drift.refusal(operation, own)
        return refusal === undefined ? one : Either.left(refusal)
      })
      return findings.size === 0
        ? Effect.succeed(decoded)
        : Effect.as(drift.tell(operation, findings), decoded)
    })

  return {
    read: (request) =>
      Effect.map(withTime(call(request)), ({ value, ...time }) => {
        const { data } = value as Answer
        return { rows: data[name] as ReadonlyArray<unknown>, total: data.total, ...time }
      }),
    decode: (rows, indices = []) =>
      all(rows, indices, decodeAt).pipe(
        Effect.catchSomeDefect((defect) =>
          defect instanceof RangeError ? Option.some(all(rows, indices, decodeAlone)) : Option.none()
        ),
        Effect.tap((decoded) =>
          decoded.some(Either.isLeft) ? count(decodeDrift, { operation: operation.name }) : Effect.void
        )
      )
  }
}
