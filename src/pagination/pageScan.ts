// The one reader of paginated lists. The head of completeness.ts says how a list is known to be complete. Rows are
// passed on undecoded, each once.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { label, type Operation } from "../api/operation.js"
import { type CallError, IncompleteListing, PaginationError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import * as Scan from "./completeness.js"
import { scanGaps } from "./gapReread.js"
import * as PageQueue from "./pageQueue.js"
import type { ListPageSize } from "./pageSizes.js"

/** A list: how to request its pages, and whether updates add rows to it or remove them. */
export interface PagedList {
  readonly operation: Operation
  readonly fetchPage: PageQueue.FetchPage
  readonly membershipChanges: boolean
}

/** The new rows of a response, and the state of the scan after it. */
export interface Step {
  readonly newRows: Scan.NewRows
  readonly state: Scan.ScanState
  /** Whether the response belongs to a gap that is read again. */
  readonly isGapScan: boolean
}

type StepError = CallError | IncompleteListing | PaginationError

// Responses are dated to the second, rows to the millisecond.
const serverTimeRounding = 1_000

// Browsers hide the hub's time. The local clock may be wrong by some minutes.
const localClockTolerance = 600_000

// The same page may come twice when the list has grown before it. More often the hub ignores `page`.
const maxSamePages = 3

// A list may grow while it is read, but not forever.
const maxIndex = ({ firstTotal, pageSize }: Scan.ScanState): number =>
  10 * Math.ceil(firstTotal / pageSize) * pageSize + 100 * pageSize

const explanations: Record<PaginationError["reason"], string> = {
  "same-page": "the hub returns the same page repeatedly",
  "empty-page": "a page has no rows, although the total says that there are more",
  endless: "the list grows as fast as it is read"
}

const incompleteListing = (operation: Operation, state: Scan.ScanState): IncompleteListing => {
  const { firstTotal, latestTotal, maxTotal, page, received, repeated } = state
  const missing = Scan.missing(state)
  const hasChanged = Scan.listChanged(state)
  return new IncompleteListing({
    ...operationContext(
      operation,
      `${label(operation)} is incomplete: ${received} of ${maxTotal} items were received, ` +
        `at most ${missing} are missing; ` +
        (hasChanged
          ? "the list changed while it was read, in a way that hides items. "
          : "the list ended before its total was reached. ") +
        (state.hasUnknownGap
          ? "Read it again from its beginning when the project is idle: a checkpoint or bookmark leads to the same error."
          : "Resume from the checkpoint of this error, or run it again when the project is idle.")
    ),
    reason: hasChanged ? "moved-while-read" : "ended-early",
    expected: maxTotal,
    received,
    missing,
    page,
    shifted: { from: firstTotal, to: latestTotal, late: repeated }
  })
}

const endlessReason = (
  { result, window }: PageQueue.ReadPage,
  state: Scan.ScanState
): PaginationError["reason"] | undefined => {
  const { endIndex, hasEnded, samePage } = state
  if (result.rows.length === 0 && Scan.startIndex(window) < result.total) return "empty-page"
  if (samePage.times >= maxSamePages && !hasEnded) return "same-page"
  return endIndex > maxIndex(state) ? "endless" : undefined
}

const paginationError = (
  operation: Operation,
  { rows }: Scan.PageResult,
  { maxTotal, page, received }: Scan.ScanState,
  reason: PaginationError["reason"]
): PaginationError =>
  new PaginationError({
    ...operationContext(
      operation,
      `${label(operation)} cannot be read to its end: ${explanations[reason]} ` +
        `(page ${page}, ${received} of ${maxTotal} items). Report it to the vendor with this message.`
    ),
    reason,
    page,
    lastIds: rows.slice(-3).map((row) => Scan.positionOf(row, false).id),
    expected: maxTotal,
    received
  })

/** Returns the next response of a list each time it is run, and nothing after the last one. */
type NextStep = Effect.Effect<Step | undefined, StepError>

// All pages in order: the first one alone, because its total says how many there are; then those, several at a time;
// then, if the list has grown, the next.
const makeNextPage = (
  { membershipChanges, operation }: PagedList,
  {
    pageSize,
    queue,
    start
  }: {
    readonly pageSize: ListPageSize
    readonly queue: PageQueue.PageQueue
    readonly start: Scan.ScanState
  }
): NextStep => {
  let state = start
  let isOver = start.hasEnded
  // The end of the list, as far as it is read without looking whether it has grown.
  let end = start.endIndex + 1
  let rowBytes = 0

  const ingest = (read: PageQueue.ReadPage, now: number): Effect.Effect<Step, StepError> => {
    const { result, window } = read
    const { respondedAt, rows } = result
    const responseTime =
      respondedAt === undefined ? now - localClockTolerance : respondedAt - serverTimeRounding
    const isFirst = state.page === 0
    const { newRows, state: after } = Scan.ingestPage(state, result, window, responseTime, membershipChanges)
    const reason = endlessReason(read, after)
    if (reason !== undefined) return Effect.fail(paginationError(operation, result, after, reason))
    state = after
    isOver = after.hasEnded || rows.length === 0
    if (rows.length > 0) rowBytes = read.bytes / rows.length
    pageSize.learn({
      size: window.size,
      rows: rows.length,
      bytes: read.bytes,
      millis: read.millis,
      isClamped: isFirst && after.pageSize < window.size
    })
    if (!isOver) queue.fill({ reached: after.endIndex, end, rowBytes })
    return Effect.succeed({ newRows, state: after, isGapScan: false })
  }

  return Effect.suspend(() => {
    if (isOver) return Effect.succeed(undefined)
    if (state.endIndex >= end) end = Math.max(state.endIndex + 1, state.latestTotal)
    queue.fill({ reached: state.endIndex, end, rowBytes })
    return Effect.flatMap(queue.take, (read) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => ingest(read, now))
    )
  })
}

