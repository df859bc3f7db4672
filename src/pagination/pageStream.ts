// The one reader of paginated lists. The head of completeness.ts says how a list is known to be complete. Rows are
// passed on undecoded, each once.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operation.js"
import { type CallError, IncompleteListing, PaginationError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import * as Scan from "./completeness.js"
import { scanGaps } from "./gapReread.js"
import * as PrefetchQueue from "./prefetchQueue.js"

/** A list: how to request its pages, and whether updates add rows to it or remove them. */
export interface PagedList {
  readonly operation: Operation
  readonly fetchPage: PrefetchQueue.FetchPage
  readonly membershipChanges: boolean
}

/** The new rows of a response, and the state of the scan after it. */
export interface Step {
  readonly newRows: ReadonlyArray<Scan.NewRow>
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
const maxPages = ({ firstTotal, pageSize }: Scan.ScanState): number =>
  10 * Math.ceil(firstTotal / pageSize) + 100

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
  { rows, total }: Scan.PageResult,
  state: Scan.ScanState
): PaginationError["reason"] | undefined => {
  const { hasEnded, page, pageSize, samePage } = state
  if (rows.length === 0 && (page - 1) * pageSize < total) return "empty-page"
  if (samePage.times >= maxSamePages && !hasEnded) return "same-page"
  return page > maxPages(state) ? "endless" : undefined
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

interface Cursor {
  readonly state: Scan.ScanState
  /** The last page known to exist. */
  readonly lastPage: number
  readonly isOver: boolean
}

// All pages in order: the first one alone, because its total says how many there are; then those, several at a time;
// then, if the list has grown, the next. An unfold by hand: stream operators would cost more per page than the rest
// of the work.
const pagesInOrder = (
  { fetchPage, membershipChanges, operation }: PagedList,
  start: Scan.ScanState,
  prefetch: number
): Stream.Stream<Step, StepError> =>
  Stream.unwrapScoped(
    Effect.map(Effect.scope, (scope) => {
      const queue = PrefetchQueue.make(fetchPage, { capacity: prefetch, scope, startPage: start.page })

      const ingest = (
        before: Scan.ScanState,
        result: Scan.PageResult,
        now: number
      ): Effect.Effect<Step, StepError> => {
        const { respondedAt } = result
        const responseTime =
          respondedAt === undefined ? now - localClockTolerance : respondedAt - serverTimeRounding
        const { newRows, state } = Scan.ingestPage(before, result, responseTime, membershipChanges)
        const reason = endlessReason(result, state)
        return reason === undefined
          ? Effect.succeed({ newRows, state, isGapScan: false })
          : Effect.fail(paginationError(operation, result, state, reason))
      }

      const next = ({ isOver, state, ...cursor }: Cursor) => {
        if (isOver) return Effect.succeedNone
        const lastPage =
          state.page === cursor.lastPage
            ? Math.max(state.page + 1, Math.ceil(state.latestTotal / state.pageSize))
            : cursor.lastPage
        return Effect.gen(function* () {
          yield* queue.fill(lastPage, state.pageSize)
          const result = yield* queue.take
          const step = yield* ingest(state, result, yield* Clock.currentTimeMillis)
          const hasEnded = step.state.hasEnded || result.rows.length === 0
          if (!hasEnded) yield* queue.fill(lastPage, step.state.pageSize)
          return Option.some([step, { state: step.state, lastPage, isOver: hasEnded }] as const)
        })
      }
      return Stream.unfoldEffect({ state: start, lastPage: start.page + 1, isOver: false }, next)
    })
  )

// The rows in the gaps between the pages, when rows of the snapshot may be missing.
const gapSteps = (
  { fetchPage, membershipChanges, operation }: PagedList,
  end: Scan.ScanState
): Stream.Stream<Step, StepError> => {
  if (Scan.isComplete(end)) return Stream.empty
  if (end.hasUnknownGap) return Stream.fail(incompleteListing(operation, end))
  return scanGaps(end, (page, limit) => Effect.flatten(fetchPage(page, limit)), membershipChanges).pipe(
    Stream.flatMap(({ isUnresolved, newRows, state }) => {
      const step = Stream.succeed({ newRows, state, isGapScan: true })
      return isUnresolved ? Stream.concat(step, Stream.fail(incompleteListing(operation, state))) : step
    })
  )
}

/**
 * All pages of a list from a state on, each row once. If rows may be missing after the last page, the gaps between the
 * pages are read again; the stream fails when they cannot be covered.
 */
export const steps = (
  list: PagedList,
  start: Scan.ScanState,
  prefetch: number
): Stream.Stream<Step, StepError> =>
  Stream.suspend(() => {
    let end = start
    const pages = start.hasEnded
      ? Stream.empty
      : Stream.map(pagesInOrder(list, start, prefetch), (step) => {
          end = step.state
          return step
        })
    return Stream.concat(
      pages,
      Stream.suspend(() => gapSteps(list, end))
    )
  })
