// Reads the rows of an archive, decodes them chunk by chunk, and applies the row policy.
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { DecodeError } from "../../errors/AngoError.js"
import { type ArchiveError, RowDecodeError } from "../../errors/AngoError.js"
import type { RowPolicy } from "../../pagination/listOptions.js"
import type { Decode } from "../../pagination/rowPolicy.js"
import { quoted } from "../zip/entryName.js"
import type { Limits } from "../zip/unzip.js"
import { openRows } from "./archiveRows.js"
import type { Row } from "./rowParser.js"

/**
 * How the archive of an export is read.
 *
 * @category options
 * @since 0.1.0
 */
export interface ReadOptions<Policy extends RowPolicy = "fail"> {
  /**
   * What happens to an unreadable row. `fail` (default): the stream fails with it, after all rows before it. `skip`: it
   * is skipped, with a warning in the log. `either`: rows are emitted as `Either`s, unreadable ones as `Left`.
   */
  readonly onRowError?: Policy | undefined
  /** Runs for each skipped row; again for the same row when the archive is read again. */
  readonly onSkip?: ((row: RowDecodeError) => Effect.Effect<void>) | undefined
  /** How much the archive may inflate to: by default 1 TiB, and 250 times the bytes read so far. */
  readonly limits?: Limits | undefined
  /** The maximum length of a row in bytes; default 64 MiB. */
  readonly maxRowBytes?: number | undefined
}

/**
 * The type of a row under a row policy.
 *
 * @category models
 * @since 0.1.0
 */
export type PolicyRow<A, Policy extends RowPolicy> = Policy extends "either"
  ? Either.Either<A, RowDecodeError>
  : A

/** How a row becomes an element of the stream. Without `decode`, `decoded` is the parsed JSON. */
export interface RowMapping<A, F = never> {
  readonly decode: Decode<unknown> | undefined
  /** Compares rows with the conditions of their export; an archive of unknown origin has none. */
  readonly check?: ((rows: ReadonlyArray<unknown>) => Effect.Effect<void, F>) | undefined
  readonly map: (row: Row, decoded: unknown) => A
}

/**
 * What reading the rows of an archive can fail with.
 *
 * @category errors
 */
export type ReadError = ArchiveError | RowDecodeError

// The id of a task is in `task.taskId`, that of an issue in `_id`.
const idOf = (value: unknown): string | undefined => {
  if (!Predicate.isRecord(value)) return undefined
  const id = Predicate.isRecord(value["task"]) ? value["task"]["taskId"] : value["_id"]
  return typeof id === "string" && /^[\w-]{1,128}$/.test(id) ? id : undefined
}

const rowDecodeError = (
  { bytes, entry, index, offset, value }: Row,
  { mismatches }: DecodeError
): RowDecodeError => {
  const [first] = mismatches
  const id = idOf(value)
  return new RowDecodeError({
    reason: "mismatch",
    entry,
    index,
    offset,
    bytes,
    ...(id === undefined ? {} : { id }),
    mismatches,
    row: Redacted.make(value),
    message:
      `Row ${index} of ${quoted(entry)} (${bytes} bytes from byte ${offset}) does not match its schema` +
      (first === undefined
        ? "."
        : `: at ${first.path || "the top"}, expected ${first.expected} and got ${first.found}.`) +
      (id === undefined ? "" : ` It is the row of ${id}.`)
  })
}

type Result<A> = Either.Either<A, RowDecodeError>

const isRow = (row: Row | RowDecodeError): row is Row => row._tag === "Row"

// The results of a chunk, in order.
const decodeRows = <A>(
  all: ReadonlyArray<Row | RowDecodeError>,
  { decode, map }: Pick<RowMapping<A>, "decode" | "map">
): Effect.Effect<Array<Result<A>>> => {
  if (decode === undefined) {
    return Effect.succeed(
      all.map((row) => (isRow(row) ? Either.right(map(row, row.value)) : Either.left(row)))
    )
  }
  const rows = all.filter(isRow)
  const decoded = decode(
    rows.map(({ value }) => value),
    rows.map(({ index }) => index)
  )
  return Effect.map(decoded, (results) => {
    let next = 0
    return all.flatMap((row): Result<A> | [] => {
      if (!isRow(row)) return Either.left(row)
      const result = results[next++]
      if (result === undefined) return []
      return result._tag === "Right"
        ? Either.right(map(row, result.right))
        : Either.left(rowDecodeError(row, result.left))
    })
  })
}

