// What is known about a list while its pages are read, oldest row first.
//
// Why a list is known to be complete:
//  1. The API has `page`, `limit` and `total`, and no cursor. Lists are read sorted by `createdAt`, oldest first.
//  2. A row that stays in the list keeps its place relative to the others: creation times do not change.
//  3. A row deleted during the scan moves later rows towards the start, so that a page may miss some of them. A row
//     that enters the list moves later rows towards the end, so that some of them arrive twice.
//  4. A page is a window: each row that stays in the list and was created after the page's first row and before its
//     last one is on the page. (Rows created at the same instant may change places.)
//  5. Two windows that do not overlap leave a gap between them, where rows may have been missed. It does not matter how
//     long they are: what a page shows is judged by its rows, never by the place that was asked for. So the page size may
//     change at any page. The next page then begins where the last one ended, or before it (pageQueue.ts), and rows that
//     were received before are dropped.
//  6. The first response states how many rows the list had then: the snapshot. A received row belongs to the snapshot
//     if it was created (in a filtered list also: updated last) before that response.
//  7. The list is complete when as many rows of the snapshot were received as its total says. Gaps do not matter then.
//  8. Otherwise each gap is read again through pages that reach over both of its ends (gapReread.ts). The list is
//     complete when no gap remains; a gap that cannot be covered fails the list with `IncompleteListing`.

import * as Either from "effect/Either"
import * as Hash from "effect/Hash"
import * as List from "effect/List"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { parseIsoTime } from "../utils/isoTime.js"

/** The rows of one page, and the length of the whole list. */
export interface PageResult {
  readonly rows: ReadonlyArray<unknown>
  readonly total: number
  /** The hub's time of the response, in epoch milliseconds, if it is known. */
  readonly respondedAt?: number
}

/** What determines the place of a row in its list. */
export interface RowPosition {
  readonly id: string
  /** In epoch milliseconds; {@link unknownTime} when the row has none. */
  readonly createdAt: number
  /** In epoch milliseconds; {@link unknownTime} where updates neither add rows to the list nor remove them. */
  readonly updatedAt: number
}

/** The time of a row that states none. The hub sorts such rows first. */
export const unknownTime = Number.MIN_SAFE_INTEGER

/** A creation time, and the ids of the received rows of that time: the first `size` of a set that may grow later. */
export interface Edge {
  readonly createdAt: number
  readonly ids: ReadonlySet<string>
  readonly size: number
}

/** The range between two windows, both ends included. */
export interface Gap {
  readonly from: Edge
  readonly to: Edge
  /** The index in the list at which the gap ended. */
  readonly offset: number
}

/** The state of a scan after a page. It is immutable, except that the id set of `edge` grows. */
export interface ScanState {
  /** Rows per page, of the page read last: what it had, if the hub returned fewer rows than requested. */
  readonly pageSize: number
  /** The largest page that the hub is known to return. */
  readonly maxPageSize: number
  /** How many pages were read. */
  readonly page: number
  /** The index in the list at which the page read last ended. */
  readonly endIndex: number
  /** The length of the list in the first response, in the latest one, and the largest of all. */
  readonly firstTotal: number
  readonly latestTotal: number
  readonly maxTotal: number
  /** The time of the first response, in epoch milliseconds: rows created later do not belong to the snapshot. */
  readonly snapshotTime: number
  readonly received: number
  /** How many of the received rows belong to the snapshot. */
  readonly receivedFromSnapshot: number
  /** Rows received again that the windows do not explain, or created before rows of earlier pages. */
  readonly repeated: number
  /** Whether a page reached the end of the list. */
  readonly hasEnded: boolean
  /** Whether rows arrive in the order of their creation. */
  readonly isOrdered: boolean
  /** The latest creation time received. */
  readonly edge: Edge & { readonly ids: Set<string> }
  /** The gaps so far, the latest first. */
  readonly gaps: List.List<Gap>
  /** Whether there is a gap whose ends are unknown, so that only the count can show that the list is complete. */
  readonly hasUnknownGap: boolean
  /** The first and last id of the latest page, and how many times in a row the same page was returned again. */
  readonly samePage: { readonly ids: string; readonly times: number }
}

/** A page of one or two rows cannot cover both ends of a gap. */
export const minMaxPageSize = 20

