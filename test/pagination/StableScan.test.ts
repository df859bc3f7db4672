// Lists without a total that change while they are read: each item that stays is returned once, or the list fails.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/operations.js"
import * as PageSizes from "../../src/pagination/pageSizes.js"
import { collectAll, stableItems } from "../../src/pagination/stableScan.js"
import { histories, model, sizes } from "../support/ListModel.js"

const operation = operations["issues.list"]

type Row = { readonly id: string }

const listOf = (read: (page: number, limit: number) => ReadonlyArray<Row>, pageSize = 10) => ({
  operation,
  pageSizes: PageSizes.make(pageSize),
  read: (page: number, limit: number) => Effect.sync(() => read(page, limit))
})

const rowsOf = (count: number): Array<Row> =>
  Array.from({ length: count }, (_, index) => ({ id: `row ${index}` }))

const windowOf = (rows: ReadonlyArray<Row>, page: number, limit: number) =>
  rows.slice((page - 1) * limit, page * limit)

describe("a list without a total", () => {
  it("returns every item that stays, whatever is deleted or appended between two requests", () => {
    const counts = { complete: 0, failed: 0 }
    FastCheck.assert(
      FastCheck.property(
        ...sizes,
        histories(["append", "delete", "update"], "append"),
        (rows, pageSize, clamp, history) => {
          const hub = model(rows, clamp, history)
          const list = listOf((page, limit) => {
            const answer = hub.read(page, limit)
            return answer === "failure" ? [] : answer.rows.map(({ _id }) => ({ id: _id }))
          }, pageSize)
          const returned: Array<string> = []
          const run = Stream.runForEach(stableItems(list), ({ id }) => Effect.sync(() => returned.push(id)))
          const end = Effect.runSync(Effect.either(run))
          expect(new Set(returned).size).toBe(returned.length)
          if (end._tag === "Left") {
            counts.failed++
            expect(end.left).toMatchObject({
              _tag: "PaginationError",
              reason: "endless",
              received: returned.length
            })
            return
          }
          counts.complete++
          expect([...hub.throughout].filter((id) => !returned.includes(id))).toEqual([])
        }
      ),
      { numRuns: 1000 }
    )
    expect(counts.complete).toBeGreaterThan(900)
  })

  it.effect("is read twice when nothing changes, and once when it is empty", () =>
    Effect.gen(function* () {
      for (const [count, requests] of [
        [0, 1],
        [10, 3],
        [25, 7]
      ] as const) {
        let requestCount = 0
        const rows = rowsOf(count)
        const list = listOf((page, limit) => {
          requestCount++
          return windowOf(rows, page, limit)
        })
        expect(yield* collectAll(list)).toEqual(rows)
        expect([count, requestCount]).toEqual([count, requests])
      }
    })
  )

  it.effect("ends when the hub ignores the page number", () =>
    Effect.gen(function* () {
      const rows = rowsOf(25)
      expect(yield* collectAll(listOf(() => rows))).toEqual(rows)
    })
  )

  it.effect("returns every item when each is removed after it was returned", () =>
    Effect.gen(function* () {
      const all = rowsOf(400)
      let rows: ReadonlyArray<Row> = all
      const returned = yield* stableItems(listOf((page, limit) => windowOf(rows, page, limit))).pipe(
        Stream.tap((row) =>
          Effect.sync(() => {
            rows = rows.filter(({ id }) => id !== row.id)
          })
        ),
        Stream.runCollect
      )
      expect(
        Chunk.toReadonlyArray(returned)
          .map(({ id }) => id)
          .toSorted()
      ).toEqual(all.map(({ id }) => id).toSorted())
    })
  )

  it.effect("sorted newest first, is read on when new rows move the old ones by a page", () =>
    Effect.gen(function* () {
      const rows = rowsOf(30)
      let requestCount = 0
      const returned = yield* collectAll(
        listOf((page, limit) => {
          if (requestCount++ === 1)
            rows.unshift(...Array.from({ length: 10 }, (_, index) => ({ id: `new ${index}` })))
          return windowOf(rows, page, limit)
        })
      )
      expect(returned).toHaveLength(40)
    })
  )

  it.effect("fails instead of returning a part when it changes in each pass", () =>
    Effect.gen(function* () {
      let rows = rowsOf(1_000)
      const error = yield* Effect.flip(
        collectAll(
          listOf((page, limit) => {
            rows = rows.slice(1)
            return windowOf(rows, page, limit)
          })
        )
      )
      expect(error).toMatchObject({ _tag: "PaginationError", reason: "endless", operation: "issues.list" })
      expect(error.message).toContain("changed during each of 20 passes")
    })
  )
})
