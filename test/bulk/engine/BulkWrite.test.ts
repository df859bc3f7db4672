// The engine of bulk writes: one outcome per row, in order, whatever happens to the requests.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { Ledger, RowOutcome } from "effect-ango"
import { write } from "../../../src/bulk/engine/bulkWrite.js"
import { errors, makeTextWriter } from "../../support/BulkWriter.js"
import { outcomesOf } from "../../support/Outcomes.js"

const numbers = (count: number) => Array.from({ length: count }, (_, number) => `row ${number}`)

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)

/** The outcomes before a stream failed, and its failure. */
const untilFailure = <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Effect.map(outcomesOf(Stream.either(stream)), (all) => ({
    outcomes: all.flatMap((one) => (Either.isRight(one) ? [one.right] : [])),
    failure: all.flatMap((one) => (Either.isLeft(one) ? [one.left] : []))[0]
  }))

describe("rows", () => {
  it.effect("have outcomes in order, even if later chunks end first", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter({
        respond: (items) =>
          Effect.as(
            Effect.promise(() => new Promise((wake) => setTimeout(wake, items[0] === "row 0" ? 30 : 1))),
            { _tag: "Count", written: items.length }
          )
      })
      const outcomes = yield* outcomesOf(write(writer, numbers(25), { chunk: 10, concurrency: 3 }))
      expect(outcomes.map(({ index }) => index)).toEqual(numbers(25).map((_, index) => index))
      expect(outcomes.map(({ key }) => key)).toEqual(numbers(25))
      expect(sent.map(({ length }) => length).toSorted()).toEqual([10, 10, 5])
    })
  )

  it.effect("are read with backpressure from the consumer of their outcomes", () =>
    Effect.gen(function* () {
      let read = 0
      const rows = Stream.fromIterable(numbers(10_000)).pipe(
        Stream.rechunk(1),
        Stream.tap(() => Effect.sync(() => void read++))
      )
      const { writer } = makeTextWriter()
      yield* Stream.runHead(write(writer, rows, { chunk: 10, concurrency: 2 }))
      expect(read).toBeLessThanOrEqual(80)
    })
  )

  it.effect("with the same key are the same row: equal content is skipped, other content fails", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter()
      const outcomes = yield* outcomesOf(write(writer, ["a:1", "a:1", "a:2", "b:1"], {}))
      expect(outcomes).toMatchObject([
        { _tag: "Created", key: "a" },
        { _tag: "Skipped", reason: "duplicate", key: "a" },
        {
          _tag: "Failed",
          retryable: false,
          error: { _tag: "RowRejected", reason: "duplicate", key: "a", duplicateOf: "input" }
        },
        { _tag: "Created", key: "b" }
      ])
      expect(sent).toEqual([["a:1", "b:1"]])
    })
  )

  it.effect("of a stream that fails have outcomes before the failure", () =>
    Effect.gen(function* () {
      const { writer } = makeTextWriter()
      const rows = Stream.concat(Stream.fromIterable(numbers(3)), Stream.fail("the file breaks off" as const))
      let reported: unknown
      const onSummary = (summary: RowOutcome.Summary) =>
        Effect.sync(() => {
          reported = summary
        })
      const { failure, outcomes } = yield* untilFailure(write(writer, rows, { chunk: 2, onSummary }))
      expect(tags(outcomes)).toEqual(["Created", "Created", "Created"])
      expect(reported).toMatchObject({ rows: 3, created: 3 })
      expect(failure).toBe("the file breaks off")
    })
  )

  it.effect("are prepared one by one, and grouped into requests", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter({
        groupOf: (text) => text.slice(0, 1),
        prepare: (text) => (text === "b2" ? Effect.fail(errors.rejected) : Effect.succeed(`${text}!`))
      })
      const outcomes = yield* outcomesOf(write(writer, ["a1", "b1", "b2", "a2"], {}))
      expect(tags(outcomes)).toEqual(["Created", "Created", "Failed", "Created"])
      expect(sent).toEqual([["a1!", "a2!"], ["b1!"]])
    })
  )

  it.effect("have the results of the response, if it has one per row", () =>
    Effect.gen(function* () {
      const { writer } = makeTextWriter({
        outcome: "Updated",
        respond: () =>
          Effect.succeed({
            _tag: "PerRow",
            results: [
              { _tag: "Present", value: "done" },
              { _tag: "Absent" },
              { _tag: "Undecidable", why: "." }
            ]
          })
      })
      expect(tags(yield* outcomesOf(write(writer, numbers(4), {})))).toEqual([
        "Updated",
        "Failed",
        "Unknown",
        "Unknown"
      ])
    })
  )
})

