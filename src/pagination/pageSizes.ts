// How many rows a list asks for at a time. Without a given page size it asks for as many as the API allows, and learns from
// what comes: a hub may return fewer rows than asked, refuse the size, or fail because a page is too long for it; pages may
// be slow, or heavy in bytes.
import { maxPageSize } from "../api/queryEncoding.js"
import type { CallError } from "../errors/AngoError.js"
import type { PageSize } from "../layers/AngoConfig.js"
import { minMaxPageSize, type ScanState } from "./completeness.js"

/** The size of a single page that is asked for without one: it must not change between two calls. */
export const singlePageSize = (setting: PageSize): number => (setting === "adaptive" ? 100 : setting)

/** What one page showed. */
export interface PageSample {
  /** The size that was asked for, and the number of rows that came. */
  readonly size: number
  readonly rows: number
  /** The length of the body. */
  readonly bytes: number
  /** From sending the request to the end of the body. */
  readonly millis: number
  /** Whether the page shows that the hub returns no more rows than these at once. */
  readonly isClamped: boolean
}

/** The page size of one list that is being read. */
export interface ListPageSize {
  /** The size of the next page, when the list was read, or asked for, up to this index. */
  readonly next: (index: number) => number
  readonly learn: (sample: PageSample) => void
  /** A smaller size to ask for after a failed call of this size; absent if the size is not the reason. */
  readonly smaller: (size: number, error: CallError) => number | undefined
}

/** The page sizes of all lists of one operation. What was learnt is kept as long as the client. */
export interface PageSizes {
  /** For a list with this name that starts at this state. */
  readonly of: (list: string, start: ScanState) => ListPageSize
}

// Each but the last is a multiple of the next one, so that smaller pages begin where a larger one ended.
const steps = [maxPageSize, 500, 100, 50, 10] as const

// The API documents two largest sizes, this is the smaller one.
const safeSize = 100

/** Pages of more bytes, or that take longer, are made shorter. They grow again while they would be half of that. */
const maxBytes = 4_000_000
const maxMillis = 10_000

// The lists of which sizes are remembered.
const maxLists = 100

const shorter = (size: number): number | undefined => steps.find((step) => step < size)

const speaksOfSize = /limit|page.?size|per.?page|too (many|large|big)|at most|maximum|exceed/i

// The largest number that the hub names and that is smaller than what was asked for.
const namedSize = (message: string, size: number): number | undefined => {
  const named = Array.from(message.matchAll(/\d+/g), ([digits]) => Number(digits)).filter(
    (number) => number >= 1 && number < size
  )
  return named.length === 0 ? undefined : Math.max(...named)
}

const isTimeout = (error: CallError): boolean =>
  (error._tag === "DeadlineExceeded" && error.attempts > 0) ||
  (error._tag === "ServerError" && (error.status === 504 || error.status === 408)) ||
  (error._tag === "ConnectionFailed" && error.phase === "body") ||
  (error._tag === "MalformedResponse" && error.reason === "truncated")

type SizeFailure = "refused" | "too-long" | "too-slow"

/** Why a call may have failed because of its page size; absent if that is not the reason. */
const sizeFailure = (error: CallError): SizeFailure | undefined => {
  if (error._tag === "BadRequest") return speaksOfSize.test(error.vendorMessage ?? "") ? "refused" : undefined
  if (error._tag === "UnexpectedStatus") return error.status === 413 ? "too-long" : undefined
  return isTimeout(error) ? "too-slow" : undefined
}

const smallerSize = (failure: SizeFailure, size: number, error: CallError): number | undefined => {
  if (failure === "too-slow") return size > safeSize ? safeSize : undefined
  const message = error._tag === "BadRequest" ? (error.vendorMessage ?? "") : ""
  return namedSize(message, size) ?? shorter(size)
}

const pinned = (size: number): PageSizes => ({
  of: (_, { page, pageSize }) => {
    // The hub may have clamped the size before the checkpoint.
    let current = page === 0 ? size : Math.min(size, pageSize)
    return {
      next: () => current,
      learn: ({ isClamped, rows }) => {
        if (isClamped) current = rows
      },
      smaller: () => undefined
    }
  }
})

// Whether a page of this size that shows the row at this index repeats few of the rows before it.
const beginsNear = (index: number, size: number): boolean => index % size <= size / 10

/** What is remembered of a list: its page size, and the largest one that has not failed. */
interface Learnt {
  readonly size: number
  readonly ceiling: number
}

// The page size of a list after a page: smaller than that of a page that was too heavy or too slow, larger after a page
// that was neither by far.
const suitableSize = (
  current: number,
  { bytes, millis, rows, size }: PageSample,
  largest: number
): number => {
  const share = Math.max(bytes / maxBytes, millis / maxMillis)
  const fitting = rows / share
  if (share > 1) {
    return size > current
      ? current
      : (steps.find((step) => step <= fitting && step < size) ?? Math.min(size, 10))
  }
  const larger = [largest, ...steps].find((step) => step <= largest && step <= fitting / 2)
  return Math.max(current, larger ?? current)
}

const adaptive = (): PageSizes => {
  // The largest size that the hub does not refuse, and the most rows that it has returned at once.
  let limit: number = maxPageSize
  let longest = 0
  const learnt = new Map<string, Learnt>()

  const remember = (list: string, what: Learnt) => {
    learnt.delete(list)
    learnt.set(list, what)
    const [oldest] = learnt.keys()
    if (learnt.size > maxLists && oldest !== undefined) learnt.delete(oldest)
  }

  return {
    of: (list, start) => {
      const { ceiling: knownCeiling, size } = learnt.get(list) ?? { ceiling: maxPageSize, size: maxPageSize }
      let ceiling = knownCeiling
      // Where the hub clamps the size, a page that is not the first shows rows of another place than those asked for. So it
      // is never longer than one that has come.
      const proven = start.maxPageSize > minMaxPageSize ? start.maxPageSize : start.pageSize
      let largest = start.page === 0 ? 0 : proven
      let current = start.page === 0 ? size : Math.min(size, Math.max(longest, proven))
      let suitable = current
      // The largest size not refused, as far as it is known from a failed call. It counts when a smaller page has come.
      let assumedLimit: number | undefined

      return {
        next: (index) => {
          current =
            [suitable, ...steps].find(
              (step) => step > current && step <= suitable && beginsNear(index, step)
            ) ?? current
          return Math.min(current, assumedLimit ?? limit)
        },
        learn: (sample) => {
          const { isClamped, rows, size } = sample
          if (rows === 0) return
          longest = Math.max(longest, rows)
          largest = isClamped ? rows : Math.max(largest, longest)
          if (assumedLimit !== undefined && size <= assumedLimit) {
            limit = Math.min(limit, assumedLimit)
            assumedLimit = undefined
          }
          if (isClamped) current = rows
          suitable = suitableSize(current, sample, Math.min(largest, limit, ceiling))
          current = Math.min(current, suitable)
          remember(list, { size: suitable, ceiling })
        },
        smaller: (size, error) => {
          const failure = sizeFailure(error)
          const smaller = failure === undefined ? undefined : smallerSize(failure, size, error)
          if (smaller === undefined) return undefined
          if (failure === "refused") assumedLimit = Math.min(assumedLimit ?? limit, smaller)
          else ceiling = Math.min(ceiling, size - 1)
          current = Math.min(current, smaller)
          suitable = current
          return smaller
        }
      }
    }
  }
}

/** Makes the page sizes of one operation. */
export const make = (setting: PageSize): PageSizes => (setting === "adaptive" ? adaptive() : pinned(setting))
