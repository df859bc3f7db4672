// The content of checkpoints: the list they belong to, gaps, and ids.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/operations.js"
import { ServerError } from "../../src/errors/AngoError.js"
import { operationContext } from "../../src/errors/OperationContext.js"
import { nameOf } from "../../src/pagination/checkpointCodec.js"
import { makeListReader } from "../../src/pagination/listing.js"
import { rawPage } from "../support/ListModel.js"

const operation = operations["tasks.list"]

describe("the name of a list", () => {
  it("differs between similar filters", () => {
    const letters = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    const files = letters.flatMap((one) => letters.map((other) => `frame-${one}${other}.jpg`))
    expect(new Set(files.map((externalId) => nameOf(["tasks.list", { externalId }]))).size).toBe(files.length)
  })
})

type Row = { readonly _id: string; readonly createdAt: string }

const list = makeListReader({ service: "Tasks", operation, pageSize: 100, budget: Effect.succeed(undefined) })
const source = (currentRows: () => ReadonlyArray<Row>, failing?: number) => ({
  fetchPage: (page: number, limit: number) =>
    page === failing
      ? new ServerError({ ...operationContext(operation, "the hub failed"), status: 500 })
      : Effect.sync(() => {
          const rows = currentRows()
          return rawPage({
            rows: rows.slice((page - 1) * limit, page * limit),
            total: rows.length,
            respondedAt: Date.UTC(2026, 1, 1)
          })
        }),
  decode: (found: ReadonlyArray<unknown>) =>
    Effect.succeed(found.map((row) => Either.right(String(Object(row)._id)))),
  membershipChanges: false,
  key: "the list"
})

describe("a checkpoint of a list of many pages", () => {
  it.effect("drops old gaps, and then fails a list that is incomplete", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 12_000 }, (_, index) => ({
        _id: `row ${index}`,
        createdAt: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString()
      }))
      let requests = 0
      // The first row is deleted after the first page, so that the row that moves to that page is missed.
      const currentRows = () => (requests++ > 0 ? rows.slice(1) : rows)
      const options = { prefetch: 1 }
      const pages = yield* Stream.runCollect(Stream.take(list.pages(source(currentRows), options), 110))
      const from = Array.from(pages).at(-1)?.checkpoint
      expect(from?.length).toBeLessThan(15_000)
      const error = yield* Effect.flip(
        Stream.runDrain(list.pages(source(currentRows), { ...options, checkpoint: from }))
      )
      expect(error).toMatchObject({ _tag: "IncompleteListing", missing: 1 })
      expect(error.message).toContain("Read it again from its beginning")
    })
  )
})

describe("a list whose rows have one creation time", () => {
  const count = 2_000
  const rows = Array.from({ length: count }, (_, index) => ({
    _id: String(index).padStart(24, "0"),
    createdAt: "2026-01-01T00:00:00.000Z"
  }))
  it.effect("has checkpoints that contain each id twice at most", () =>
    Effect.gen(function* () {
      const pages = yield* Stream.runCollect(
        list.pages(
          source(() => rows),
          {}
        )
      )
      const longest = Math.max(...Array.from(pages, ({ checkpoint }) => checkpoint.length))
      expect(longest).toBeLessThan(2 * count * 28 + 5_000)
    })
  )

  it.effect("returns each row once when it resumes after a failure", () =>
    Effect.gen(function* () {
      const received: Array<string> = []
      const read = (failing: number | undefined, from?: string) =>
        list
          .pages(
            source(() => rows, failing),
            { checkpoint: from }
          )
          .pipe(Stream.runForEach(({ items }) => Effect.sync(() => received.push(...items))))
      const error = yield* Effect.flip(read(13))
      yield* read(undefined, error.checkpoint)
      expect(received).toEqual(rows.map(({ _id }) => _id))
    })
  )

  it.effect("is incomplete when a row of an earlier page was deleted", () =>
    Effect.gen(function* () {
      let requests = 0
      const currentRows = () => (requests++ > 3 ? rows.slice(1) : rows)
      const error = yield* Effect.flip(Stream.runDrain(list.pages(source(currentRows), { prefetch: 1 })))
      expect(error).toMatchObject({
        _tag: "IncompleteListing",
        missing: 1,
        shifted: { from: 2_000, to: 1_999 }
      })
    })
  )
})
