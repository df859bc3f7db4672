// The one reader of paginated lists. The API has `page`, `limit` and a `total`, and no cursor: `reading.ts` says how a
// list is known to be whole all the same. Rows are handed on as they came, each once.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operations.js"
import { type CallError, IncompleteListing, PaginationError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { scanGaps } from "./gapScan.js"
import * as Reading from "./scanState.js"

/** How to ask for one page of so many rows: what that gives reads the answer, when it is its turn. */
export type Ask = (
  page: number,
  limit: number
) => Effect.Effect<Effect.Effect<Reading.PageResult, CallError>, CallError>

/** A list: how to ask for its pages, and whether rows come into it and leave it by being changed. */
export interface List {
  readonly operation: Operation
  readonly ask: Ask
  readonly changes: boolean
}

/** What a page brought, and the reading with it. */
export interface Step {
  readonly fresh: ReadonlyArray<Reading.NewRows>
  readonly reading: Reading.ScanState
  /** Whether it is a look at gaps, which may find nothing. */
  readonly isLook: boolean
}

type Failure = CallError | IncompleteListing | PaginationError

// The hub tells the time of an answer by the second, and rows are dated by the millisecond.
const rounding = 1_000

// A client in a browser is not shown the hub's time. Its own may go wrong by some minutes.
const mistrust = 600_000

// The same page may come twice when the list has grown before it; more often it is a hub that does not page.
const mostRepeats = 3

// A list may grow while it is read, but not for ever.
const mostPages = ({ first, limit }: Reading.ScanState): number => 10 * Math.ceil(first / limit) + 100

const explain: Record<PaginationError["reason"], string> = {
  "same-page": "the hub gives the same page again and again",
  "empty-page": "a page came without rows, although the total says that there are more",
  endless: "the list grows as fast as it is read"
}

const lost = (operation: Operation, reading: Reading.ScanState): IncompleteListing => {
  const { first, late, latest, page, peak, received } = reading
  const missing = Reading.missing(reading)
  const hasMoved = Reading.listChanged(reading)
  return new IncompleteListing({
    ...operationContext(
      operation,
      `${label(operation)} is incomplete: ${received} of ${peak} items were received, and ${missing} at most are missing; ` +
        (hasMoved
          ? "the list changed while it was read, in a way that hides items. "
          : "the list ended before its own total was reached. ") +
        (reading.isVague
          ? "Read it again from its beginning when the project is quiet, without a checkpoint or bookmark: they lead here."
          : "Go on from the checkpoint on this error, or run it again when the project is quiet.")
    ),
    reason: hasMoved ? "moved-while-read" : "ended-early",
    expected: peak,
    received,
    missing,
    page,
    shifted: { from: first, to: latest, late }
  })
}

const guard = (
  operation: Operation,
  { rows, total }: Reading.PageResult,
  reading: Reading.ScanState
): PaginationError | undefined => {
  const { again, hasEnded, limit, page, peak, received } = reading
  const isBefore = (page - 1) * limit < total
  const reason =
    rows.length === 0 && isBefore
      ? "empty-page"
      : again.times >= mostRepeats && !hasEnded
        ? "same-page"
        : page > mostPages(reading)
          ? "endless"
          : undefined
  if (reason === undefined) return undefined
  return new PaginationError({
    ...operationContext(
      operation,
      `${label(operation)} cannot be read to its end: ${explain[reason]} (page ${page}, ${received} of ${peak} items). ` +
        "Nothing was made up for it; report it to the vendor with this message."
    ),
    reason,
    page,
    lastIds: rows.slice(-3).map((row) => Reading.positionOf(row, false).id),
    expected: peak,
    received
  })
}

type Asked = Fiber.Fiber<Exit.Exit<Effect.Effect<Reading.PageResult, CallError>, CallError>>

// Page after page: the first by itself, since it tells how many there are; then those that are there, several at a time
// and none more; then, if the list has grown, the next. Pulled by hand: the stream's own operators cost more per page
// than everything else that is done with it.
const inOrder = (
  { ask, changes, operation }: List,
  start: Reading.ScanState,
  prefetch: number
): Stream.Stream<Step, Failure> =>
  Stream.unwrapScoped(
    Effect.map(Effect.scope, (scope) => {
      let current = start
      let isOver = false
      let asked = start.page
      let last = start.page + 1
      const ahead: Array<Asked> = []

      // A page that fails waits for its turn: those before it, still under way, are given out first.
      const askAhead = Effect.suspend(() => {
        const count = isOver ? 0 : Math.min(last - asked, prefetch - ahead.length)
        return Effect.forEach(
          Array.from({ length: count }, () => ++asked),
          (page) =>
            Effect.map(Effect.forkIn(Effect.exit(ask(page, current.limit)), scope), (fiber) =>
              ahead.push(fiber)
            ),
          { discard: true }
        )
      })

      const taken = (answer: Reading.PageResult, now: number): Effect.Effect<Step, Failure> => {
        const { answeredAt, rows } = answer
        const since = answeredAt === undefined ? now - mistrust : answeredAt - rounding
        const { fresh, reading } = Reading.ingestPage(current, answer, since, changes)
        current = reading
        const failure = guard(operation, answer, reading)
        if (failure !== undefined) return Effect.fail(failure)
        isOver = reading.hasEnded || rows.length === 0
        return Effect.succeed({ fresh, reading, isLook: false })
      }

      const next = Effect.suspend((): Effect.Effect<Step, Option.Option<Failure>> => {
        if (isOver) return Effect.fail(Option.none())
        if (asked === last && ahead.length === 0) {
          last = Math.max(asked + 1, Math.ceil(current.latest / current.limit))
        }
        const step = Effect.flatMap(askAhead, () => {
          const head = ahead.shift()
          if (head === undefined) return Effect.dieMessage("no page was asked for")
          const answer = Effect.flatten(Effect.flatten(Effect.flatten(Fiber.await(head))))
          return Effect.flatMap(answer, (rows) =>
            Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.zipLeft(taken(rows, now), askAhead))
          )
        })
        return Effect.mapError(step, Option.some)
      })
      return Stream.repeatEffectOption(next)
    })
  )

// What the gaps between the pages hold, when the count says that something may be missing.
const ofGaps = ({ ask, changes, operation }: List, end: Reading.ScanState): Stream.Stream<Step, Failure> => {
  if (Reading.isWhole(end)) return Stream.empty
  if (end.isVague) return Stream.fail(lost(operation, end))
  return scanGaps(end, (page, limit) => Effect.flatten(ask(page, limit)), changes).pipe(
    Stream.flatMap(({ fresh, isLost, reading }) => {
      const found = Stream.succeed({ fresh, reading, isLook: true })
      return isLost ? Stream.concat(found, Stream.fail(lost(operation, reading))) : found
    })
  )
}

/**
 * Every page of a list from where a reading has come to, each row once; then, where the list has changed, what turns up
 * in the gaps between the pages; or an error at the end.
 */
export const steps = (list: List, start: Reading.ScanState, prefetch: number): Stream.Stream<Step, Failure> =>
  Stream.suspend(() => {
    let end = start
    const pages = start.hasEnded
      ? Stream.empty
      : Stream.map(inOrder(list, start, prefetch), (step) => {
          end = step.reading
          return step
        })
    return Stream.concat(
      pages,
      Stream.suspend(() => ofGaps(list, end))
    )
  })
