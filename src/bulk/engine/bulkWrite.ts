// A bulk write: rows in, their outcomes out, in order and chunk by chunk.
import type * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import * as Outcome from "../RowOutcome.js"
import { type Admission, admitter, isPending } from "./admission.js"
import { delivery, type Restore, readBack } from "./delivery.js"
import { classifyFailure, classifyReadFailure } from "./failureClass.js"
import { makeOutcomeRecorder } from "./outcomeRecorder.js"
import * as Run from "./runState.js"
import {
  type BulkOptions,
  defaultConcurrency,
  type RowError,
  type Stop,
  type Tagged,
  type Writer
} from "./writer.js"

/** Rows as they are given. */
export type Rows<Row, E, R> = Iterable<Row> | Stream.Stream<Row, E, R>

const isStream = <Row, E, R>(rows: Rows<Row, E, R>): rows is Stream.Stream<Row, E, R> =>
  Predicate.hasProperty(rows, Stream.StreamTypeId)

/** Rows as a stream. */
export const toStream = <Row, E, R>(rows: Rows<Row, E, R>): Stream.Stream<Row, E, R> =>
  isStream(rows) ? rows : Stream.fromIterable(rows)

const groupsOf = <Item>(
  rows: ReadonlyArray<Run.Pending<Item>>,
  groupOf: (item: Item) => string
): Iterable<ReadonlyArray<Run.Pending<Item>>> => {
  const groups = new Map<string, Array<Run.Pending<Item>>>()
  for (const row of rows) {
    const name = groupOf(row.item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  return groups.values()
}

// What is done with the rows of one chunk that have been admitted.
const chunkOf = <Row, Item, A, Own extends Tagged>(
  run: Run.Run<Row, Item, A, Own>,
  ends: Run.Ends<A, Own>,
  restore: Restore
) => {
  type Pending = Run.Pending<Item>
  const { book, writer } = run
  const settle = makeOutcomeRecorder(run, ends)
  const deliver = delivery(run, settle, restore)
  const lookBack = readBack(run, settle, restore)

  const passes = (error: Stop<Own>): boolean => ["later", "everyone"].includes(classifyFailure(error))

  // Many rows at a time: one that goes well shows that those which do not are no matter of all.
  const notReady = (error: Stop<Own>): void => {
    const verdict = classifyFailure(error)
    if (verdict === "everyone") Run.end(run, error)
    if (verdict === "later") Run.recordTransientFailure(run, error, "ready")
    if (verdict === "refused" || verdict === "unknown") Run.recordRejection(run, error, "ready")
  }

  // What an earlier run has sent and heard nothing of is read back before anything else is done with it.
  const resumed = (rows: ReadonlyArray<Pending>): Effect.Effect<ReadonlyArray<Pending>> =>
    Effect.gen(function* () {
      const mayRepeat = writer.readBack === undefined && writer.operation.repeat === "idempotent"
      const isOpen = ({ name }: Pending) => !mayRepeat && book?.entries.get(name)?.state === "sent"
      const recalled = (row: Pending): Pending => ({
        ...row,
        item: writer.before?.recall(row.item, book?.entries.get(row.name)?.value) ?? row.item
      })
      const { absent, there } = yield* lookBack(rows.filter(isOpen).map(recalled))
      yield* settle.there(there, ({ digest, name, place }) =>
        book?.entries.get(name)?.digest === digest
          ? {
              reason: "done-before",
              message: `An earlier run has sent ${JSON.stringify(place.key)} and heard nothing of it. It was done.`
            }
          : {
              reason: "exists",
              message: `An earlier run has sent ${JSON.stringify(place.key)} with another content. It was done.`
            }
      )
      const isAbsent = new Set(absent.map(({ name }) => name))
      return rows.filter((row) => !isOpen(row) || isAbsent.has(row.name))
    })

  const looked = (rows: ReadonlyArray<Pending>): Effect.Effect<ReadonlyArray<Pending>> =>
    Effect.gen(function* () {
      if (writer.decide === undefined || rows.length === 0) return rows
      const found = yield* Effect.either(restore(writer.decide(rows.map(({ item }) => item))))
      if (found._tag === "Left") {
        const isLater = classifyReadFailure(found.left) === "later"
        if (isLater) Run.recordTransientFailure(run, found.left)
        else Run.end(run, found.left)
        yield* settle.failed(rows, found.left, true)
        return []
      }
      const going: Array<Pending> = []
      for (const [at, row] of rows.entries()) {
        const look = found.right[at]
        if (look?._tag === "Skip") {
          const { _tag, ...why } = look
          ends.set(row.place.index, Outcome.skipped(row.place, why))
        } else if (look?._tag === "Refuse") {
          ends.set(row.place.index, Outcome.failed(row.place, look.error, false))
        } else going.push(look === undefined ? row : { ...row, item: look.item })
      }
      return going
    })

  const readied = (rows: ReadonlyArray<Pending>): Effect.Effect<ReadonlyArray<Pending>> =>
    Effect.gen(function* () {
      const { perRow = 1, prepare: ready } = writer
      if (ready === undefined) return rows
      const readying = Effect.forEach(
        rows,
        ({ item }) =>
          Effect.either(
            Effect.suspend(() => (run.stop === undefined ? ready(item) : Effect.fail(run.stop))).pipe(
              Effect.tapBoth({
                onFailure: (error) => Effect.sync(() => notReady(error)),
                onSuccess: () => Effect.sync(() => Run.recordSuccess(run, "ready"))
              })
            )
          ),
        { concurrency: perRow }
      )
      const going: Array<Pending> = []
      for (const [at, item] of (yield* restore(readying)).entries()) {
        const row = rows[at]
        if (row === undefined) continue
        if (item._tag === "Right") going.push({ ...row, item: item.right })
        else yield* settle.failed([row], item.left, passes(item.left))
      }
      return going
    })

  return (rows: ReadonlyArray<Pending>): Effect.Effect<void> =>
    Effect.gen(function* () {
      if (run.stop !== undefined) return
      const going = yield* readied(yield* looked(yield* resumed(rows)))
      for (const group of groupsOf(going, writer.groupOf ?? (() => ""))) {
        if (run.stop === undefined && (yield* settle.sent(group))) yield* deliver(group)
      }
    })
}

const worker =
  <Row, Item, A, Own extends Tagged>(run: Run.Run<Row, Item, A, Own>) =>
  (
    admitted: ReadonlyArray<Admission<Item, A, Own>>
  ): Effect.Effect<Chunk.Chunk<Outcome.RowOutcome<A, RowError<Own>>>> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const ends: Run.Ends<A, Own> = new Map()
        const work = chunkOf(run, ends, restore)
        return Effect.map(work(admitted.filter(isPending)), () =>
          Chunk.fromIterable(
            admitted.map((row) => {
              if (!isPending(row)) return row
              const end = ends.get(row.place.index)
              if (end !== undefined) return end
              // Only a write that was stopped leaves rows without an end.
              return Outcome.failed(row.place, run.stop as Stop<Own>, true)
            })
          )
        )
      })
    )

