// A model of a list: an array that a history changes between requests, with faults drawn from a seed.
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { Faults } from "effect-ango/emulator"
import * as FaultPlayer from "../../src/emulator/faults/faultPlayer.js"

/** The response of a page, as the transport returns it. */
export const rawPage = <Result>(result: Result, bytes = 0, millis = 0) => ({
  bytes,
  millis,
  decode: Effect.succeed(result)
})

export type Change = readonly [kind: "append" | "delete" | "enter" | "update" | "resort", at: number]

/** What happens before each request after the first. */
export type History = ReadonlyArray<ReadonlyArray<Change>>

interface Row {
  readonly _id: string
  readonly createdAt: string
  readonly updatedAt: string
}

const iso = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()

// Every fault that fails a request, and responses with the rows of another page.
const failures = Object.values(Faults.all).filter(
  ({ _tag }) => !["Ok", "Latency", "DuplicatePage", "ShiftPage"].includes(_tag)
)
const wrongPages = [Faults.duplicatePage, Faults.shiftPage(1), Faults.shiftPage(-1), Faults.shiftPage(3)]

/** Faults from a seed: a quarter of all requests fail, and an eighth returns the wrong page if `withWrongPages`. */
export const faultScript = (seed: number, withWrongPages: boolean): Faults.Script =>
  Faults.mix({
    seed,
    faults: [
      ...failures.map((fault) => [0.25 / failures.length, fault] as const),
      ...(withWrongPages ? wrongPages.map((fault) => [0.125 / wrongPages.length, fault] as const) : [])
    ]
  })

/** A list of `rows` rows, some with equal creation times. `clamp` is the largest page that it returns. */
export const model = (rows: number, clamp: number, history: History, faults: Faults.Script = []) => {
  const player = FaultPlayer.make({ "tasks.list": faults })
  let created = 0
  // In seconds; rows that exist at the start are older.
  let clock = 100_000
  const row = (createdAt: number, updatedAt = createdAt): Row => ({
    _id: `row ${created++}`,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt)
  })
  const list = Array.from({ length: rows }, (_, index) => row(Math.floor(index / (1 + ((index >> 3) % 3)))))
  list.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
  const throughout = new Set(list.map(({ _id }) => _id))
  let requests = 0
  let responses = 0
  let isExact = true

  const apply = ([kind, share]: Change) => {
    clock += 5
    const at = Math.floor(share * list.length)
    const current = list[at]
    if (kind === "append") list.push(row(clock))
    if (current === undefined) return
    // An update adds an old row to the list, at the place of its creation time.
    if (kind === "enter") list.splice(at, 0, { ...row(0, clock), createdAt: current.createdAt })
    if (kind === "update") list[at] = { ...current, updatedAt: iso(clock) }
    if (kind === "resort") {
      // Rows with equal creation times may change places.
      const end = list.findLastIndex(({ createdAt }) => createdAt === current.createdAt)
      list.splice(end, 0, ...list.splice(at, 1))
    }
    if (kind === "delete") {
      list.splice(at, 1)
      throughout.delete(current._id)
    }
    // Whether a row that is added within a second of the first response existed before cannot be known.
    if (kind === "delete" || kind === "enter" || kind === "update" || responses === 0) isExact = false
  }

  const read = (page: number, requestedSize: number) => {
    if (requests > 0) for (const change of history[requests - 1] ?? []) apply(change)
    requests++
    const fault = player.next("tasks.list")
    const limit = Math.min(requestedSize, clamp)
    const from = (page - 1) * limit
    const respond = (begin: number) => {
      responses++
      return {
        rows: list.slice(begin, begin + limit),
        total: list.length,
        respondedAt: Date.UTC(2026, 0, 1) + clock * 1000
      }
    }
    if (fault._tag === "Ok") return respond(from)
    if (fault._tag === "DuplicatePage") return respond(Math.max(0, from - limit))
    if (fault._tag === "ShiftPage") return respond(page === 1 ? from : Math.max(0, from - fault.by))
    return "failure" as const
  }
  return { read, throughout, requests: () => requests, isExact: () => isExact }
}

const share = FastCheck.double({ min: 0, max: 0.999, noNaN: true })

/**
 * Histories of changes of these kinds. Mostly nothing happens between two requests; otherwise some changes, or two that
 * hide each other: a row before the cursor is deleted and one after it is added, so that the total stays.
 */
export const histories = (
  kinds: ReadonlyArray<Change[0]>,
  addition: Change[0]
): FastCheck.Arbitrary<History> => {
  const change: FastCheck.Arbitrary<Change> = FastCheck.tuple(FastCheck.constantFrom(...kinds), share)
  const hidden: FastCheck.Arbitrary<ReadonlyArray<Change>> = FastCheck.tuple(share, share).map(
    ([one, other]) => [
      ["delete", one / 4],
      [addition, 1 - other / 4]
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

/** Number of rows, requested page size, and largest page that the hub returns. */
export const sizes = [
  FastCheck.nat(60),
  FastCheck.integer({ min: 1, max: 12 }),
  FastCheck.constantFrom(1000, 7, 4)
] as const
