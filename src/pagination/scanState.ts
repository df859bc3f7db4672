// What is known of a list while it is read by pages, oldest first.
//
// The rows of a list that are there throughout keep their order by creation, and none of them is created anew. A page is
// a window: every row that is there throughout and was created after the first and before the last row of a page is on
// that page. (Rows of the very same instant may change places.) What lies between two windows that do not overlap is a
// gap: something may have been there. As long as nothing is known to be lost a gap means nothing, and the count decides:
// the list held so many rows when it was first asked for, and so many of those have been received.

import * as Either from "effect/Either"
import * as Hash from "effect/Hash"
import * as List from "effect/List"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** One answer: a run of the list, and the length of the whole. */
export interface PageResult {
  readonly rows: ReadonlyArray<unknown>
  readonly total: number
  /** The hub's time, in epoch milliseconds, when it told it. */
  readonly answeredAt?: number
}

/** Where a row belongs in its list, and when it came into it at the earliest. */
export interface RowPosition {
  readonly id: string
  /** When it was created, in epoch milliseconds. */
  readonly at: number
  /** When it was changed, where that says when it came into the list. */
  readonly changed: number
}

/** The instant of a row that tells none: the hub sorts those first. */
export const unknownTime = Number.MIN_SAFE_INTEGER

/** An instant, and the ids of the rows received of it: the first `size` of a set that may grow later. */
export interface Edge {
  readonly at: number
  readonly ids: ReadonlySet<string>
  readonly size: number
}

/** The stretch between two windows, both ends included. */
export interface Gap {
  readonly from: Edge
  readonly to: Edge
  /** Where in the list its end was. */
  readonly offset: number
}

/** A reading of a list up to a page. It does not change: the next page makes the next reading. */
export interface ScanState {
  /** Items per page: what came back first, when that is less than what was asked for. */
  readonly limit: number
  /** The most that the hub is known to give. */
  readonly widest: number
  /** The last page that was read; 0 before the first. */
  readonly page: number
  /** The length of the list as it was told first, last, and at most. */
  readonly first: number
  readonly latest: number
  readonly peak: number
  /** The instant after which a row counts as come in since the first answer. */
  readonly since: number
  readonly received: number
  /** Those of them that were in the list when it was first asked for. */
  readonly settled: number
  /** Rows that came once more or where rows had been read already. */
  readonly late: number
  /** Whether an answer held the end of the list. */
  readonly hasEnded: boolean
  /** Whether rows come by their instants of creation. */
  readonly isOrdered: boolean
  /** The latest instant received. */
  readonly edge: Edge & { readonly ids: Set<string> }
  /** The gaps so far, the latest first. */
  readonly gaps: List.List<Gap>
  /** Whether there is a gap that cannot be described, so that only the count can tell. */
  readonly isVague: boolean
  /** The first and last id of the last page, and how often it came in a row. */
  readonly again: { readonly ids: string; readonly times: number }
}

// Through a page of one or two rows no gap can be seen from both its sides.
const enough = 20

/** A reading that has seen nothing. */
export const begin = (pageSize: number): ScanState => ({
  limit: pageSize,
  widest: Math.max(pageSize, enough),
  page: 0,
  first: 0,
  latest: 0,
  peak: 0,
  since: Number.POSITIVE_INFINITY,
  received: 0,
  settled: 0,
  late: 0,
  hasEnded: false,
  isOrdered: true,
  edge: { at: Number.NEGATIVE_INFINITY, ids: new Set(), size: 0 },
  gaps: List.empty(),
  isVague: false,
  again: { ids: "", times: 0 }
})

const instant = (value: unknown): number => {
  const millis = typeof value === "string" ? Date.parse(value) : Number.NaN
  return Number.isNaN(millis) ? unknownTime : millis
}

