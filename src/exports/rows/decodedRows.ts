// The rows of an archive under a policy, decoded as many at once as a chunk holds.
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
 * @since 0.1.0
 */
export interface ReadOptions<Policy extends RowPolicy = "fail"> {
  /**
   * What becomes of a row that cannot be read: the stream fails with it (default), after all rows before it; or it is
   * left out, with a warning in the log; or rows come as results, this one on the left.
   */
  readonly onRowError?: Policy | undefined
  /** Runs for each row that is left out; again for the same row when an archive is read again. */
  readonly onSkip?: ((row: RowDecodeError) => Effect.Effect<void>) | undefined
  /** How much the archive may inflate to: by default 1 TiB, and 250 times what was read of it. */
  readonly limits?: Limits | undefined
  /** The most bytes that one row may have; default 64 MiB. */
  readonly maxRowBytes?: number | undefined
}

/**
 * A row of an export under a policy.
 *
 * @since 0.1.0
 */
export type PolicyRow<A, Policy extends RowPolicy> = Policy extends "either"
  ? Either.Either<A, RowDecodeError>
  : A

/** What is given of a row: of the JSON that it is, and of what it was decoded to, where it is decoded. */
export interface Giving<A> {
  readonly decode: Decode<unknown> | undefined
  readonly give: (row: Row, decoded: unknown) => A
}

/** What reading an archive under a policy can fail with. */
export type ReadError = ArchiveError | RowDecodeError

// A row of tasks has its id in `task`, one of issues itself.
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
      `Row ${index} of ${quoted(entry)} (${bytes} bytes from byte ${offset} on) could not be read` +
      (first === undefined
        ? "."
        : `: at ${first.path || "the top"} ${first.expected} was expected and ${first.found} came.`) +
      (id === undefined ? "" : ` It is the row of ${id}.`)
  })
}

type Result<A> = Either.Either<A, RowDecodeError>

const isRow = (row: Row | RowDecodeError): row is Row => row._tag === "Row"

// Each row of a chunk, in its place.
const resultsOf = <A>(
  all: ReadonlyArray<Row | RowDecodeError>,
  { decode, give }: Giving<A>
): Effect.Effect<Array<Result<A>>> => {
  if (decode === undefined) {
    return Effect.succeed(
      all.map((row) => (isRow(row) ? Either.right(give(row, row.value)) : Either.left(row)))
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
        ? Either.right(give(row, result.right))
        : Either.left(rowDecodeError(row, result.left))
    })
  })
}

type Pull<A, E> = Effect.Effect<Chunk.Chunk<A>, Option.Option<E | ReadError>>

const warn = (message: string, skipped: number): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logWarning(message), { operation: "exports.download", skipped })

/**
 * The rows of an archive. Each run reads it anew. Fails as `archiveRows` does, and with a row that cannot be read under
 * the policy `fail`.
 */
export const exportRows = <A, E, R, Policy extends RowPolicy>(
  archive: Stream.Stream<Uint8Array, E, R>,
  giving: Giving<A>,
  { limits, maxRowBytes, onSkip, onRowError: policy = "fail" as Policy }: ReadOptions<Policy>
): Stream.Stream<PolicyRow<A, Policy>, E | ReadError, R> =>
  Stream.unwrapScoped(
    Effect.map(
      openRows(archive, {
        limits,
        select: ({ isDirectory }) =>
          isDirectory ? undefined : maxRowBytes === undefined ? {} : { maxRowBytes }
      }),
      (next) => {
        type Items = Pull<PolicyRow<A, Policy>, E>
        let failed: RowDecodeError | undefined
        let skipped = 0

        const itemsOf = (results: Array<Result<A>>, left: Array<RowDecodeError>): Array<unknown> => {
          if (policy === "either") return results
          const items: Array<A> = []
          for (const result of results) {
            if (Either.isRight(result)) {
              items.push(result.right)
            } else if (policy === "skip") {
              left.push(result.left)
            } else {
              // What could be read before it is given first.
              failed = result.left
              break
            }
          }
          return items
        }

        const tell = (left: ReadonlyArray<RowDecodeError>, isFirst: boolean): Effect.Effect<void> =>
          Effect.gen(function* () {
            const [first] = left
            if (first !== undefined && isFirst) {
              yield* warn(`An unreadable row was left out, and others may be. ${first.message}`, 1)
            }
            if (onSkip !== undefined) yield* Effect.forEach(left, onSkip, { discard: true })
          })

        const give = (results: Array<Result<A>>): Items => {
          const left: Array<RowDecodeError> = []
          const isFirst = skipped === 0
          const items = Chunk.unsafeFromArray(itemsOf(results, left) as Array<PolicyRow<A, Policy>>)
          skipped += left.length
          return left.length === 0 ? Effect.succeed(items) : Effect.as(tell(left, isFirst), items)
        }

        // Each row that was left out would be a line too many; how many there were is told at the end.
        const end = (error: Option.Option<E | ReadError>): Items =>
          Option.isNone(error) && skipped > 1
            ? Effect.zipRight(warn(`${skipped} unreadable rows were left out.`, skipped), Effect.fail(error))
            : Effect.fail(error)

        const pull = Effect.suspend(
          (): Items =>
            failed === undefined
              ? Effect.matchEffect(next, {
                  onFailure: end,
                  onSuccess: (rows) => Effect.flatMap(resultsOf(rows, giving), give)
                })
              : Effect.fail(Option.some(failed))
        )
        return Stream.repeatEffectChunkOption(pull)
      }
    )
  )
