// Lists that change while they are read. Whatever happens between two requests, every row that stays is returned once, or
// the list fails and says how many rows may be missing. The server is a model: an array, and a history of changes.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/operations.js"
import { ServerError } from "../../src/errors/AngoError.js"
import { operationContext } from "../../src/errors/OperationContext.js"
import { makeListReader, type Source } from "../../src/pagination/listing.js"
import {
  type Change,
  faultScript,
  type History,
  histories,
  model,
  rawPage,
  sizes
} from "../support/ListModel.js"

const operation = operations["tasks.list"]

interface Run {
  readonly rows: number
  readonly pageSize: number
  readonly clamp: number
  readonly prefetch: number
  readonly history: History
  readonly isFiltered: boolean
  readonly seed?: number
}

/** Reads the list of the model to its end, and resumes from the checkpoint after each failed request. */
const run = ({ clamp, history, isFiltered, pageSize, prefetch, rows, seed }: Run) => {
  // In a filtered list, wrong pages can hide rows without a trace: no client can notice that.
  const faults = seed === undefined ? [] : faultScript(seed, !isFiltered)
  const hub = model(rows, clamp, history, faults)
  const list = makeListReader({ service: "Tasks", operation, pageSize, budget: Effect.succeed(undefined) })
  const source: Source<{ readonly id: string }> = {
    fetchPage: (page, limit) =>
      Effect.suspend(() => {
        const answer = hub.read(page, limit)
        return answer === "failure"
          ? new ServerError({ ...operationContext(operation, "the hub failed"), status: 500 })
          : Effect.succeed(rawPage(answer))
      }),
    decode: (found) => Effect.succeed(found.map((row) => Either.right({ id: String(Object(row)._id) }))),
    membershipChanges: isFiltered,
    key: "the list"
  }
  const received: Array<string> = []
  const read = (from: string | undefined): Effect.Effect<unknown> =>
    list.pages(source, { checkpoint: from, prefetch }).pipe(
      Stream.runForEach((page) => Effect.sync(() => received.push(...page.items.map(({ id }) => id)))),
      Effect.match({
        onSuccess: () => undefined,
        onFailure: (error) => error
      }),
      Effect.flatMap((error) =>
        error?._tag === "ServerError" ? read(error.checkpoint) : Effect.succeed(error)
      )
    )
  const error = Effect.runSync(read(undefined))
  return { hub, received, error }
}

describe("a history of changes between any two requests", { timeout: 240_000 }, () => {
  const counts = { complete: 0, failed: 0 }

  it.each<[string, ReadonlyArray<Change[0]>, Change[0]]>([
    ["of an unfiltered list", ["append", "delete", "update", "resort"], "append"],
    ["of a filtered list", ["append", "delete", "enter", "update", "resort"], "enter"]
  ])("%s", (_, kinds, addition) => {
    FastCheck.assert(
      FastCheck.property(
        ...sizes,
        FastCheck.integer({ min: 1, max: 6 }),
        histories(kinds, addition),
        FastCheck.integer(),
        (rows, pageSize, clamp, prefetch, history, seed) => {
          const isFiltered = addition === "enter"
          const { error, received, hub } = run({ rows, pageSize, clamp, prefetch, history, isFiltered, seed })
          expect(new Set(received).size).toBe(received.length)
          const missing = [...hub.throughout].filter((id) => !received.includes(id))
          if (error === undefined) {
            counts.complete++
            expect(missing).toEqual([])
          } else {
            counts.failed++
            expect(["IncompleteListing", "PaginationError"]).toContain(Object(error)._tag)
            expect(Object(error).received).toBe(received.length)
            if (Object(error)._tag === "PaginationError") return
            const most = Object(error).missing
            expect(most).toBeGreaterThanOrEqual(missing.length)
            // If no row left the list or changed, the number is exact.
            if (hub.isExact()) expect(most).toBe(missing.length)
          }
        }
      ),
      { numRuns: 1000 }
    )
  })

  it("mostly ends in a complete list", () => {
    expect(counts.complete).toBeGreaterThan(counts.failed)
  })

  it.each<[string, ReadonlyArray<Change[0]>, Change[0]]>([
    ["unfiltered", ["append", "delete", "update"], "append"],
    ["filtered", ["append", "delete", "enter", "update"], "enter"]
  ])("fails a list only if rows are missing: %s, pages of fifty, no failed request", (_, kinds, addition) => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.integer({ min: 60, max: 300 }),
        histories(kinds, addition),
        (rows, history) => {
          const calm = {
            rows,
            pageSize: 50,
            clamp: 1000,
            prefetch: 1,
            history,
            isFiltered: addition === "enter"
          }
          const { error, received, hub } = run(calm)
          const missing = [...hub.throughout].filter((id) => !received.includes(id))
          expect([error === undefined, missing.length > 0]).toEqual([
            missing.length === 0,
            error !== undefined
          ])
        }
      ),
      { numRuns: 300 }
    )
  })

  it("needs one request per page when nothing changes", () => {
    FastCheck.assert(
      FastCheck.property(
        ...sizes,
        FastCheck.integer({ min: 1, max: 6 }),
        FastCheck.boolean(),
        (rows, pageSize, clamp, prefetch, isFiltered) => {
          const { error, received, hub } = run({ rows, pageSize, clamp, prefetch, history: [], isFiltered })
          expect(error).toBeUndefined()
          expect(received).toHaveLength(rows)
          expect(hub.requests()).toBe(Math.max(1, Math.ceil(rows / Math.min(pageSize, clamp))))
        }
      ),
      { numRuns: 500 }
    )
  })
})