// The values are compared before they are decoded, since a decoder may change them.
const checkAndDecode = <A, F>(
  rows: ReadonlyArray<Row | RowDecodeError>,
  { check, ...mapping }: RowMapping<A, F>
): Effect.Effect<Array<Result<A>>, F> => {
  const decoded = decodeRows(rows, mapping)
  return check === undefined
    ? decoded
    : Effect.zipRight(check(rows.flatMap((row) => (isRow(row) ? [row.value] : []))), decoded)
}

type Pull<A, E> = Effect.Effect<Chunk.Chunk<A>, Option.Option<E | ReadError>>

const warn = (message: string, skipped: number): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logWarning(message), { operation: "exports.download", skipped })

/**
 * The rows of an archive. Each run of the stream reads the archive again. Fails as `archiveRows` does, and with an
 * unreadable row under the policy `fail`.
 */
export const readRows = <A, E, R, Policy extends RowPolicy, F = never>(
  archive: Stream.Stream<Uint8Array, E, R>,
  mapping: RowMapping<A, F>,
  { limits, maxRowBytes, onSkip, onRowError: policy = "fail" as Policy }: ReadOptions<Policy>
): Stream.Stream<PolicyRow<A, Policy>, E | F | ReadError, R> =>
  Stream.unwrapScoped(
    Effect.map(
      openRows(archive, {
        limits,
        select: ({ isDirectory }) =>
          isDirectory ? undefined : maxRowBytes === undefined ? {} : { maxRowBytes }
      }),
      (next) => {
        type Items = Pull<PolicyRow<A, Policy>, E | F>
        let failed: RowDecodeError | undefined
        let skipped = 0

        const itemsOf = (results: Array<Result<A>>, skippedRows: Array<RowDecodeError>): Array<unknown> => {
          if (policy === "either") return results
          const items: Array<A> = []
          for (const result of results) {
            if (Either.isRight(result)) {
              items.push(result.right)
            } else if (policy === "skip") {
              skippedRows.push(result.left)
            } else {
              // Rows before it are emitted first.
              failed = result.left
              break
            }
          }
          return items
        }

        const reportSkipped = (rows: ReadonlyArray<RowDecodeError>, isFirst: boolean): Effect.Effect<void> =>
          Effect.gen(function* () {
            const [first] = rows
            if (first !== undefined && isFirst) {
              yield* warn(`Skipped an unreadable row; others may follow. ${first.message}`, 1)
            }
            if (onSkip !== undefined) yield* Effect.forEach(rows, onSkip, { discard: true })
          })

        const emit = (results: Array<Result<A>>): Items => {
          const skippedRows: Array<RowDecodeError> = []
          const isFirst = skipped === 0
          const items = Chunk.unsafeFromArray(itemsOf(results, skippedRows) as Array<PolicyRow<A, Policy>>)
          skipped += skippedRows.length
          return skippedRows.length === 0
            ? Effect.succeed(items)
            : Effect.as(reportSkipped(skippedRows, isFirst), items)
        }

        // The log has the first skipped row and the total, not a line for each.
        const end = (error: Option.Option<E | F | ReadError>): Items =>
          Option.isNone(error) && skipped > 1
            ? Effect.zipRight(warn(`Skipped ${skipped} unreadable rows.`, skipped), Effect.fail(error))
            : Effect.fail(error)

        const pull = Effect.suspend(
          (): Items =>
            failed === undefined
              ? Effect.matchEffect(next, {
                  onFailure: end,
                  onSuccess: (rows) =>
                    Effect.flatMap(Effect.mapError(checkAndDecode(rows, mapping), Option.some), emit)
                })
              : Effect.fail(Option.some(failed))
        )
        return Stream.repeatEffectChunkOption(pull)
      }
    )
  )
