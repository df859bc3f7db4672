// A bulk write: a stream of rows in, a stream of their outcomes out, in order. Each chunk of rows goes through the same
// stages: admission, resume, look-up, preparation, delivery. A stage returns the rows for the next stage, and the
// outcomes of the others.
import type * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Outcome from "../RowOutcome.js"
import { type Admission, isPending, makeAdmission } from "./admission.js"
import { type BulkOptions, defaultConcurrency } from "./bulkOptions.js"
import type { Run } from "./bulkRun.js"
import { deliverRows } from "./chunkDelivery.js"
import { makeChunkSize } from "./chunkSize.js"
import { makeOutcomeRecorder, type Outcomes, type PendingRow } from "./outcomeRecorder.js"
import { toChunks } from "./rowChunks.js"
import { lookUpRows, prepareRows, resumeRows } from "./rowLookup.js"
import { makeStopSignal } from "./stopSignal.js"
import type { RowError, StopError, Tagged, Writer } from "./writer.js"

/** The rows of a bulk write: anything iterable, or a stream. */
export type Rows<Row, E, R> = Iterable<Row> | Stream.Stream<Row, E, R>

const isStream = <Row, E, R>(rows: Rows<Row, E, R>): rows is Stream.Stream<Row, E, R> =>
  Predicate.hasProperty(rows, Stream.StreamTypeId)

/** Rows as a stream. */
export const toStream = <Row, E, R>(rows: Rows<Row, E, R>): Stream.Stream<Row, E, R> =>
  isStream(rows) ? rows : Stream.fromIterable(rows)

const groupRows = <Item>(
  rows: ReadonlyArray<PendingRow<Item>>,
  groupOf: ((item: Item) => string) | undefined
): ReadonlyArray<ReadonlyArray<PendingRow<Item>>> => {
  if (groupOf === undefined) return rows.length === 0 ? [] : [rows]
  const groups = new Map<string, Array<PendingRow<Item>>>()
  for (const row of rows) {
    const name = groupOf(row.item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  return Array.from(groups.values())
}

const deliverGroup = <Item, A, E extends Tagged>(
  run: Run<Item, A, E>,
  group: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<Outcomes<A, E>> =>
  Effect.suspend(() =>
    run.signal.reason() !== undefined
      ? Effect.succeed([])
      : Effect.flatMap(run.record.sending(group), (isRecorded) =>
          isRecorded ? deliverRows(run, group) : Effect.succeed([])
        )
  )

/** Takes the rows of one chunk through the stages. Rows that a stopped write did not reach have no outcome here. */
const writeChunk = <Item, A, E extends Tagged>(
  run: Run<Item, A, E>,
  rows: ReadonlyArray<PendingRow<Item>>
): Effect.Effect<Outcomes<A, E>> =>
  run.signal.reason() !== undefined
    ? Effect.succeed([])
    : Effect.flatMap(resumeRows(run, rows), (resumed) =>
        Effect.flatMap(lookUpRows(run, resumed.pending), (lookedUp) =>
          Effect.flatMap(prepareRows(run, lookedUp.pending), (prepared) =>
            Effect.map(
              Effect.forEach(groupRows(prepared.pending, run.writer.request.groupOf), (group) =>
                deliverGroup(run, group)
              ),
              (delivered) => [
                ...resumed.outcomes,
                ...lookedUp.outcomes,
                ...prepared.outcomes,
                ...delivered.flat()
              ]
            )
          )
        )
      )

/** The most outcomes that are emitted together: folds over single elements call themselves for each of them. */
const maxOutcomes = 1000

/** The outcomes of admitted rows, in the order of the rows. */
const completeChunk =
  <Item, A, E extends Tagged>(run: Omit<Run<Item, A, E>, "interruptible">) =>
  (
    admissions: ReadonlyArray<Admission<Item, A, E>>
  ): Effect.Effect<Chunk.Chunk<Chunk.Chunk<Outcome.RowOutcome<A, RowError<E>>>>> =>
    Effect.uninterruptibleMask((interruptible) =>
      Effect.map(writeChunk({ ...run, interruptible }, admissions.filter(isPending)), (outcomes) => {
        const byIndex = new Map(outcomes.map((outcome) => [outcome.index, outcome]))
        const all = admissions.map((admission) => {
          if (!isPending(admission)) return admission
          const { id } = admission
          // Only a write that was stopped leaves rows without an outcome.
          return byIndex.get(id.index) ?? Outcome.failed(id, run.signal.reason() as StopError<E>, true)
        })
        return Chunk.chunksOf(Chunk.unsafeFromArray(all), maxOutcomes)
      })
    )

/**
 * Writes rows, and returns one outcome for each row that was read, in order. The stream then fails with the failure of
 * the input, or with the error that stopped the write; rows behind the last outcome have not been sent.
 *
 * Memory holds about twice as many chunks as are in flight, and the keys of all rows with the entries of the ledger.
 */
export const write = <Row, Item, A, E extends Tagged, InputError = never, R = never>(
  writer: Writer<Row, Item, A, E>,
  rows: Rows<Row, InputError, R>,
  { chunk, concurrency = defaultConcurrency, ledger, onSummary }: BulkOptions
): Stream.Stream<Outcome.RowOutcome<A, RowError<E>>, InputError | StopError<E>, R> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const session = ledger === undefined ? undefined : yield* ledger.open(writer.name)
      const signal = makeStopSignal<StopError<E>>()
      const chunkSize = makeChunkSize(chunk)
      const record = makeOutcomeRecorder(writer, session, signal)
      let summary = Outcome.none
      let inputFailure: Cause.Cause<InputError> | undefined

      const outcomes = toStream(rows).pipe(
        // Rows that were read before the input failed still get their outcomes.
        Stream.catchAllCause((cause) => {
          inputFailure = cause
          return Stream.empty
        }),
        toChunks(chunkSize),
        Stream.mapEffect(makeAdmission(writer, session, signal)),
        Stream.takeUntil(() => signal.reason() !== undefined),
        Stream.mapEffect(completeChunk({ writer, ledger: session, chunkSize, signal, record }), {
          concurrency
        }),
        Stream.flattenChunks,
        Stream.flattenChunks,
        onSummary === undefined
          ? (same) => same
          : Stream.mapChunks((some) => {
              summary = Chunk.reduce(some, summary, Outcome.count)
              return some
            })
      )
      const reportSummary =
        onSummary === undefined ? Stream.empty : Stream.execute(Effect.suspend(() => onSummary(summary)))
      const failure = Stream.suspend((): Stream.Stream<never, InputError | StopError<E>> => {
        if (inputFailure !== undefined) return Stream.failCause(inputFailure)
        const reason = signal.reason()
        return reason === undefined ? Stream.empty : Stream.fail(reason)
      })
      return Stream.concat(Stream.concat(outcomes, reportSummary), failure)
    })
  )
