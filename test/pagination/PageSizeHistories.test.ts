// Page sizes that change in the middle of a list that changes too. Whatever happens between two requests, every row that
// stays is returned once, or the list fails and says how many rows may be missing.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/operations.js"
import { BadRequest, type CallError, ServerError } from "../../src/errors/AngoError.js"
import { operationContext } from "../../src/errors/OperationContext.js"
import { begin, type ScanState } from "../../src/pagination/completeness.js"
import { makeListReader, type Source } from "../../src/pagination/listing.js"
import type { RawPage } from "../../src/pagination/pageQueue.js"
import * as PageScan from "../../src/pagination/pageScan.js"
import type { ListPageSize } from "../../src/pagination/pageSizes.js"
import { type Change, faultScript, type History, histories, model, rawPage } from "../support/ListModel.js"

const operation = operations["tasks.list"]

interface Run {
  readonly rows: number
  /** The sizes that are asked for, one after the other, again and again. */
  readonly sizes: ReadonlyArray<number>
  /** The largest size that the hub does not refuse. */
  readonly refusal: number
  readonly prefetch: number
  readonly history: History
  readonly isFiltered: boolean
  readonly seed?: number
}

/** Asks for these sizes, whatever has come; of a refused page for its half. */
const drawnSizes = (sizes: ReadonlyArray<number>): ListPageSize => {
  let asked = 0
  return {
    next: () => sizes[asked++ % sizes.length] ?? 1,
    learn: () => undefined,
    smaller: (size, error) => (error._tag === "BadRequest" && size > 1 ? Math.ceil(size / 2) : undefined)
  }
}

/** Reads the list of the model to its end, and resumes after each failed request. */
const run = ({ history, isFiltered, prefetch, refusal, rows, seed, sizes }: Run) => {
  const faults = seed === undefined ? [] : faultScript(seed, !isFiltered)
  const hub = model(rows, 1000, history, faults)
  const list: PageScan.PagedList = {
    operation,
    membershipChanges: isFiltered,
    fetchPage: (page, limit) =>
      Effect.suspend((): Effect.Effect<RawPage, CallError> => {
        const context = operationContext(operation, "the hub refused or failed")
        if (limit > refusal) return new BadRequest({ ...context, status: 400 })
        const answer = hub.read(page, limit)
        return answer === "failure"
          ? new ServerError({ ...context, status: 500 })
          : Effect.succeed(rawPage(answer))
      })
  }
  const received: Array<string> = []
  const pageSize = drawnSizes(sizes)
  const read = (start: ScanState): Effect.Effect<unknown> =>
    Effect.suspend(() => {
      let last = start
      return PageScan.make(list, start, { pageSize, prefetch }).pipe(
        Effect.flatMap((next) => {
          const loop: Effect.Effect<void, unknown> = Effect.flatMap(next, (step) => {
            if (step === undefined) return Effect.void
            last = step.state
            for (const row of step.newRows.rows) received.push(String(Object(row)._id))
            return loop
          })
          return loop
        }),
        Effect.scoped,
        Effect.match({ onSuccess: () => undefined, onFailure: (error) => error }),
        Effect.flatMap((error) => (Object(error)._tag === "ServerError" ? read(last) : Effect.succeed(error)))
      )
    })
  const error = Effect.runSync(read(begin(sizes[0] ?? 1)))
  return { hub, received, error }
}

const drawn = {
  rows: FastCheck.nat(60),
  sizes: FastCheck.array(FastCheck.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
  refusal: FastCheck.constantFrom(1000, 7, 4),
  prefetch: FastCheck.integer({ min: 1, max: 6 })
}

describe("a history of changes and of page sizes", { timeout: 240_000 }, () => {
  const counts = { complete: 0, failed: 0 }

  it.each<[string, ReadonlyArray<Change[0]>, Change[0]]>([
    ["of an unfiltered list", ["append", "delete", "update", "resort"], "append"],
    ["of a filtered list", ["append", "delete", "enter", "update", "resort"], "enter"]
  ])("%s", (_, kinds, addition) => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.record(drawn),
        histories(kinds, addition),
        FastCheck.integer(),
        (values, history, seed) => {
          const isFiltered = addition === "enter"
          const { error, received, hub } = run({ ...values, history, isFiltered, seed })
          expect(new Set(received).size).toBe(received.length)
          const missing = [...hub.throughout].filter((id) => !received.includes(id))
          if (error === undefined) {
            counts.complete++
            expect(missing).toEqual([])
          } else {
            counts.failed++
            expect(["IncompleteListing", "PaginationError"]).toContain(Object(error)._tag)
            if (Object(error)._tag === "PaginationError") return
            expect(Object(error).missing).toBeGreaterThanOrEqual(missing.length)
          }
        }
      ),
      { numRuns: 500 }
    )
  })

  it("mostly ends in a complete list", () => {
    expect(counts.complete).toBeGreaterThan(counts.failed)
  })

  it("returns every row of a list that does not change, whatever sizes are asked for", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.record(drawn), FastCheck.boolean(), (values, isFiltered) => {
        const { error, received } = run({ ...values, history: [], isFiltered })
        expect(error).toBeUndefined()
        expect(received).toHaveLength(values.rows)
      }),
      { numRuns: 300 }
    )
  })
})

describe("a million tasks", { timeout: 240_000 }, () => {
  it("are a thousand requests", () => {
    const total = 1_000_000
    let requests = 0
    const source: Source<unknown> = {
      fetchPage: (page, limit) =>
        Effect.sync(() => {
          requests++
          const from = (page - 1) * limit
          const rows = Array.from({ length: Math.min(limit, total - from) }, (_, index) => ({
            _id: String(from + index),
            createdAt: new Date(Date.UTC(2025, 0, 1) + (from + index) * 1000).toISOString()
          }))
          return rawPage({ rows, total, respondedAt: Date.UTC(2030, 0, 1) }, rows.length * 700, 500)
        }),
      decode: (rows) => Effect.succeed(rows.map(Either.right)),
      membershipChanges: false,
      key: "the list"
    }
    const list = makeListReader({
      service: "Tasks",
      operation,
      pageSize: "adaptive",
      budget: Effect.succeed(undefined)
    })
    const count = Effect.runSync(
      Stream.runFold(list.pages(source, {}), 0, (sum, { items }) => sum + items.length)
    )
    expect(count).toBe(total)
    expect(requests).toBeLessThanOrEqual(1_010)
  })
})