/** The state before the first page. */
export const begin = (pageSize: number): ScanState => ({
  pageSize,
  maxPageSize: Math.max(pageSize, minMaxPageSize),
  page: 0,
  endIndex: 0,
  firstTotal: 0,
  latestTotal: 0,
  maxTotal: 0,
  snapshotTime: Number.POSITIVE_INFINITY,
  received: 0,
  receivedFromSnapshot: 0,
  repeated: 0,
  hasEnded: false,
  isOrdered: true,
  edge: { createdAt: Number.NEGATIVE_INFINITY, ids: new Set(), size: 0 },
  gaps: List.empty(),
  hasUnknownGap: false,
  samePage: { ids: "", times: 0 }
})

const parseTime = (value: unknown): number => {
  const millis = typeof value === "string" ? parseIsoTime(value) : Number.NaN
  return Number.isNaN(millis) ? unknownTime : millis
}

// The content identifies a row without an id. It is hashed because ids appear in errors and checkpoints.
const contentId = (row: unknown): string => {
  const text = Either.getOrElse(
    Either.try(() => String(JSON.stringify(row))),
    () => "nested too deeply"
  )
  return `without an id (${(Hash.string(text) >>> 0).toString(16)})`
}

const idOf = (row: unknown): string | undefined =>
  Predicate.isRecord(row) && typeof row._id === "string" ? row._id : undefined

const creationTime = (row: unknown): number =>
  Predicate.isRecord(row) ? parseTime(row.createdAt) : unknownTime

const updateTime = (row: unknown): number =>
  Predicate.isRecord(row) ? parseTime(row.updatedAt) : unknownTime

/** The position of an undecoded row. `membershipChanges`: whether updates add rows to the list or remove them. */
export const positionOf = (row: unknown, membershipChanges: boolean): RowPosition => ({
  id: idOf(row) ?? contentId(row),
  createdAt: creationTime(row),
  updatedAt: membershipChanges ? updateTime(row) : unknownTime
})

/** The rows of a page, as columns: an object per row would cost more than the rest of the proof. */
interface Located {
  readonly ids: ReadonlyArray<string>
  /** Creation times as the rows state them. */
  readonly stated: Float64Array
  /** With missing times filled in. */
  readonly inferred: Float64Array
  /** For comparison with other pages: all unknown if the hub does not sort. */
  readonly times: Float64Array
  readonly isSorted: boolean
  readonly isOrdered: boolean
}

// Equal rows without an id are numbered: they are different rows of one page.
const idsOf = (rows: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  return rows.map((row) => {
    const id = idOf(row)
    if (id !== undefined) return id
    const content = contentId(row)
    const count = (counts.get(content) ?? 0) + 1
    counts.set(content, count)
    return count === 1 ? content : `${content} ${count}`
  })
}

// A row without a creation time gets that of the row before it. The first rows of a page get the edge, or the first
// known time of the page if that is earlier.
const inferTimes = (stated: Float64Array, edge: number): Float64Array => {
  if (!stated.includes(unknownTime)) return stated
  const firstKnown = stated.find((time) => time !== unknownTime) ?? edge
  let previous = Math.max(unknownTime, Math.min(firstKnown, edge))
  return stated.map((time) => {
    if (time !== unknownTime) previous = time
    return previous
  })
}

/** Whether times are in order. */
export const isAscending = (times: ArrayLike<number>): boolean => {
  for (let index = 1; index < times.length; index++) {
    if ((times[index] ?? 0) < (times[index - 1] ?? 0)) return false
  }
  return true
}

/** Whether a row belongs to the snapshot: it was in the list when the first response was sent. */
export const existedAtStart = (
  createdAt: number,
  updatedAt: number,
  { snapshotTime }: ScanState,
  membershipChanges: boolean
): boolean => createdAt < snapshotTime && (!membershipChanges || updatedAt < snapshotTime)

/** Whether all rows of the snapshot were received. */
export const isComplete = ({ firstTotal, receivedFromSnapshot }: ScanState): boolean =>
  receivedFromSnapshot >= firstTotal

/** The most rows of the snapshot that may be missing. */
export const missing = ({ firstTotal, receivedFromSnapshot }: ScanState): number =>
  Math.max(0, firstTotal - receivedFromSnapshot)

/** Whether the list is known to have changed since the first response. */
export const listChanged = (state: ScanState): boolean =>
  state.latestTotal !== state.firstTotal ||
  state.maxTotal !== state.firstTotal ||
  state.repeated > 0 ||
  state.received > state.receivedFromSnapshot

