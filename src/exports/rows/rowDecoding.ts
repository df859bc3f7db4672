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
import {
  type Place,
  placeOf,
  type RowBatch,
  readableRows,
  readableValues,
  unreadableRows
} from "./rowBatch.js"

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

/** How rows are validated. Without `decode` they are the parsed JSON. */
export interface RowValidation<F = never> {
  readonly decode: Decode<unknown> | undefined
  /** Compares rows with the conditions of their export; an archive of unknown origin has none. */
  readonly check?: ((rows: ReadonlyArray<unknown>) => Effect.Effect<void, F>) | undefined
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

const rowDecodeError = (place: Place, value: unknown, { mismatches }: DecodeError): RowDecodeError => {
  const [first] = mismatches
  const id = idOf(value)
  return new RowDecodeError({
    reason: "mismatch",
    ...place,
    ...(id === undefined ? {} : { id }),
    mismatches,
    row: Redacted.make(value),
    message:
      `Row ${place.index} of ${quoted(place.entry)} (${place.bytes} bytes from byte ${place.offset}) does not match its schema` +
      (first === undefined
        ? "."
        : `: at ${first.path || "the top"}, expected ${first.expected} and got ${first.found}.`) +
      (id === undefined ? "" : ` It is the row of ${id}.`)
  })
}

// Replaces values by what they are decoded to.
const decodeBatch = (batch: RowBatch, decode: Decode<unknown>): Effect.Effect<RowBatch> => {
  const rows = readableRows(batch)
  const decoded = decode(
    rows.map((row) => batch.values[row]),
    rows.map((row) => batch.first + row)
  )
  return Effect.map(decoded, (results) => {
    for (const [nth, row] of rows.entries()) {
      const result = results[nth]
      if (result?._tag === "Left") {
        batch.unreadable.set(row, rowDecodeError(placeOf(batch, row), batch.values[row], result.left))
      }
      batch.values[row] = result?._tag === "Right" ? result.right : undefined
    }
    return batch
  })
}

// The values are compared before they are decoded, since a decoder may change them.
const validate = <F>(batch: RowBatch, { check, decode }: RowValidation<F>): Effect.Effect<RowBatch, F> => {
  const decoded = decode === undefined ? Effect.succeed(batch) : decodeBatch(batch, decode)
  return check === undefined ? decoded : Effect.zipRight(check(readableValues(batch)), decoded)
}

type Pull<E> = Effect.Effect<Chunk.Chunk<RowBatch>, Option.Option<E | ReadError>>

const warn = (message: string, skipped: number): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logWarning(message), { operation: "exports.download", skipped })

// The rows before the first unreadable one.
const readableStart = (batch: RowBatch, unreadable: number): RowBatch => ({
  ...batch,
  values: batch.values.slice(0, unreadable),
  unreadable: new Map()
})

/**
 * The validated rows of an archive, one batch per chunk. Each run of the stream reads the archive again. Under the policy
 * `fail`, batches have no unreadable rows: the stream fails with the first one. Fails as `archiveRows` does, too.
 */
export const readBatches = <E, R, F = never>(
  archive: Stream.Stream<Uint8Array, E, R>,
  validation: RowValidation<F>,
  { limits, maxRowBytes, onSkip, onRowError: policy = "fail" }: ReadOptions<RowPolicy>
): Stream.Stream<RowBatch, E | F | ReadError, R> =>
  Stream.unwrapScoped(
    Effect.map(
      openRows(archive, {
        limits,
        select: ({ isDirectory }) =>
          isDirectory ? undefined : maxRowBytes === undefined ? {} : { maxRowBytes }
      }),
      (next) => {
        let failed: RowDecodeError | undefined
        let skipped = 0

        const reportSkipped = (
          rows: ReadonlyArray<RowDecodeError>,
          isFirst: boolean
        ): Effect.Effect<void> => {
          const [first] = rows
          const log =
            first !== undefined && isFirst
              ? warn(`Skipped an unreadable row; others may follow. ${first.message}`, 1)
              : Effect.void
          return onSkip === undefined
            ? log
            : Effect.zipRight(log, Effect.forEach(rows, onSkip, { discard: true }))
        }

        const emit = (batch: RowBatch): Pull<E | F> => {
          const errors = unreadableRows(batch)
          const [first] = errors
          if (first === undefined || policy === "either") return Effect.succeed(Chunk.of(batch))
          if (policy === "fail") {
            // Rows before it are emitted first.
            failed = first[1]
            return Effect.succeed(Chunk.of(readableStart(batch, first[0])))
          }
          const isFirst = skipped === 0
          skipped += errors.length
          const report = reportSkipped(
            errors.map(([, error]) => error),
            isFirst
          )
          return Effect.as(report, Chunk.of(batch))
        }

        // The log has the first skipped row and the total, not a line for each.
        const end = (error: Option.Option<E | F | ReadError>): Pull<E | F> =>
          Option.isNone(error) && skipped > 1
            ? Effect.zipRight(warn(`Skipped ${skipped} unreadable rows.`, skipped), Effect.fail(error))
            : Effect.fail(error)

        const pull = Effect.suspend(
          (): Pull<E | F> =>
            failed === undefined
              ? Effect.matchEffect(next, {
                  onFailure: end,
                  onSuccess: (batch) =>
                    Effect.flatMap(Effect.mapError(validate(batch, validation), Option.some), emit)
                })
              : Effect.fail(Option.some(failed))
        )
        return Stream.repeatEffectChunkOption(pull)
      }
    )
  )

// The rows of a batch under a policy.
const rowsUnder = (batch: RowBatch, policy: RowPolicy): Array<unknown> =>
  policy === "either"
    ? batch.values.map((value, row) => {
        const error = batch.unreadable.get(row)
        return error === undefined ? Either.right(value) : Either.left(error)
      })
    : readableValues(batch)

/**
 * The rows of an archive. Each run of the stream reads the archive again. Fails as `archiveRows` does, and with an
 * unreadable row under the policy `fail`.
 */
export const readRows = <E, R, F = never>(
  archive: Stream.Stream<Uint8Array, E, R>,
  validation: RowValidation<F>,
  options: ReadOptions<RowPolicy>
): Stream.Stream<unknown, E | F | ReadError, R> =>
  Stream.mapChunks(readBatches(archive, validation, options), (batches) =>
    Chunk.flatMap(batches, (batch) => Chunk.unsafeFromArray(rowsUnder(batch, options.onRowError ?? "fail")))
  )