// A row without an id is known by all that it says, none of which may stand in an error or in a checkpoint.
const nameOf = (row: unknown): string => {
  const text = Either.getOrElse(
    Either.try(() => String(JSON.stringify(row))),
    () => "nested too deeply"
  )
  return `without an id (${(Hash.string(text) >>> 0).toString(16)})`
}

const idOf = (row: unknown): string | undefined =>
  Predicate.isRecord(row) && typeof row._id === "string" ? row._id : undefined

/** What a row as it came tells of its place; `changes` is whether rows come into the list by being changed. */
export const positionOf = (row: unknown, changes: boolean): RowPosition => ({
  id: idOf(row) ?? nameOf(row),
  at: Predicate.isRecord(row) ? instant(row.createdAt) : unknownTime,
  // Dates are the dearest part of a row.
  changed: changes && Predicate.isRecord(row) ? instant(row.updatedAt) : unknownTime
})

// Of rows that say the same, and have no id, a page may hold several.
const placesOf = (rows: ReadonlyArray<unknown>, changes: boolean): ReadonlyArray<RowPosition> => {
  const times = new Map<string, number>()
  return rows.map((row) => {
    const place = positionOf(row, changes)
    if (idOf(row) !== undefined) return place
    const before = times.get(place.id) ?? 0
    times.set(place.id, before + 1)
    return before === 0 ? place : { ...place, id: `${place.id} ${before + 1}` }
  })
}

// A row that tells no instant is where it came: at that of the row before it. The first ones of a page are at the edge,
// unless the page begins before that.
const placed = (found: ReadonlyArray<RowPosition>, edge: number): ReadonlyArray<RowPosition> => {
  if (found.every(({ at }) => at !== unknownTime)) return found
  const next = found.find(({ at }) => at !== unknownTime)?.at ?? edge
  let at = Math.max(unknownTime, Math.min(next, edge))
  return found.map((place) => {
    if (place.at === unknownTime) return { ...place, at }
    at = place.at
    return place
  })
}

/** Whether places are in order of creation. */
export const isAscending = (places: ReadonlyArray<RowPosition>): boolean =>
  places.every(({ at }, index) => index === 0 || at >= (places[index - 1]?.at ?? at))

/**
 * Whether a row was in the list when that was first asked for. `changes` tells whether rows come into the list and leave
 * it by being changed, as they do where it is filtered.
 */
export const existedAtStart = (
  { at, changed }: RowPosition,
  { since }: ScanState,
  changes: boolean
): boolean => at < since && (!changes || changed < since)

/** Whether all rows are here that were in the list when it was first asked for. */
export const isWhole = ({ first, settled }: ScanState): boolean => settled >= first

/** How many of the rows that were there throughout may be missing, at most. */
export const missing = ({ first, settled }: ScanState): number => Math.max(0, first - settled)

/** Whether the list is known to have changed since it was first asked for. */
export const listChanged = ({ first, late, latest, peak, received, settled }: ScanState): boolean =>
  latest !== first || peak !== first || late > 0 || received > settled

const edgeAt = (places: ReadonlyArray<RowPosition>, instant: number): ScanState["edge"] => {
  const ids = new Set<string>()
  for (const { at, id } of places) if (at === instant) ids.add(id)
  return { at: instant, ids, size: ids.size }
}

// The edge moves on, or more rows of its instant come.
const advance = (
  edge: ScanState["edge"],
  places: ReadonlyArray<RowPosition>,
  latest: number
): ScanState["edge"] => {
  if (latest > edge.at) return edgeAt(places, latest)
  for (const { at, id } of places) if (at === edge.at) edge.ids.add(id)
  return { ...edge, size: edge.ids.size }
}

const told = (reading: ScanState, { rows, total }: PageResult, since: number): ScanState => {
  const latest = { latest: total, peak: Math.max(reading.peak, total) }
  if (reading.page > 0) return { ...reading, ...latest }
  // A hub may give fewer items than were asked for: the size that came back is the page size.
  const isCut = rows.length > 0 && rows.length < Math.min(reading.limit, total)
  const size = isCut ? { limit: rows.length, widest: rows.length } : {}
  return { ...reading, ...latest, first: total, since, ...size }
}