/**
 * The outcomes of rows, one for each that was read, in their order. The stream fails after them: with what the rows
 * failed with, or with what made it useless to go on. Rows behind the last outcome have not been tried.
 *
 * Held at a time: about twice as many chunks as are under way, and the keys of all rows with what a ledger said.
 */
export const write = <Row, Item, A, Own extends Tagged, E = never, R = never>(
  writer: Writer<Row, Item, A, Own>,
  rows: Rows<Row, E, R>,
  { chunk = 1000, concurrency = defaultConcurrency, ledger, onSummary }: BulkOptions
): Stream.Stream<Outcome.RowOutcome<A, RowError<Own>>, E | Stop<Own>, R> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const book = ledger === undefined ? undefined : yield* ledger.open(writer.of)
      const run = Run.begin(writer, book)
      let summary = Outcome.none
      let broken: Cause.Cause<E> | undefined

      const outcomes = toStream(rows).pipe(
        // What has been read gets its outcome, however the rest fails.
        Stream.catchAllCause((cause) => {
          broken = cause
          return Stream.empty
        }),
        Stream.rechunk(chunk),
        Stream.chunks,
        Stream.map(Chunk.toReadonlyArray),
        Stream.mapEffect(admitter(run)),
        Stream.takeUntil(() => run.stop !== undefined),
        Stream.mapEffect(worker(run), { concurrency }),
        Stream.flattenChunks,
        Stream.mapChunks((some) => {
          summary = Chunk.reduce(some, summary, Outcome.count)
          return some
        })
      )
      const end = Stream.suspend((): Stream.Stream<never, E | Stop<Own>> => {
        if (broken !== undefined) return Stream.failCause(broken)
        return run.stop === undefined ? Stream.empty : Stream.fail(run.stop)
      })
      const told =
        onSummary === undefined ? Stream.empty : Stream.execute(Effect.suspend(() => onSummary(summary)))
      return Stream.concat(Stream.concat(outcomes, told), end)
    })
  )
