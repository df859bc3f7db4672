// A list that others change while it is read: whatever they do between any two requests, reading it ends in every item
// that was there throughout, once, or in an error. The hub here is a model: an array, and a history of changes.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/Operations.js"
import { listing, type Read } from "../../src/internal/paginate.js"

interface Row {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
}

type Change = readonly [kind: "append" | "delete" | "enter" | "update", at: number]

const iso = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()

/** A list of so many rows, changed before each request after the first as the history says. */
const model = (rows: number, clamp: number, history: ReadonlyArray<ReadonlyArray<Change>>) => {
  let made = 0
  // What was there before the reading began is older than any of it.
  let clock = 100_000
  const row = (created: number): Row => ({
    id: `row ${made++}`,
    createdAt: iso(created),
    updatedAt: iso(clock)
  })
  const list = Array.from({ length: rows }, (_, index): Row => {
    const at = iso(index)
    return { id: `row ${made++}`, createdAt: at, updatedAt: at }
  })
  const throughout = new Set(list.map(({ id }) => id))
  let requests = 0

  const apply = ([kind, share]: Change) => {
    clock += 5
    const at = Math.floor(share * list.length)
    const there = list[at]
    if (kind === "append") list.push(row(clock))
    if (kind === "enter") list.splice(at, 0, row(Math.min(at, clock)))
    if (there === undefined) return
    if (kind === "update") list[at] = { ...there, updatedAt: iso(clock) }
    if (kind === "delete") {
      list.splice(at, 1)
      throughout.delete(there.id)
    }
  }

  const read: Read<Row> = (page, asked) =>
    Effect.sync(() => {
      if (requests > 0) for (const change of history[requests - 1] ?? []) apply(change)
      requests++
      const limit = Math.min(asked, clamp)
      const from = (page - 1) * limit
      return {
        items: list.slice(from, from + limit),
        total: list.length,
        answeredAt: Date.UTC(2026, 0, 1) + clock * 1000
      }
    })
  return { read, throughout, requests: () => requests }
}

const share = FastCheck.double({ min: 0, max: 0.999, noNaN: true })

// Half of the time nothing; else a few changes, or the two that hide each other: one row goes before the cursor, and
// another comes behind it, so that the total stays.
const changes = (kinds: ReadonlyArray<Change[0]>, coming: Change[0]) => {
  const change: FastCheck.Arbitrary<Change> = FastCheck.tuple(FastCheck.constantFrom(...kinds), share)
  const hidden: FastCheck.Arbitrary<ReadonlyArray<Change>> = FastCheck.tuple(share, share).map(
    ([one, other]) => [
      ["delete", one / 4],
      [coming, 1 - other / 4]
    ]
  )
  return FastCheck.array(
    FastCheck.oneof(
      { weight: 6, arbitrary: FastCheck.constant<ReadonlyArray<Change>>([]) },
      { weight: 3, arbitrary: FastCheck.array(change, { maxLength: 4 }) },
      { weight: 1, arbitrary: hidden }
    ),
    { maxLength: 30 }
  )
}

const run = (
  rows: number,
  pageSize: number,
  clamp: number,
  history: ReadonlyArray<ReadonlyArray<Change>>,
  isFiltered: boolean
) => {
  const hub = model(rows, clamp, history)
  const list = listing("Tasks", operations["tasks.list"], pageSize)
  const got: Array<string> = []
  const outcome = Effect.runSync(
    list.stream(hub.read, isFiltered).pipe(
      Stream.runForEachChunk((chunk) => Effect.sync(() => got.push(...Chunk.map(chunk, ({ id }) => id)))),
      Effect.either
    )
  )
  return { hub, got, outcome }
}

const sizes = [
  FastCheck.nat(60),
  FastCheck.integer({ min: 1, max: 12 }),
  FastCheck.constantFrom(1000, 7, 4)
] as const

describe("a history of changes between any two requests", { timeout: 120_000 }, () => {
  const ends = { whole: 0, refused: 0 }

  it.each([
    [
      "of a list without conditions: new rows at the end, deletions, updates",
      ["append", "delete", "update"],
      "append"
    ],
    ["of a list with conditions: rows come and go anywhere", ["append", "delete", "enter", "update"], "enter"]
  ] as const)("%s", (_, kinds, coming) => {
    FastCheck.assert(
      FastCheck.property(...sizes, changes(kinds, coming), (rows, pageSize, clamp, history) => {
        const { got, hub, outcome } = run(rows, pageSize, clamp, history, coming === "enter")
        expect(new Set(got).size).toBe(got.length)
        if (outcome._tag === "Left") {
          ends.refused++
          expect(outcome.left).toMatchObject({ _tag: "IncompleteListing", received: got.length })
        } else {
          ends.whole++
          expect([...hub.throughout].filter((id) => !got.includes(id))).toEqual([])
        }
      }),
      { numRuns: 1000 }
    )
  })

  it("is read to its end more often than not", () => {
    expect(ends.whole).toBeGreaterThan(ends.refused)
  })

  it("costs no request more than there are pages when nothing changes", () => {
    FastCheck.assert(
      FastCheck.property(...sizes, FastCheck.boolean(), (rows, pageSize, clamp, isFiltered) => {
        const { got, hub, outcome } = run(rows, pageSize, clamp, [], isFiltered)
        expect(outcome._tag).toBe("Right")
        expect(got).toHaveLength(rows)
        expect(hub.requests()).toBe(Math.max(1, Math.ceil(rows / Math.min(pageSize, clamp))))
      }),
      { numRuns: 500 }
    )
  })
})
