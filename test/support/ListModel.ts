// A hub's list as a model: an array that a history changes between any two requests.
import * as FastCheck from "effect/FastCheck"

export type Change = readonly [kind: "append" | "delete" | "enter" | "update" | "resort" | "fail", at: number]

/** What happens before each request after the first. */
export type History = ReadonlyArray<ReadonlyArray<Change>>

interface Row {
  readonly _id: string
  readonly createdAt: string
  readonly updatedAt: string
}

const iso = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()

/** A list of so many rows, several of the same instant now and then. */
export const model = (rows: number, clamp: number, history: History) => {
  let made = 0
  // What was there before the reading began is older than any of it.
  let clock = 100_000
  const row = (created: number, updated = created): Row => ({
    _id: `row ${made++}`,
    createdAt: iso(created),
    updatedAt: iso(updated)
  })
  const list = Array.from({ length: rows }, (_, index) => row(Math.floor(index / (1 + ((index >> 3) % 3)))))
  list.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
  const throughout = new Set(list.map(({ _id }) => _id))
  let requests = 0
  let isExact = true
  let fails = false

  const apply = ([kind, share]: Change) => {
    clock += 5
    const at = Math.floor(share * list.length)
    const there = list[at]
    if (kind === "append") list.push(row(clock))
    if (kind === "fail") fails = true
    if (there === undefined) return
    // A row comes in where rows of its age are: it has been changed to do so.
    if (kind === "enter") list.splice(at, 0, { ...row(0, clock), createdAt: there.createdAt })
    if (kind === "update") list[at] = { ...there, updatedAt: iso(clock) }
    if (kind === "resort") {
      // Rows of one instant have no order.
      const end = list.findLastIndex(({ createdAt }) => createdAt === there.createdAt)
      list.splice(end, 0, ...list.splice(at, 1))
    }
    if (kind === "delete") {
      list.splice(at, 1)
      throughout.delete(there._id)
    }
    if (kind === "delete" || kind === "enter" || kind === "update") isExact = false
  }

  const read = (page: number, asked: number) => {
    if (requests > 0) for (const change of history[requests - 1] ?? []) apply(change)
    requests++
    if (fails) {
      fails = false
      return "failure" as const
    }
    const limit = Math.min(asked, clamp)
    const from = (page - 1) * limit
    return {
      rows: list.slice(from, from + limit),
      total: list.length,
      answeredAt: Date.UTC(2026, 0, 1) + clock * 1000
    }
  }
  return { read, throughout, requests: () => requests, isExact: () => isExact }
}

const share = FastCheck.double({ min: 0, max: 0.999, noNaN: true })

/**
 * Histories of changes of these kinds. Half of the time nothing happens; else a few changes, or the two that hide each
 * other: one row goes before the cursor, and another comes behind it, so that the total stays.
 */
export const histories = (
  kinds: ReadonlyArray<Change[0]>,
  coming: Change[0]
): FastCheck.Arbitrary<History> => {
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

/** How many rows, how many per page are asked for, and how many the hub gives at most. */
export const sizes = [
  FastCheck.nat(60),
  FastCheck.integer({ min: 1, max: 12 }),
  FastCheck.constantFrom(1000, 7, 4)
] as const
