// What is known about a list while its pages are read, oldest row first.
//
// Why a list is known to be complete:
//  1. The API has `page`, `limit` and `total`, and no cursor. Lists are read sorted by `createdAt`, oldest first.
//  2. A row that stays in the list keeps its place relative to the others: creation times do not change.
//  3. A row deleted during the scan moves later rows towards the start, so that a page may miss some of them. A row
//     that enters the list moves later rows towards the end, so that some of them arrive twice.
//  4. A page is a window: each row that stays in the list and was created after the page's first row and before its
//     last one is on the page. (Rows created at the same instant may change places.)
//  5. Two windows that do not overlap leave a gap between them, where rows may have been missed.
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
  /** Rows per page: the length of the first page, if the hub returns fewer rows than requested. */
  readonly pageSize: number
  /** The largest page that the hub is known to return. */
  readonly maxPageSize: number
  /** The number of the page read last; 0 before the first. */
  readonly page: number
  /** The length of the list in the first response, in the latest one, and the largest of all. */
  readonly firstTotal: number
  readonly latestTotal: number
  readonly maxTotal: number
  /** The time of the first response, in epoch milliseconds: rows created later do not belong to the snapshot. */
  readonly snapshotTime: number
  readonly received: number
  /** How many of the received rows belong to the snapshot. */
  readonly receivedFromSnapshot: number
  /** Rows received again, or created before rows of earlier pages. */
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

// A page of one or two rows cannot cover both ends of a gap.
const minMaxPageSize = 20

