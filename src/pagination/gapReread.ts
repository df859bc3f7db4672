// Reads the gaps between the pages of a changed list again. Each is read through a page that reaches over both of its
// ends: such a page shows every row of the gap.
import * as Effect from "effect/Effect"
import * as List from "effect/List"
import type { CallError } from "../errors/AngoError.js"
import {
  type Edge,
  existedAtStart,
  type Gap,
  isAscending,
  isComplete,
  minMaxPageSize,
  type NewRows,
  type PageResult,
  positionOf,
  type RowPosition,
  type ScanState,
  unknownTime
} from "./completeness.js"

// How often one gap is read at a place where it is not.
const maxMisses = 8

/** The remaining part of a gap (creation times, both ends included), and where in the list it is expected. */
interface Span {
  readonly from: number
  readonly to: number
  /** The expected index in the list. */
  readonly index: number
  /** The index at which the gap was when it was found. */
  readonly originalIndex: number
  readonly misses: number
}

/** The rows that one request found, the state after it, and whether gaps remain that cannot be covered. */
export interface GapStep {
  readonly newRows: NewRows
  readonly state: ScanState
  readonly isUnresolved: boolean
}

/** A page, and the creation times between which (ends excluded) it shows every row. */
interface Window {
  readonly from: number
  readonly to: number
  readonly startIndex: number
  readonly endIndex: number
}

/**
 * The number and size of the page that has `index` nearest to its middle. Sizes range from half of the usual page
 * size to the largest that the hub returns. For index 0 it is the first page.
 */
export const pageAround = (
  index: number,
  { maxPageSize, pageSize }: Pick<ScanState, "maxPageSize" | "pageSize">
): { readonly page: number; readonly size: number } => {
  let best = { page: 1, size: maxPageSize, margin: Math.min(index, maxPageSize - index) }
  for (let size = maxPageSize; size >= Math.max(2, Math.ceil(pageSize / 2)); size--) {
    const pagesBefore = Math.floor((index - 1) / size)
    const margin = Math.min(index - pagesBefore * size, (pagesBefore + 1) * size - index)
    if (margin > best.margin) best = { page: pagesBefore + 1, size, margin }
  }
  return best
}

// Whether the hub limited the page size, in which case it counts pages by that size. The last page of a list is
// short as well: it is the last if the hub has returned at least `size` rows at once before.
const isSizeLimited = (
  count: number,
  largestCount: number,
  { page, size, total }: { readonly page: number; readonly size: number; readonly total: number }
): boolean => {
  const isLastPage = size <= largestCount && count === total - (page - 1) * size
  return count < size && page * count < total && !isLastPage
}

// The place of a row without a creation time is unknown, unless all rows of the page lack one, or the page is
// the first.
const hasReliableOrder = (positions: ReadonlyArray<RowPosition>, startIndex: number): boolean =>
  isAscending(positions.map(({ createdAt }) => createdAt)) &&
  (startIndex === 0 || positions[0]?.createdAt !== unknownTime || positions.at(-1)?.createdAt === unknownTime)

const windowOf = (positions: ReadonlyArray<RowPosition>, startIndex: number, total: number): Window => {
  const endIndex = startIndex + positions.length
  const first = positions.find(({ createdAt }) => createdAt !== unknownTime) ?? positions[0]
  return {
    startIndex,
    endIndex,
    from: startIndex === 0 ? Number.NEGATIVE_INFINITY : (first?.createdAt ?? Number.POSITIVE_INFINITY),
    to:
      endIndex === total
        ? Number.POSITIVE_INFINITY
        : (positions.at(-1)?.createdAt ?? Number.NEGATIVE_INFINITY)
  }
}

// What a window leaves of a span: nothing, one part or two.
const subtract = (span: Span, { endIndex, from, startIndex, to }: Window): ReadonlyArray<Span> => {
  if (from >= span.to || to <= span.from) return [span]
  const hasPartBefore = from >= span.from && Number.isFinite(from)
  const hasPartAfter = to <= span.to && Number.isFinite(to)
  return [
    ...(hasPartBefore ? [{ ...span, to: from, index: Math.max(1, startIndex), misses: 0 }] : []),
    ...(hasPartAfter ? [{ ...span, from: to, index: endIndex, misses: 0 }] : [])
  ]
}