const edgeAt = ({ ids, times }: Located, time: number): ScanState["edge"] => {
  const idsAtTime = new Set<string>()
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]
    if (id !== undefined && times[index] === time) idsAtTime.add(id)
  }
  return { createdAt: time, ids: idsAtTime, size: idsAtTime.size }
}

const advanceEdge = (edge: ScanState["edge"], located: Located, latest: number): ScanState["edge"] => {
  if (latest > edge.createdAt) return edgeAt(located, latest)
  if (latest < edge.createdAt) return edge
  for (const id of edgeAt(located, latest).ids) edge.ids.add(id)
  return { ...edge, size: edge.ids.size }
}

/** The part of a list that a page was asked for: its number, counted from 1 in pages of this size. */
export interface PageWindow {
  readonly page: number
  readonly size: number
}

/** The index in the list at which a window begins. */
export const startIndex = ({ page, size }: PageWindow): number => (page - 1) * size

// The totals of the list, the size of its pages, and after the first page the snapshot.
const withTotals = (
  state: ScanState,
  { rows, total }: PageResult,
  window: PageWindow,
  time: number
): ScanState => {
  const { size } = window
  const totals = { latestTotal: total, maxTotal: Math.max(state.maxTotal, total) }
  if (state.page > 0) {
    return {
      ...state,
      ...totals,
      pageSize: size,
      maxPageSize: Math.max(state.maxPageSize, rows.length),
      endIndex: Math.max(state.endIndex, window.page * size)
    }
  }
  // A hub may return fewer rows than requested: the length of the page is the page size then.
  const isShort = rows.length > 0 && rows.length < Math.min(size, total)
  const pageSize = isShort ? rows.length : size
  return {
    ...state,
    ...totals,
    firstTotal: total,
    snapshotTime: time,
    pageSize,
    maxPageSize: isShort ? pageSize : Math.max(pageSize, minMaxPageSize),
    endIndex: pageSize
  }
}

// The latest of consecutive gaps within one creation time replaces the one before it: its ids include those of that
// gap, and a page that shows the rows of that time shows all of them.
const addGap = (gaps: ScanState["gaps"], gap: Gap): ScanState["gaps"] => {
  const latest = Option.getOrUndefined(List.head(gaps))
  const isWithinInstant = (other: Gap | undefined) =>
    other?.from.createdAt === gap.to.createdAt && other.to.createdAt === gap.to.createdAt
  return List.isCons(gaps) && isWithinInstant(gap) && isWithinInstant(latest)
    ? List.cons(gap, gaps.tail)
    : List.cons(gap, gaps)
}

// Rows of the time at which the latest gap ends may come later, on a page that overlaps: those are received then.
const extendLatestGap = (
  gaps: ScanState["gaps"],
  { createdAt, ids, size }: Edge,
  located: Located
): ScanState["gaps"] => {
  const latest = Option.getOrUndefined(List.head(gaps))
  if (!List.isCons(gaps) || latest === undefined || latest.to.createdAt !== createdAt) return gaps
  const received = new Set([...Array.from(ids).slice(0, size), ...edgeAt(located, createdAt).ids])
  return List.cons({ ...latest, to: { createdAt, ids: received, size: received.size } }, gaps.tail)
}

/** Rows of one page that were not received before, undecoded. */
export interface NewRows {
  readonly rows: ReadonlyArray<unknown>
  /** The index of each row on its page; absent if these are all rows of the page. */
  readonly indices?: ReadonlyArray<number>
}

const locateRows = ({ edge, isOrdered, page }: ScanState, rows: ReadonlyArray<unknown>): Located => {
  const ids = idsOf(rows)
  const stated = new Float64Array(rows.length)
  for (let index = 0; index < rows.length; index++) stated[index] = creationTime(rows[index])
  const inferred = inferTimes(stated, edge.createdAt)
  const isSorted = isAscending(inferred)
  // An unsorted first page shows that the hub does not sort: then only ids show which rows are new.
  const isListOrdered = isOrdered && (page > 0 || isSorted)
  const times = isListOrdered ? inferred : new Float64Array(rows.length).fill(unknownTime)
  return { ids, stated, inferred, times, isSorted, isOrdered: isListOrdered }
}

