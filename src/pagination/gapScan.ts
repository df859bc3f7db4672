// The gaps between the pages of a list that changed while it was read: each is looked at again, through a page that
// reaches over both of its ends. What is on such a page is all that is there.
import * as Effect from "effect/Effect"
import * as List from "effect/List"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CallError } from "../errors/AngoError.js"
import {
  type Edge,
  existedAtStart,
  type Gap,
  isAscending,
  isWhole,
  type NewRows,
  type PageResult,
  positionOf,
  type RowPosition,
  type ScanState,
  unknownTime
} from "./scanState.js"

// How often a gap is looked for where it is not.
const misses = 8

/** What is left of a gap, and where in the list it is thought to be. */
interface Span {
  readonly from: number
  readonly to: number
  readonly at: number
  /** Where it was when the list was read. */
  readonly offset: number
  readonly misses: number
}

/** A look at the list: rows that were missing, what is known after it, and whether gaps are left that cannot be seen. */
export interface Look {
  readonly fresh: ReadonlyArray<NewRows>
  readonly reading: ScanState
  readonly isLost: boolean
}

/** A run of the list: every row between its ends, these not included, is on it. */
interface Window {
  readonly from: number
  readonly to: number
  readonly offset: number
  readonly end: number
}

/**
 * A page that has the place `at` as near to its middle as can be: its number and its size, from half of the usual one
 * to the widest. The first page when `at` is the beginning.
 */
export const pageAround = (
  at: number,
  { limit, widest }: Pick<ScanState, "limit" | "widest">
): { readonly page: number; readonly size: number } => {
  let best = { page: 1, size: widest, margin: Math.min(at, widest - at) }
  for (let size = widest; size >= Math.max(2, Math.ceil(limit / 2)); size--) {
    const before = Math.floor((at - 1) / size)
    const margin = Math.min(at - before * size, (before + 1) * size - at)
    if (margin > best.margin) best = { page: before + 1, size, margin }
  }
  return best
}

// A hub that gives fewer rows than it was asked for counts its pages by those. The last page of a list is short as well:
// it is the end, when the hub has given as many rows at once before as were asked for now.
const isCutTo = (
  count: number,
  given: number,
  { page, size, total }: { readonly page: number; readonly size: number; readonly total: number }
): boolean => {
  const isEnd = size <= given && count === total - (page - 1) * size
  return count < size && page * count < total && !isEnd
}

// Where a row without an instant belongs is not known, unless they all are such, or come first of all.
const isSure = (places: ReadonlyArray<RowPosition>, offset: number): boolean =>
  isAscending(places) && (offset === 0 || places[0]?.at !== unknownTime || places.at(-1)?.at === unknownTime)

const windowOf = (places: ReadonlyArray<RowPosition>, offset: number, total: number): Window => {
  const end = offset + places.length
  const first = places.find(({ at }) => at !== unknownTime) ?? places[0]
  return {
    offset,
    end,
    from: offset === 0 ? Number.NEGATIVE_INFINITY : (first?.at ?? Number.POSITIVE_INFINITY),
    to: end === total ? Number.POSITIVE_INFINITY : (places.at(-1)?.at ?? Number.NEGATIVE_INFINITY)
  }
}

// What of a span a window does not show: nothing, one part or two. Before the first row and behind the last is nothing.
const without = (span: Span, { end, from, offset, to }: Window): ReadonlyArray<Span> => {
  if (from >= span.to || to <= span.from) return [span]
  const isBefore = from >= span.from && Number.isFinite(from)
  const isBehind = to <= span.to && Number.isFinite(to)
  return [
    ...(isBefore ? [{ ...span, to: from, at: Math.max(1, offset), misses: 0 }] : []),
    ...(isBehind ? [{ ...span, from: to, at: end, misses: 0 }] : [])
  ]
}

// The last gap that begins at an instant or before it: gaps are in order.
const gapBefore = (gaps: ReadonlyArray<Gap>, instant: number): Gap | undefined => {
  let low = 0
  let high = gaps.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((gaps[middle]?.from.at ?? Number.POSITIVE_INFINITY) <= instant) low = middle + 1
    else high = middle
  }
  return gaps[low - 1]
}

const idsOf = (edge: Edge): ReadonlyArray<string> => Array.from(edge.ids).slice(0, edge.size)

/**
 * Looks at the gaps of a reading, one after the other, until there is none or nothing more is missing. `read` answers
 * for a page of a size of its own.
 */
