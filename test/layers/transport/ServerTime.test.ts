// A listing detects rows that were added after its first response by their times, which may be slightly wrong. Such a row
// must not be mistaken for one that moved to another page.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { operations } from "../../../src/api/operations.js"
import { makeListReader, type Source } from "../../../src/pagination/listing.js"
import { rawPage } from "../../support/ListModel.js"

const answered = Date.UTC(2026, 0, 1, 12)

const rowAt = (name: string, millis: number) => ({ _id: name, createdAt: new Date(millis).toISOString() })

/** Reads thirty rows; after the first page the first row is deleted and a new one added at the end. */
const read = (cameAt: number, time: { readonly respondedAt?: number }) => {
  let rows = Array.from({ length: 30 }, (_, index) => rowAt(`row ${index}`, answered - 1e9 + index * 1000))
  const throughout = rows.slice(1).map(({ _id }) => _id)
  const source: Source<string> = {
    fetchPage: (page, limit) =>
      Effect.sync(() => {
        if (page === 2) rows = [...rows.slice(1), rowAt("new", cameAt)]
        return rawPage({
          rows: rows.slice((page - 1) * limit, page * limit),
          total: rows.length,
          ...time
        })
      }),
    decode: (found) => Effect.succeed(found.map((row) => Either.right(String(Object(row)._id)))),
    membershipChanges: false,
    key: "the list"
  }
  const budget = Effect.succeed(undefined)
  const list = makeListReader({ service: "Tasks", operation: operations["tasks.list"], pageSize: 10, budget })
  return Stream.runCollect(list.stream(source, { prefetch: 1 })).pipe(
    Effect.map((got) => throughout.filter((id) => !Array.from(got).includes(id)))
  )
}

describe("a row that was added after the first response is not mistaken for a missing one", () => {
  it.effect("when the hub's Date header is rounded up to seconds", () =>
    Effect.gen(function* () {
      expect(yield* read(answered - 300, { respondedAt: answered })).toEqual([])
    })
  )

  it.effect("when the hub sends no Date header, and the local clock is five minutes ahead", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(answered + 300_000)
      expect(yield* read(answered + 1000, {})).toEqual([])
    })
  )
})