// The last gap that begins at a time or before it, by binary search: gaps are in order.
const gapBefore = (gaps: ReadonlyArray<Gap>, time: number): Gap | undefined => {
  let low = 0
  let high = gaps.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((gaps[middle]?.from.createdAt ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1
    else high = middle
  }
  return gaps[low - 1]
}

const idsOf = (edge: Edge): ReadonlyArray<string> => Array.from(edge.ids).slice(0, edge.size)

/** The position of a scan of gaps. */
interface Cursor {
  /** The most rows that the hub has returned at once. */
  readonly largestCount: number
  readonly requests: number
  readonly state: ScanState
  readonly spans: ReadonlyArray<Span>
}

/** How a page of any size is requested. */
export interface GapReader {
  readonly read: (page: number, limit: number) => Effect.Effect<PageResult, CallError>
  /** A smaller size to ask for after this error; absent if it has another reason. */
  readonly smaller: (size: number, error: CallError) => number | undefined
}

// A page that reaches over both ends of a gap need not be much longer than the pages between which it is.
const withLimitedSize = (state: ScanState, pageSize: number): ScanState => ({
  ...state,
  pageSize,
  maxPageSize: Math.min(state.maxPageSize, Math.max(minMaxPageSize, 2 * pageSize))
})

/**
 * Reads the gaps of a list one after the other, until none remains or no row of the snapshot is missing. Each run of the
 * returned effect sends one request, or returns nothing at the end.
 */
export const scanGaps = (
  end: ScanState,
  { read, smaller }: GapReader,
  membershipChanges: boolean
): Effect.Effect<GapStep | undefined, CallError> => {
  const start = withLimitedSize(end, end.pageSize)
  // Only its length showed that the last page was the last. So the range after it is read like a gap.
  const listEnd = { createdAt: Number.POSITIVE_INFINITY, ids: new Set<string>(), size: 0 }
  const gapsInOrder = Array.from(List.reverse(start.gaps))
  const gaps =
    gapsInOrder.at(-1)?.to.createdAt === listEnd.createdAt
      ? gapsInOrder
      : [...gapsInOrder, { from: start.edge, to: listEnd, offset: start.latestTotal }]
  const maxRequests = gaps.length * 3 + maxMisses

  // The received rows in the gaps, by creation time: some at the ends, none between them at first.
  const receivedIds = new Map<number, Set<string>>()
  const addReceived = (createdAt: number, ids: ReadonlyArray<string>) => {
    const received = receivedIds.get(createdAt) ?? new Set()
    receivedIds.set(createdAt, received)
    for (const id of ids) received.add(id)
  }
  for (const { from, to } of gaps) {
    addReceived(from.createdAt, idsOf(from))
    addReceived(to.createdAt, idsOf(to))
  }
  const isMissing = ({ createdAt, id }: RowPosition): boolean => {
    const gap = gapBefore(gaps, createdAt)
    return gap !== undefined && createdAt <= gap.to.createdAt && receivedIds.get(createdAt)?.has(id) !== true
  }

  const edgeAt = (createdAt: number): Edge => {
    const ids = receivedIds.get(createdAt) ?? new Set()
    return { createdAt, ids, size: ids.size }
  }
  const toGaps = (spans: ReadonlyArray<Span>): List.List<Gap> =>
    List.reverse(
      List.fromIterable(
        spans.map(({ from, index, to }) => ({ from: edgeAt(from), to: edgeAt(to), offset: index }))
      )
    )

  // The span after a request that missed it. How far the window's rows have moved since the scan says where to look
  // next.
  const relocate = (span: Span, window: Window): Span => {
    const gap = gapBefore(gaps, window.from)
    const estimate =
      gap === undefined ? span.originalIndex : window.startIndex + span.originalIndex - gap.offset
    const index =
      window.to <= span.from ? Math.max(estimate, window.endIndex) : Math.min(estimate, window.startIndex)
    return { ...span, index: Math.max(1, index), misses: span.misses + 1 }
  }

  // Rows after the last page are received here as well: a scan that resumes must know them.
  const advanceEdge = (edge: ScanState["edge"], latest: number): ScanState["edge"] => {
    if (latest < edge.createdAt) return edge
    const ids = new Set([
      ...(latest === edge.createdAt ? idsOf(edge) : []),
      ...(receivedIds.get(latest) ?? [])
    ])
    return { createdAt: latest, ids, size: ids.size }
  }

  const ingest = (before: ScanState, { rows, total }: PageResult, startIndex: number) => {
    const positions = rows.map((row) => positionOf(row, membershipChanges))
    const isUnreliable = !hasReliableOrder(positions, startIndex)
    const indices: Array<number> = []
    let { receivedFromSnapshot } = before
    let latest = Number.NEGATIVE_INFINITY
    positions.forEach((position, index) => {
      const { createdAt, id, updatedAt } = position
      if (!isMissing(position) || (isUnreliable && createdAt === unknownTime)) return
      addReceived(createdAt, [id])
      indices.push(index)
      latest = Math.max(latest, createdAt)
      if (existedAtStart(createdAt, updatedAt, before, membershipChanges)) receivedFromSnapshot++
    })
    return {
      positions,
      newRows: { rows: indices.map((index) => rows[index]), indices },
      isUnreliable,
      state: {
        ...before,
        latestTotal: total,
        maxTotal: Math.max(before.maxTotal, total),
        received: before.received + indices.length,
        receivedFromSnapshot,
        edge: advanceEdge(before.edge, latest)
      }
    }
  }

  const ingestGap = (
    { largestCount, requests, spans, state: before }: Cursor,
    span: Span,
    { page, size }: { readonly page: number; readonly size: number },
    result: PageResult
  ): readonly [step: GapStep, next: Cursor | undefined] => {
    const count = result.rows.length
    const actualSize = Math.max(1, count)
    const isLimited = isSizeLimited(count, largestCount, { page, size, total: result.total })
    const startIndex = (page - 1) * (isLimited ? actualSize : size)
    const sized = isLimited ? { ...before, maxPageSize: actualSize } : before
    const { isUnreliable, newRows, positions, state } = ingest(sized, result, startIndex)

    const window = windowOf(positions, startIndex, result.total)
    const uncovered = spans.flatMap((one) => subtract(one, window))
    const isMiss = uncovered[0] === span
    const remaining = isMiss ? [relocate(span, window), ...uncovered.slice(1)] : uncovered
    // In an unfiltered list rows are added at the end only: all rows were received when the count equals the total.
    const isShort = remaining.length === 0 && !membershipChanges && state.received < state.latestTotal
    const nextSpans = isUnreliable ? spans : isShort ? spans.slice(-1) : remaining

    const isGivenUp = isUnreliable || requests + 1 >= maxRequests || (isMiss && span.misses + 1 >= maxMisses)
    const isOver = isGivenUp || nextSpans.length === 0 || isComplete(state)
    // Gaps are written where a checkpoint may be taken only, since a long list has many. The earlier ones stay valid.
    const after = newRows.rows.length > 0 || isOver ? { ...state, gaps: toGaps(nextSpans) } : state
    return [
      { newRows, state: after, isUnresolved: isGivenUp && nextSpans.length > 0 && !isComplete(state) },
      isOver
        ? undefined
        : {
            largestCount: Math.max(largestCount, count),
            requests: requests + 1,
            state: after,
            spans: nextSpans
          }
    ]
  }

  const spans = gaps.map(({ from, offset, to }) => ({
    from: from.createdAt,
    to: to.createdAt,
    index: Math.max(1, offset),
    originalIndex: offset,
    misses: 0
  }))
  let cursor: Cursor | undefined = {
    largestCount: start.firstTotal < start.pageSize ? 0 : start.pageSize,
    requests: 0,
    state: start,
    spans
  }

  const next: Effect.Effect<GapStep | undefined, CallError> = Effect.suspend(() => {
    const current = cursor
    const span = current?.spans[0]
    if (current === undefined || span === undefined) return Effect.succeed(undefined)
    const { state } = current
    const request = pageAround(Math.min(span.index, state.latestTotal), state)
    return Effect.matchEffect(read(request.page, request.size), {
      onFailure: (error) => {
        const size = smaller(request.size, error)
        if (size === undefined) return Effect.fail(error)
        cursor = {
          ...current,
          state: withLimitedSize({ ...state, maxPageSize: size }, Math.min(state.pageSize, size))
        }
        return next
      },
      onSuccess: (result) => {
        const [step, following] = ingestGap(current, span, request, result)
        cursor = following
        return Effect.succeed(step)
      }
    })
  })
  return next
}