// Gaps within one instant are one: whoever sees the rows of an instant sees them all, and the latest of the gaps knows
// what has come of them. Otherwise each would hold the rows of all before it.
const withGap = (gaps: ScanState["gaps"], gap: Gap): ScanState["gaps"] => {
  const last = Option.getOrUndefined(List.head(gaps))
  const isWithin = (one: Gap | undefined) => one?.from.at === gap.to.at && one.to.at === gap.to.at
  return List.isCons(gaps) && isWithin(gap) && isWithin(last)
    ? List.cons(gap, gaps.tail)
    : List.cons(gap, gaps)
}

/** A row that had not come before, and its place on the page. */
export interface NewRows {
  readonly row: unknown
  readonly index: number
}

/**
 * Takes the next page in: what is new on it, and the reading with it. `since` is the hub's time of the answer, a little
 * earlier for its rounding.
 */
export const ingestPage = (
  before: ScanState,
  answer: PageResult,
  since: number,
  changes: boolean
): { readonly fresh: ReadonlyArray<NewRows>; readonly reading: ScanState } => {
  const { rows, total } = answer
  const offset = before.page * before.limit
  const { edge } = before
  const found = placesOf(rows, changes)
  const standing = placed(found, edge.at)
  const isSorted = isAscending(standing)
  // A hub that does not sort shows it on the first page: then the order says nothing, and ids alone tell what is new.
  const isOrdered = before.isOrdered && (before.page > 0 || isSorted)
  const places = isOrdered ? standing : found.map((place) => ({ ...place, at: unknownTime }))
  const reading = told(before, answer, since)

  const onPage = new Set<string>()
  const fresh: Array<NewRows> = []
  const isNew = ({ at, id }: RowPosition) => at > edge.at || (at === edge.at && !edge.ids.has(id))
  let settled = before.settled
  places.forEach((place, index) => {
    if (onPage.has(place.id) || !isNew(place)) return
    onPage.add(place.id)
    fresh.push({ row: rows[index], index })
    const there = standing[index]
    if (there !== undefined && existedAtStart(there, reading, changes)) settled++
  })

  let latest = Number.NEGATIVE_INFINITY
  for (const { at } of places) if (at > latest) latest = at
  // Where a page begins is told by a row that tells its instant.
  let earliest = Number.POSITIVE_INFINITY
  for (const { at } of found) if (isOrdered && at !== unknownTime && at < earliest) earliest = at
  if (earliest === Number.POSITIVE_INFINITY && rows.length > 0) earliest = unknownTime
  const isApart = before.page > 0 && total > 0 && earliest >= edge.at
  // A page out of order, and rows without an instant, prove nothing.
  const isVague = (isOrdered && !isSorted) || (isApart && places.some(({ at }) => at === unknownTime))
  // As long as something is missing, a page with more rows than there are left, or one that ends before what was read
  // already, is not the end.
  const isLikely = settled >= reading.first || (rows.length === total - offset && latest >= edge.at)
  const isEnd = rows.length > 0 && rows.length >= total - offset && isLikely
  const ids = `${places[0]?.id} ${places.at(-1)?.id}`
  return {
    fresh,
    reading: {
      ...reading,
      page: before.page + 1,
      received: before.received + fresh.length,
      settled,
      late: before.late + rows.length - fresh.length,
      hasEnded: total === 0 || isEnd,
      isVague: before.isVague || isVague,
      isOrdered,
      edge: advance(edge, places, latest),
      gaps:
        isApart && !isVague
          ? withGap(before.gaps, { from: edge, to: edgeAt(places, earliest), offset })
          : before.gaps,
      again: { ids, times: ids === before.again.ids && fresh.length === 0 ? before.again.times + 1 : 0 }
    }
  }
}
