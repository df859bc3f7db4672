// What is known of a list while it is read by pages.
//
// A page is a window: a run of the list as it stood at one instant. Items that are there throughout keep their order,
// so that two windows which share an item leave none out between them. Windows that do not touch prove nothing by
// themselves; there the count decides: as long as no item may have come in after the first answer, as many distinct items
// as the list held then are all of them. Otherwise the gaps are to be proved.

/** An item of a list, with what is needed to tell whether it has come in lately. */
export interface Item {
  readonly id: string
  readonly createdAt?: string | null | undefined
  readonly updatedAt?: string | null | undefined
}

/** One answer: a run of the list, and the length of the whole. */
export interface Answer<A> {
  readonly items: ReadonlyArray<A>
  readonly total: number
  /** The hub's time, in epoch milliseconds. */
  readonly answeredAt?: number
}

/** A run of ids, and the place of the first in the list as it was then. */
export interface Window {
  readonly ids: ReadonlyArray<string>
  readonly offset: number
}

/** What one run over a list has seen. */
export interface Reading {
  readonly windows: Array<Window>
  readonly seen: Set<string>
  /** Items per page: what came back first, when that is less than what was asked for. */
  limit: number
  /** The largest page to look at a gap with. */
  widest: number
  /** The length of the list as it was told first, and last. */
  first: number
  latest: number
  requests: number
  /** The largest length told. */
  peak: number
  /** Whether an answer showed that the list has changed. */
  hasMoved: boolean
  /** Whether an item may have come in after the first answer. */
  hasNewcomers: boolean
  /** Whether an answer held the end of the list. */
  hasEnded: boolean
  /** The instant after which an item counts as come in since: the first answer's, a second earlier for its rounding. */
  since: number
}

// Through a page of one or two items no gap can be seen from both its sides.
const enough = 20

/** A reading that has seen nothing. */
export const begin = (pageSize: number): Reading => ({
  windows: [],
  seen: new Set(),
  limit: pageSize,
  widest: Math.max(pageSize, enough),
  first: 0,
  latest: 0,
  requests: 0,
  peak: 0,
  hasMoved: false,
  hasNewcomers: false,
  hasEnded: false,
  since: Number.POSITIVE_INFINITY
})

const isAfter = (instant: string | null | undefined, since: number): boolean =>
  typeof instant === "string" && Date.parse(instant) >= since

/**
 * Takes an answer in: the items that are new. `changes` tells whether items come into the list and leave it by being
 * updated, as they do where it is filtered.
 */
export const take = <A extends Item>(
  reading: Reading,
  { answeredAt, items, total }: Answer<A>,
  offset: number,
  changes: boolean
): ReadonlyArray<A> => {
  if (reading.requests === 0) {
    reading.first = total
    reading.since = answeredAt === undefined ? Number.POSITIVE_INFINITY : answeredAt - 1000
    // A hub may give fewer items than were asked for: the size that came back is the page size.
    if (items.length > 0 && items.length < Math.min(reading.limit, total)) {
      reading.limit = items.length
      reading.widest = items.length
    }
  }
  reading.requests++
  const fresh = items.filter((item) => {
    if (reading.seen.has(item.id)) return false
    reading.seen.add(item.id)
    if (isAfter(item.createdAt, reading.since) || (changes && isAfter(item.updatedAt, reading.since))) {
      reading.hasNewcomers = true
    }
    return true
  })
  if (total !== reading.first || fresh.length < items.length) reading.hasMoved = true
  reading.latest = total
  reading.peak = Math.max(reading.peak, total)
  // An empty page behind the end holds no item that ties it to the one before.
  if (total === 0 || (items.length > 0 && offset + items.length >= total)) reading.hasEnded = true
  return fresh
}

/** Whether every item is known to be here without looking at the gaps between the pages. */
export const isWhole = ({ first, hasNewcomers, seen }: Reading): boolean =>
  !hasNewcomers && seen.size === first

/** Whether two runs share an item. */
export const touch = (one: ReadonlySet<string>, other: ReadonlyArray<string>): boolean =>
  other.some((id) => one.has(id))

/**
 * A page that has the place `at` as near to its middle as can be: its number and its size, from half of the usual one
 * to the widest. The first page when `at` is the beginning.
 */
export const pageAround = (
  at: number,
  { limit, widest }: Pick<Reading, "limit" | "widest">
): { readonly page: number; readonly size: number } => {
  let best = { page: 1, size: widest, margin: Math.min(at, widest - at) }
  for (let size = widest; size >= Math.max(2, Math.ceil(limit / 2)); size--) {
    const before = Math.floor((at - 1) / size)
    const margin = Math.min(at - before * size, (before + 1) * size - at)
    if (margin > best.margin) best = { page: before + 1, size, margin }
  }
  return best
}
