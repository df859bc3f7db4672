// How much one request of a bulk write takes: what the hub accepts, and no more than the caller allows.
import { FetchHttpClient } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Ango, AngoError, RateLimit, RowOutcome } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { write } from "../../../src/bulk/engine/bulkWrite.js"
import { operationContext } from "../../../src/errors/OperationContext.js"
import { errors, makeTextWriter, operation } from "../../support/BulkWriter.js"
import { importInto, outcomesOf } from "../../support/Outcomes.js"

const numbers = (count: number) =>
  Array.from({ length: count }, (_, number) => `row ${String(number).padStart(5, "0")}`)

const accept = (items: ReadonlyArray<string>) =>
  Effect.succeed({ _tag: "Count" as const, written: items.length })

const tooLarge = new AngoError.UnexpectedStatus({ ...operationContext(operation, "too large"), status: 413 })

const lengths = (sent: ReadonlyArray<ReadonlyArray<string>>) => sent.map(({ length }) => length)

const sequential = { concurrency: 1 }

describe("requests", () => {
  it.effect("grow while the hub accepts them, up to 10,000 rows", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter()
      // One by one, as rows that are computed.
      const rows = Stream.rechunk(Stream.fromIterable(numbers(36_000)), 1)
      const summary = yield* Stream.run(write(writer, rows, sequential), RowOutcome.summarize)
      expect(summary).toMatchObject({ rows: 36_000, created: 36_000 })
      expect(lengths(sent)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 1000])
    })
  )

  it.effect("have at most the rows of `chunk`, which can be ten thousand", () =>
    Effect.gen(function* () {
      const ten = makeTextWriter()
      yield* Stream.runDrain(write(ten.writer, numbers(35), { ...sequential, chunk: 10 }))
      expect(lengths(ten.sent)).toEqual([10, 10, 10, 5])

      const { sent, writer } = makeTextWriter()
      const outcomes = write(writer, numbers(20_000), { chunk: 10_000 })
      expect((yield* Stream.run(outcomes, RowOutcome.summarize)).created).toBe(20_000)
      expect(lengths(sent)).toEqual([10_000, 10_000])
      // Folds over single outcomes survive too.
      expect(yield* Stream.runFold(outcomes, 0, (count) => count + 1)).toBe(20_000)
    })
  )

  it.effect("have about a million characters at first", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter()
      const long = numbers(40).map((row) => `${row}:${"x".repeat(100_000)}`)
      yield* Stream.runDrain(write(writer, long, { chunk: 1000, concurrency: 2 }))
      expect(lengths(sent)[0]).toBe(9)
      expect(sent.flat()).toHaveLength(40)
    })
  )

  it.effect("shrink when responses are slow", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter({
        respond: (items) => Effect.delay(accept(items), "20 seconds")
      })
      const rows = Stream.rechunk(Stream.fromIterable(numbers(1750)), 1)
      const running = yield* Effect.fork(Stream.runDrain(write(writer, rows, sequential)))
      yield* TestClock.adjust("2 minutes")
      yield* Fiber.join(running)
      expect(lengths(sent)).toEqual([1000, 500, 250])
    })
  )

  it.effect("shrink after one whose response did not arrive in time", () =>
    Effect.gen(function* () {
      let requests = 0
      const { sent, writer } = makeTextWriter({
        respond: (items) =>
          requests++ === 0 ? Effect.delay(Effect.fail(errors.lost), "30 seconds") : accept(items)
      })
      const rows = Stream.rechunk(Stream.fromIterable(numbers(2000)), 1)
      const running = yield* Effect.fork(outcomesOf(write(writer, rows, sequential)))
      yield* TestClock.adjust("1 minute")
      const outcomes = yield* Fiber.join(running)
      expect(lengths(sent).slice(0, 3)).toEqual([1000, 500, 500])
      expect(outcomes.filter(RowOutcome.isCreated)).toHaveLength(1000)
    })
  )
})

describe("a hub that refuses large requests", () => {
  const refusals = [
    [
      "of more than 60 rows, with 400",
      (items: ReadonlyArray<string>) => items.length > 60,
      errors.rejected,
      200
    ],
    ["of more than 2,000 characters, with 413", (items) => items.join().length > 2000, tooLarge, 90]
  ] satisfies ReadonlyArray<
    readonly [string, (items: ReadonlyArray<string>) => boolean, AngoError.CallError, number]
  >

  it.effect.each(refusals)(
    "%s, gets smaller ones, and each row has its outcome",
    ([, refuses, error, most]) =>
      Effect.gen(function* () {
        const { sent, writer, written } = makeTextWriter({
          respond: (items) => (refuses(items) ? Effect.fail(error) : accept(items))
        })
        const rows = numbers(5000)
        const outcomes = yield* outcomesOf(write(writer, rows, {}))
        expect(outcomes.map(({ key }) => key)).toEqual(rows)
        expect(outcomes.every(RowOutcome.isCreated)).toBe(true)
        expect(written.toSorted()).toEqual(rows.toSorted())
        expect(sent.length).toBeLessThan(most)
      })
  )

  it.effect("is not asked for less because one row alone is too large", () =>
    Effect.gen(function* () {
      const { sent, writer } = makeTextWriter({
        respond: (items) => (items.join().length > 200_000 ? Effect.fail(tooLarge) : accept(items))
      })
      const rows = numbers(4000).map((row, index) => (index === 17 ? `${row}:${"x".repeat(300_000)}` : row))
      const outcomes = yield* outcomesOf(write(writer, rows, { ...sequential, chunk: 1000 }))
      expect(outcomes.filter(RowOutcome.isFailed)).toMatchObject([{ index: 17, error: { status: 413 } }])
      expect(outcomes.filter(RowOutcome.isCreated)).toHaveLength(3999)
      expect(lengths(sent).slice(-3)).toEqual([1000, 1000, 1000])
    })
  )

  it.effect("of the network before the hub, too: an import adapts", () => {
    const maxBytes = 4000
    const limited = Layer.unwrapEffect(
      Effect.map(Emulator, (hub) => {
        const fetch: typeof globalThis.fetch = async (input, init) => {
          const request = new Request(input, init)
          const { byteLength } = await request.clone().arrayBuffer()
          return byteLength > maxBytes ? new Response("Too large", { status: 413 }) : hub.fetch(request)
        }
        return Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
          Layer.provide(RateLimit.layerOff)
        )
      })
    )
    const files = numbers(300).map((externalId) => ({
      data: `https://files.example/${externalId}`,
      externalId
    }))
    return Effect.gen(function* () {
      const outcomes = yield* importInto(AngoTest.projectId, files, { readBackIds: false })
      expect(outcomes.map(({ key }) => key)).toEqual(numbers(300))
      expect(outcomes.every(RowOutcome.isCreated)).toBe(true)
      const hub = yield* Emulator
      expect((yield* hub.requests("assets.importFromCloud")).length).toBeLessThan(20)
    }).pipe(Effect.provide(Layer.provideMerge(limited, Emulator.layer({ tasks: 1 }))))
  })
})

describe("a summary", () => {
  it.effect("of a million outcomes in one chunk is counted", () =>
    Effect.gen(function* () {
      const outcomes = Array.from({ length: 1_000_000 }, (_, index) =>
        RowOutcome.created({ index, key: "a" }, 1)
      )
      const all = Stream.fromChunk(Chunk.unsafeFromArray(outcomes))
      expect(yield* Stream.run(all, RowOutcome.summarize)).toMatchObject({
        rows: 1_000_000,
        created: 1_000_000
      })
    })
  )
})