// The rows in the gaps between the pages, when rows of the snapshot may be missing.
const makeNextGap = (
  { fetchPage, membershipChanges, operation }: PagedList,
  pageSize: ListPageSize,
  end: Scan.ScanState
): NextStep => {
  if (Scan.isComplete(end)) return Effect.succeed(undefined)
  if (end.hasUnknownGap) return Effect.fail(incompleteListing(operation, end))
  const next = scanGaps(
    end,
    {
      read: (page, limit) => Effect.flatMap(fetchPage(page, limit), ({ decode }) => decode),
      smaller: pageSize.smaller
    },
    membershipChanges
  )
  let unresolved: Scan.ScanState | undefined
  return Effect.suspend((): NextStep => {
    if (unresolved !== undefined) return Effect.fail(incompleteListing(operation, unresolved))
    return Effect.map(next, (step): Step | undefined => {
      if (step === undefined) return undefined
      const { isUnresolved, newRows, state } = step
      if (isUnresolved) unresolved = state
      return { newRows, state, isGapScan: true }
    })
  })
}

/**
 * Reads a list from a state on, each row once. If rows may be missing after the last page, the gaps between the pages are
 * read again; it fails when they cannot be covered. Closing the scope ends the requests in flight.
 */
export const make = (
  list: PagedList,
  start: Scan.ScanState,
  { pageSize, prefetch }: { readonly pageSize: ListPageSize; readonly prefetch: number }
): Effect.Effect<NextStep, never, Scope.Scope> =>
  Effect.flatMap(Effect.runtime<never>(), (runtime) => {
    const queue = PageQueue.make(list.fetchPage, { capacity: prefetch, pageSize, runtime })
    const nextPage = makeNextPage(list, { pageSize, queue, start })
    let end = start
    let nextGap: NextStep | undefined
    const next = Effect.suspend((): NextStep => {
      if (nextGap !== undefined) return nextGap
      return Effect.flatMap(nextPage, (step) => {
        if (step !== undefined) {
          end = step.state
          return Effect.succeed(step)
        }
        nextGap = makeNextGap(list, pageSize, end)
        return nextGap
      })
    })
    return Effect.as(
      Effect.addFinalizer(() => queue.close),
      next
    )
  })
