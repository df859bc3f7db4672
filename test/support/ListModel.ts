// A hub's list as a model: an array that a history changes between any two requests, under the weather of a seed.
import * as FastCheck from "effect/FastCheck"
import { Faults } from "effect-ango/emulator"
import * as FaultPlayer from "../../src/emulator/faults/faultPlayer.js"

export type Change = readonly [kind: "append" | "delete" | "enter" | "update" | "resort", at: number]

/** What happens before each request after the first. */
export type History = ReadonlyArray<ReadonlyArray<Change>>

interface Row {
  readonly _id: string
  readonly createdAt: string
  readonly updatedAt: string
}

const iso = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()

// Requests that fail, in every way that there is, and answers with the rows of another page.
const failures = Object.values(Faults.all).filter(
  ({ _tag }) => !["Ok", "Latency", "DuplicatePage", "ShiftPage"].includes(_tag)
)
const mixedUp = [Faults.duplicatePage, Faults.shiftPage(1), Faults.shiftPage(-1), Faults.shiftPage(3)]

/** Faults by a seed: a quarter of all requests fail, and an eighth is answered with the wrong rows, if that may be. */
export const weather = (seed: number, mayMixUp: boolean): Faults.Script =>
  Faults.mix({
    seed,
    faults: [
      ...failures.map((fault) => [0.25 / failures.length, fault] as const),
      ...(mayMixUp ? mixedUp.map((fault) => [0.125 / mixedUp.length, fault] as const) : [])
    ]
  })

/** A list of so many rows, several of the same instant now and then. */
export const model = (rows: number, clamp: number, history: History, faults: Faults.Script = []) => {
  const player = FaultPlayer.make({ "tasks.list": faults })
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
  let answers = 0
  let isExact = true

  const apply = ([kind, share]: Change) => {
    clock += 5
    const at = Math.floor(share * list.length)
    const there = list[at]
    if (kind === "append") list.push(row(clock))
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
    // What comes in the second of the first answer may have been there or not.
    if (kind === "delete" || kind === "enter" || kind === "update" || answers === 0) isExact = false
  }

  const read = (page: number, asked: number) => {
    if (requests > 0) for (const change of history[requests - 1] ?? []) apply(change)
    requests++
    const fault = player.next("tasks.list")
    const limit = Math.min(asked, clamp)
    const from = (page - 1) * limit
    const answer = (begin: number) => {
      answers++
      return {
        rows: list.slice(begin, begin + limit),
        total: list.length,
        answeredAt: Date.UTC(2026, 0, 1) + clock * 1000
      }
    }
    if (fault._tag === "Ok") return answer(from)
    if (fault._tag === "DuplicatePage") return answer(Math.max(0, from - limit))
    if (fault._tag === "ShiftPage") return answer(page === 1 ? from : Math.max(0, from - fault.by))
    return "failure" as const
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