describe("a chunk that is rejected", () => {
  it.effect("is halved until the invalid row is known; no other row is written twice", () =>
    Effect.gen(function* () {
      const { written, sent, writer } = makeTextWriter({
        respond: (items) =>
          items.includes("row 617")
            ? Effect.fail(errors.rejected)
            : Effect.succeed({ _tag: "Count", written: items.length })
      })
      const outcomes = yield* outcomesOf(write(writer, numbers(1000), {}))
      const failed = outcomes.filter(RowOutcome.isFailed)
      expect(failed).toMatchObject([{ key: "row 617", retryable: false, error: { _tag: "BadRequest" } }])
      expect(outcomes.filter(RowOutcome.isCreated)).toHaveLength(999)
      expect(written.toSorted()).toEqual(
        numbers(1000)
          .filter((row) => row !== "row 617")
          .toSorted()
      )
      expect(sent.length - 1).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1000)))
    })
  )

  it.effect("stops the write if all rows are rejected", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter({ respond: () => Effect.fail(errors.rejected) })
      const { failure, outcomes } = yield* untilFailure(
        write(writer, numbers(100_000), { chunk: 1000, concurrency: 2 })
      )
      expect(failure).toMatchObject({ _tag: "BadRequest" })
      expect(sent.length).toBeLessThan(200)
      expect(new Set(tags(outcomes))).toEqual(new Set(["Failed"]))
      expect(outcomes.length % 1000).toBe(0)
      expect(outcomes.length).toBeLessThan(10_000)
    })
  )
})

describe("a write stops", () => {
  it.effect("on an error that affects every row, after the outcomes so far", () =>
    Effect.gen(function* () {
      let requests = 0
      const { writer } = makeTextWriter({
        respond: (items) =>
          requests++ === 2
            ? Effect.fail(errors.unauthorized)
            : Effect.succeed({ _tag: "Count", written: items.length })
      })
      let reported: unknown
      const { failure, outcomes } = yield* untilFailure(
        write(writer, numbers(1000), {
          chunk: 10,
          concurrency: 1,
          onSummary: (summary) =>
            Effect.sync(() => {
              reported = summary
            })
        })
      )
      expect(failure).toMatchObject({ _tag: "Unauthorized" })
      expect(outcomes.slice(0, 20).every(RowOutcome.isCreated)).toBe(true)
      expect(outcomes.slice(20).every((one) => RowOutcome.isFailed(one) && one.retryable)).toBe(true)
      expect(requests).toBe(3)
      expect(reported).toMatchObject({ rows: outcomes.length, created: 20, failed: outcomes.length - 20 })
    })
  )

  it.effect("after five transient failures in a row, not after four", () =>
    Effect.gen(function* () {
      const ending = (failing: number) => {
        let requests = 0
        const { writer } = makeTextWriter({
          respond: (items) =>
            requests++ < failing
              ? Effect.fail(errors.busy)
              : Effect.succeed({ _tag: "Count", written: items.length })
        })
        return untilFailure(write(writer, numbers(100), { chunk: 10, concurrency: 1 }))
      }
      const four = yield* ending(4)
      expect([four.failure, four.outcomes.filter(RowOutcome.isCreated).length]).toEqual([undefined, 60])
      expect((yield* ending(5)).failure).toMatchObject({ _tag: "RateLimited" })
    })
  )
})

describe("an interruption", () => {
  it.effect("leaves known results in the ledger, and other rows as sent", () =>
    Effect.gen(function* () {
      const store = yield* KeyValueStore.KeyValueStore
      const ledger = Ledger.make(store, "run")
      const reached = yield* Deferred.make<void>()
      const first = makeTextWriter({
        respond: (items) =>
          items[0] === "row 0"
            ? Effect.succeed({ _tag: "Count", written: items.length })
            : Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never)
      })
      const running = yield* Effect.fork(
        Stream.runDrain(write(first.writer, numbers(30), { chunk: 10, concurrency: 1, ledger }))
      )
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(running)

      const again = makeTextWriter()
      again.written.push("row 10")
      const outcomes = yield* outcomesOf(write(again.writer, numbers(30), { chunk: 10, ledger }))
      expect(
        outcomes.slice(0, 11).every((one) => RowOutcome.isSkipped(one) && one.reason === "done-before")
      ).toBe(true)
      expect(again.sent.flat()).toEqual(numbers(30).slice(11))
      expect(outcomes.slice(11).every(RowOutcome.isCreated)).toBe(true)
    }).pipe(Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("a summary", () => {
  it.effect("counts each outcome; the counts add up", () =>
    Effect.gen(function* () {
      const place = { index: 0, key: "a" }
      const outcomes = [
        RowOutcome.created(place, 1),
        RowOutcome.updated(place, 1),
        RowOutcome.skipped(place, { reason: "exists", message: "" }),
        RowOutcome.failed(place, "no", false),
        RowOutcome.unknown(place, { message: "" }),
        RowOutcome.created(place, 1)
      ]
      expect(yield* Stream.run(Stream.fromChunk(Chunk.fromIterable(outcomes)), RowOutcome.summarize)).toEqual(
        {
          rows: 6,
          created: 2,
          updated: 1,
          skipped: 1,
          failed: 1,
          unknown: 1
        }
      )
      expect(outcomes.map(RowOutcome.isUnknown).indexOf(true)).toBe(4)
    })
  )
})