// The indices of the rows after the edge, and of those at the edge that were not received yet.
const newIndices = ({ edge }: ScanState, { ids, times }: Located): ReadonlyArray<number> => {
  const idsOnPage = new Set<string>()
  const indices: Array<number> = []
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] ?? ""
    const createdAt = times[index] ?? unknownTime
    const isNew = createdAt > edge.createdAt || (createdAt === edge.createdAt && !edge.ids.has(id))
    if (!isNew || idsOnPage.has(id)) continue
    idsOnPage.add(id)
    indices.push(index)
  }
  return indices
}

const selectRows = (rows: ReadonlyArray<unknown>, indices: ReadonlyArray<number>): NewRows =>
  indices.length === rows.length ? { rows } : { rows: indices.map((index) => rows[index]), indices }

const earliestTime = ({ isOrdered, stated }: Located): number => {
  let earliest = Number.POSITIVE_INFINITY
  if (isOrdered) {
    for (const createdAt of stated)
      if (createdAt !== unknownTime && createdAt < earliest) earliest = createdAt
  }
  return earliest === Number.POSITIVE_INFINITY && stated.length > 0 ? unknownTime : earliest
}

// The gap between the rows received so far and this page. It is unknown where the page is not in order, or where rows
// without a creation time make its ends uncertain.
const detectGap = (
  { edge, page }: ScanState,
  located: Located,
  { start, total }: { readonly start: number; readonly total: number }
): Gap | "unknown" | undefined => {
  if (located.isOrdered && !located.isSorted) return "unknown"
  const earliest = earliestTime(located)
  if (page === 0 || total === 0 || earliest < edge.createdAt) return undefined
  return located.times.includes(unknownTime)
    ? "unknown"
    : { from: edge, to: edgeAt(located, earliest), offset: start }
}

// The length of a page says whether it is the last one. While rows of the snapshot are missing, a page that is longer
// than expected or lies before the edge is not believed to be the last. After an empty page behind the end only gaps remain.
const detectEnd = (
  { edge }: ScanState,
  { rows, total }: PageResult,
  { latest, start }: { readonly latest: number; readonly start: number },
  isSnapshotComplete: boolean
): boolean => {
  const remaining = total - start
  const isPlausible = isSnapshotComplete || (rows.length === remaining && latest >= edge.createdAt)
  if (total === 0 || rows.length === 0) return remaining <= 0
  return rows.length >= remaining && isPlausible
}

/**
 * The state after the next page, and the rows of the page that are new. `window` is what was asked for. `responseTime` is
 * the hub's time of the response in epoch milliseconds, or somewhat earlier where it is not known exactly.
 */
export const ingestPage = (
  before: ScanState,
  result: PageResult,
  window: PageWindow,
  responseTime: number,
  membershipChanges: boolean
): { readonly newRows: NewRows; readonly state: ScanState } => {
  const { rows, total } = result
  const located = locateRows(before, rows)
  const { ids, inferred, isOrdered, times } = located
  const state = withTotals(before, result, window, responseTime)

  const indices = newIndices(before, located)
  let { receivedFromSnapshot } = before
  for (const index of indices) {
    const createdAt = inferred[index] ?? unknownTime
    const updatedAt = membershipChanges ? updateTime(rows[index]) : unknownTime
    if (existedAtStart(createdAt, updatedAt, state, membershipChanges)) receivedFromSnapshot++
  }

  let latest = Number.NEGATIVE_INFINITY
  for (const createdAt of times) if (createdAt > latest) latest = createdAt
  const start = startIndex(window)
  const gap = detectGap(before, located, { start, total })
  const overlap = Math.max(0, before.endIndex - start)
  const firstAndLast = `${ids[0]} ${ids.at(-1)}`
  const isSamePage = firstAndLast === before.samePage.ids && indices.length === 0
  return {
    newRows: selectRows(rows, indices),
    state: {
      ...state,
      page: before.page + 1,
      received: before.received + indices.length,
      receivedFromSnapshot,
      repeated: before.repeated + Math.max(0, rows.length - indices.length - overlap),
      hasEnded: detectEnd(before, result, { latest, start }, receivedFromSnapshot >= state.firstTotal),
      isOrdered,
      gaps:
        gap === undefined || gap === "unknown"
          ? extendLatestGap(before.gaps, before.edge, located)
          : addGap(before.gaps, gap),
      edge: advanceEdge(before.edge, located, latest),
      hasUnknownGap: before.hasUnknownGap || gap === "unknown",
      samePage: { ids: firstAndLast, times: isSamePage ? before.samePage.times + 1 : 0 }
    }
  }
}