export const scanGaps = (
  start: ScanState,
  read: (page: number, limit: number) => Effect.Effect<PageResult, CallError>,
  changes: boolean
): Stream.Stream<Look, CallError> => {
  // What was read last looks like the end of the list, as told by its length alone: the end is looked at as well.
  const end = { at: Number.POSITIVE_INFINITY, ids: new Set<string>(), size: 0 }
  const between = Array.from(List.reverse(start.gaps))
  const gaps =
    between.at(-1)?.to.at === end.at
      ? between
      : [...between, { from: start.edge, to: end, offset: start.latest }]
  // Nobody may read the list for ever: some more looks than it has gaps.
  const most = gaps.length * 3 + misses

  // Of the ends of gaps some rows have been received, of what is between them none.
  const received = new Map<number, Set<string>>()
  const receive = (at: number, ids: ReadonlyArray<string>) => {
    const known = received.get(at) ?? new Set()
    received.set(at, known)
    for (const id of ids) known.add(id)
  }
  for (const { from, to } of gaps) {
    receive(from.at, idsOf(from))
    receive(to.at, idsOf(to))
  }
  const isMissing = ({ at, id }: RowPosition): boolean => {
    const gap = gapBefore(gaps, at)
    return gap !== undefined && at <= gap.to.at && received.get(at)?.has(id) !== true
  }

  const edgeAt = (at: number): Edge => {
    const ids = received.get(at) ?? new Set()
    return { at, ids, size: ids.size }
  }
  const gapsOf = (spans: ReadonlyArray<Span>): List.List<Gap> =>
    List.reverse(
      List.fromIterable(spans.map(({ at, from, to }) => ({ from: edgeAt(from), to: edgeAt(to), offset: at })))
    )

  // The window's own place tells how far the list has shifted since it was read.
  const elsewhere = (span: Span, window: Window): Span => {
    const known = gapBefore(gaps, window.from)
    const guess = known === undefined ? span.offset : window.offset + span.offset - known.offset
    const at = window.to <= span.from ? Math.max(guess, window.end) : Math.min(guess, window.offset)
    return { ...span, at: Math.max(1, at), misses: span.misses + 1 }
  }

  const taken = (reading: ScanState, { rows, total }: PageResult, offset: number) => {
    const places = rows.map((row) => positionOf(row, changes))
    const isBlind = !isSure(places, offset)
    const fresh: Array<NewRows> = []
    let settled = reading.settled
    places.forEach((place, index) => {
      if (!isMissing(place) || (isBlind && place.at === unknownTime)) return
      receive(place.at, [place.id])
      fresh.push({ row: rows[index], index })
      if (existedAtStart(place, reading, changes)) settled++
    })
    return {
      places,
      fresh,
      isBlind,
      reading: {
        ...reading,
        latest: total,
        peak: Math.max(reading.peak, total),
        received: reading.received + fresh.length,
        settled
      }
    }
  }

  const look = ({ given, looks, reading, spans }: Search) => {
    const [span] = spans
    if (span === undefined)
      return Effect.succeed([{ fresh: [], reading, isLost: false }, Option.none()] as const)
    const { page, size } = pageAround(Math.min(span.at, reading.latest), reading)
    return Effect.map(read(page, size), (answer) => {
      const count = answer.rows.length
      const isCut = isCutTo(count, given, { page, size, total: answer.total })
      const offset = (page - 1) * (isCut ? Math.max(1, count) : size)
      const seen = taken(isCut ? { ...reading, widest: Math.max(1, count) } : reading, answer, offset)
      const { fresh, isBlind, places, reading: known } = seen
      const window = windowOf(places, offset, answer.total)
      const left = spans.flatMap((one) => without(one, window))
      const isMiss = left[0] === span
      const rest = isMiss ? [elsewhere(span, window), ...left.slice(1)] : left
      // Where rows come in at the end only, whoever has all of them has as many as there are.
      const isShort = rest.length === 0 && !changes && known.received < known.latest
      const next = isBlind ? spans : isShort ? spans.slice(-1) : rest
      const isLost = isBlind || looks + 1 >= most || (isMiss && span.misses + 1 >= misses)
      const isOver = isLost || next.length === 0 || isWhole(known)
      // Written down where it is wanted only: a long list has many. Until then the gaps before are as true.
      const after = fresh.length > 0 || isOver ? { ...known, gaps: gapsOf(next) } : known
      return [
        { fresh, reading: after, isLost: isLost && next.length > 0 && !isWhole(known) },
        isOver
          ? Option.none()
          : Option.some({ given: Math.max(given, count), looks: looks + 1, reading: after, spans: next })
      ] as const
    })
  }

  const spans = gaps.map(({ from, offset, to }) => ({
    from: from.at,
    to: to.at,
    at: Math.max(1, offset),
    offset,
    misses: 0
  }))
  const given = start.first < start.limit ? 0 : start.limit
  return Stream.paginateEffect<Search, Look, CallError, never>(
    { given, looks: 0, reading: start, spans },
    look
  )
}

/** The gaps that are left, and what is known. */
interface Search {
  /** The most rows that the hub has given at once. */
  readonly given: number
  readonly looks: number
  readonly reading: ScanState
  readonly spans: ReadonlyArray<Span>
}