/** The state before the first page. */
export const begin = (pageSize: number): ScanState => ({
  pageSize,
  maxPageSize: Math.max(pageSize, minMaxPageSize),
  page: 0,
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
  const millis = typeof value === "string" ? Date.parse(value) : Number.NaN
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

/** The position of an undecoded row. `membershipChanges`: whether updates add rows to the list or remove them. */
export const positionOf = (row: unknown, membershipChanges: boolean): RowPosition => ({
  id: idOf(row) ?? contentId(row),
  createdAt: Predicate.isRecord(row) ? parseTime(row.createdAt) : unknownTime,
  // Parsing dates is the most expensive part of a row, so this one is parsed only where it is used.
  updatedAt: membershipChanges && Predicate.isRecord(row) ? parseTime(row.updatedAt) : unknownTime
})

// Equal rows without an id are numbered: they are different rows of one page.
const positionsOf = (
  rows: ReadonlyArray<unknown>,
  membershipChanges: boolean
): ReadonlyArray<RowPosition> => {
  const counts = new Map<string, number>()
  return rows.map((row) => {
    const position = positionOf(row, membershipChanges)
    if (idOf(row) !== undefined) return position
    const count = (counts.get(position.id) ?? 0) + 1
    counts.set(position.id, count)
    return count === 1 ? position : { ...position, id: `${position.id} ${count}` }
  })
}

// A row without a creation time gets that of the row before it. The first rows of a page get the edge, or the first
// known time of the page if that is earlier.
const inferTimes = (positions: ReadonlyArray<RowPosition>, edge: number): ReadonlyArray<RowPosition> => {
  if (positions.every(({ createdAt }) => createdAt !== unknownTime)) return positions
  const firstKnown = positions.find(({ createdAt }) => createdAt !== unknownTime)?.createdAt ?? edge
  let previous = Math.max(unknownTime, Math.min(firstKnown, edge))
  return positions.map((position) => {
    if (position.createdAt === unknownTime) return { ...position, createdAt: previous }
    previous = position.createdAt
    return position
  })
}

/** Whether positions are in order of creation. */
export const isAscending = (positions: ReadonlyArray<RowPosition>): boolean =>
  positions.every(
    ({ createdAt }, index) => index === 0 || createdAt >= (positions[index - 1]?.createdAt ?? createdAt)
  )

/** Whether a row belongs to the snapshot: it was in the list when the first response was sent. */
export const existedAtStart = (
  { createdAt, updatedAt }: RowPosition,
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

const edgeAt = (positions: ReadonlyArray<RowPosition>, time: number): ScanState["edge"] => {
  const ids = new Set<string>()
  for (const { createdAt, id } of positions) if (createdAt === time) ids.add(id)
  return { createdAt: time, ids, size: ids.size }
}

const advanceEdge = (
  edge: ScanState["edge"],
  positions: ReadonlyArray<RowPosition>,
  latest: number
): ScanState["edge"] => {
  if (latest > edge.createdAt) return edgeAt(positions, latest)
  for (const { createdAt, id } of positions) if (createdAt === edge.createdAt) edge.ids.add(id)
  return { ...edge, size: edge.ids.size }
}

// The totals of the list, and after the first page its size and the snapshot.
const withTotals = (state: ScanState, { rows, total }: PageResult, time: number): ScanState => {
  const totals = { latestTotal: total, maxTotal: Math.max(state.maxTotal, total) }
  if (state.page > 0) return { ...state, ...totals }
  // A hub may return fewer rows than requested: the length of the page is the page size then.
  const isShort = rows.length > 0 && rows.length < Math.min(state.pageSize, total)
  const size = isShort ? { pageSize: rows.length, maxPageSize: rows.length } : {}
  return { ...state, ...totals, firstTotal: total, snapshotTime: time, ...size }
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

/** A row that was not received before, undecoded, and its index on the page. */
export interface NewRow {
  readonly row: unknown
  readonly index: number
}

interface LocatedRows {
  /** As the rows state them. */
  readonly stated: ReadonlyArray<RowPosition>
  /** With missing creation times filled in. */
  readonly inferred: ReadonlyArray<RowPosition>
  /** For comparison with other pages: without creation times if the hub does not sort. */
  readonly positions: ReadonlyArray<RowPosition>
  readonly isSorted: boolean
  readonly isOrdered: boolean
}

const locateRows = (
  { edge, isOrdered, page }: ScanState,
  rows: ReadonlyArray<unknown>,
  membershipChanges: boolean
): LocatedRows => {
  const stated = positionsOf(rows, membershipChanges)
  const inferred = inferTimes(stated, edge.createdAt)
  const isSorted = isAscending(inferred)
  // An unsorted first page shows that the hub does not sort: then only ids show which rows are new.
  const isListOrdered = isOrdered && (page > 0 || isSorted)
  const positions = isListOrdered
    ? inferred
    : stated.map((position) => ({ ...position, createdAt: unknownTime }))
  return { stated, inferred, positions, isSorted, isOrdered: isListOrdered }
}

// The rows after the edge, and those at the edge that were not received yet.
const deduplicate = (
  { edge }: ScanState,
  rows: ReadonlyArray<unknown>,
  { positions }: LocatedRows
): ReadonlyArray<NewRow> => {
  const idsOnPage = new Set<string>()
  const newRows: Array<NewRow> = []
  positions.forEach(({ createdAt, id }, index) => {
    const isNew = createdAt > edge.createdAt || (createdAt === edge.createdAt && !edge.ids.has(id))
    if (!isNew || idsOnPage.has(id)) return
    idsOnPage.add(id)
    newRows.push({ row: rows[index], index })
  })
  return newRows
}

const earliestTime = ({ isOrdered, stated }: LocatedRows): number => {
  let earliest = Number.POSITIVE_INFINITY
  if (isOrdered) {
    for (const { createdAt } of stated) {
      if (createdAt !== unknownTime && createdAt < earliest) earliest = createdAt
    }
  }
  return earliest === Number.POSITIVE_INFINITY && stated.length > 0 ? unknownTime : earliest
}

// The gap between the rows received so far and this page. It is unknown where the page is not in order, or where rows
// without a creation time make its ends uncertain.
const detectGap = (
  { edge, page, pageSize }: ScanState,
  located: LocatedRows,
  total: number
): Gap | "unknown" | undefined => {
  if (located.isOrdered && !located.isSorted) return "unknown"
  const earliest = earliestTime(located)
  if (page === 0 || total === 0 || earliest < edge.createdAt) return undefined
  return located.positions.some(({ createdAt }) => createdAt === unknownTime)
    ? "unknown"
    : { from: edge, to: edgeAt(located.positions, earliest), offset: page * pageSize }
}

// The length of a page says whether it is the last one. While rows of the snapshot are missing, a page that is longer
// than expected or lies before the edge is not believed to be the last.
const detectEnd = (
  { edge, page, pageSize }: ScanState,
  { rows, total }: PageResult,
  latest: number,
  isSnapshotComplete: boolean
): boolean => {
  const remaining = total - page * pageSize
  const isPlausible = isSnapshotComplete || (rows.length === remaining && latest >= edge.createdAt)
  return total === 0 || (rows.length > 0 && rows.length >= remaining && isPlausible)
}

/**
 * The state after the next page, and the rows of the page that are new. `responseTime` is the hub's time of the
 * response in epoch milliseconds, or somewhat earlier where it is not known exactly.
 */
export const ingestPage = (
  before: ScanState,
  result: PageResult,
  responseTime: number,
  membershipChanges: boolean
): { readonly newRows: ReadonlyArray<NewRow>; readonly state: ScanState } => {
  const { rows, total } = result
  const located = locateRows(before, rows, membershipChanges)
  const { inferred, isOrdered, positions } = located
  const state = withTotals(before, result, responseTime)

  const newRows = deduplicate(before, rows, located)
  let { receivedFromSnapshot } = before
  for (const { index } of newRows) {
    const position = inferred[index]
    if (position !== undefined && existedAtStart(position, state, membershipChanges)) receivedFromSnapshot++
  }

  let latest = Number.NEGATIVE_INFINITY
  for (const { createdAt } of positions) if (createdAt > latest) latest = createdAt
  const gap = detectGap(before, located, total)
  const ids = `${positions[0]?.id} ${positions.at(-1)?.id}`
  const isSamePage = ids === before.samePage.ids && newRows.length === 0
  return {
    newRows,
    state: {
      ...state,
      page: before.page + 1,
      received: before.received + newRows.length,
      receivedFromSnapshot,
      repeated: before.repeated + rows.length - newRows.length,
      hasEnded: detectEnd(before, result, latest, receivedFromSnapshot >= state.firstTotal),
      isOrdered,
      edge: advanceEdge(before.edge, positions, latest),
      gaps: gap === undefined || gap === "unknown" ? before.gaps : addGap(before.gaps, gap),
      hasUnknownGap: before.hasUnknownGap || gap === "unknown",
      samePage: { ids, times: isSamePage ? before.samePage.times + 1 : 0 }
    }
  }
}
