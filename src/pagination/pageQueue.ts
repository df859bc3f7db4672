// Requests pages ahead of the consumer, and returns their responses in the order of the list. A page of size s covers the
// rows from (page - 1) * s to page * s: a size may follow any other, if the page begins at the place that was reached or
// before it.
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import type { CallError } from "../errors/AngoError.js"
import type { PageResult, PageWindow } from "./completeness.js"
import type { ListPageSize } from "./pageSizes.js"

/** The response of one page, not decoded yet. */
export interface RawPage {
  /** The length of the body. */
  readonly bytes: number
  /** From sending the request to the end of the body. */
  readonly millis: number
  /** Decodes the body, once. */
  readonly decode: Effect.Effect<PageResult, CallError>
}

/** Requests one page. */
export type FetchPage = (page: number, limit: number) => Effect.Effect<RawPage, CallError>

/** A page and what was asked for. */
export interface ReadPage {
  readonly window: PageWindow
  readonly bytes: number
  readonly millis: number
  readonly result: PageResult
}

/** The requests in flight. */
export interface PageQueue {
  /**
   * Starts requests for the rows from the index `reached`, or after those that are requested already, to `end`, until
   * the queue is full. `rowBytes` is the estimated length of a row.
   */
  readonly fill: (part: { readonly reached: number; readonly end: number; readonly rowBytes: number }) => void
  /** Waits for the next page and decodes it. A failed page fails here, after all pages before it. */
  readonly take: Effect.Effect<ReadPage, CallError>
  /** Ends the requests in flight. */
  readonly close: Effect.Effect<void>
}

// Bodies that wait, or are on their way: as many as `prefetch` allows while they are small.
const maxBytesInFlight = 8_000_000

interface Request {
  readonly window: PageWindow
  /** The index in the list from which the page shows rows that no earlier page shows. */
  readonly from: number
  readonly fiber: Fiber.RuntimeFiber<Exit.Exit<RawPage, CallError>>
}

const endIndex = ({ page, size }: PageWindow): number => page * size

/** A queue of at most `capacity` requests. It runs them with `runtime` until it is closed. */
export const make = (
  fetchPage: FetchPage,
  {
    capacity,
    pageSize,
    runtime
  }: {
    readonly capacity: number
    readonly pageSize: ListPageSize
    readonly runtime: Runtime.Runtime<never>
  }
): PageQueue => {
  const run = Runtime.runFork(runtime)
  const requests: Array<Request> = []
  let requestedIndex = 0
  let listEnd = 0

  // The exit of the fiber holds the exit of the request, so that a failed request does not fail its fiber.
  const request = (from: number, size: number): Request => {
    const window = { page: Math.floor(from / size) + 1, size }
    return {
      window,
      from,
      fiber: run(Effect.exit(Effect.interruptible(fetchPage(window.page, size))))
    }
  }

  // A page that is too long is asked for again in smaller parts, all of them at once if later pages are in flight.
  const retrySmaller = ({ from, window }: Request, error: CallError): Effect.Effect<ReadPage, CallError> => {
    const size = pageSize.smaller(window.size, error)
    if (size === undefined) return Effect.fail(error)
    const first = request(from, size)
    const parts = [first]
    let index = endIndex(first.window)
    if (requests.length === 0) requestedIndex = index
    else {
      for (const end = Math.min(endIndex(window), listEnd); index < end; index += size)
        parts.push(request(index, size))
    }
    requests.unshift(...parts)
    return take
  }

  const read = (
    request: Request,
    response: Exit.Exit<RawPage, CallError>
  ): Effect.Effect<ReadPage, CallError> => {
    if (Exit.isFailure(response)) {
      return Either.match(Cause.failureOrCause(response.cause), {
        onLeft: (error) => retrySmaller(request, error),
        onRight: Effect.failCause
      })
    }
    const { bytes, decode, millis } = response.value
    return Effect.matchEffect(decode, {
      onSuccess: (result) => Effect.succeed({ window: request.window, bytes, millis, result }),
      onFailure: (error) => retrySmaller(request, error)
    })
  }

  const take: Effect.Effect<ReadPage, CallError> = Effect.suspend(() => {
    const [first] = requests
    if (first === undefined) return Effect.dieMessage("take was called on an empty queue of pages")
    return Effect.flatMap(Fiber.await(first.fiber), (exit) => {
      requests.shift()
      return Exit.isSuccess(exit) ? read(first, exit.value) : Effect.failCause(exit.cause)
    })
  })

  return {
    fill: ({ end, reached, rowBytes }) => {
      listEnd = end
      if (requests.length === 0) requestedIndex = reached
      while (requestedIndex < end && requests.length < capacity) {
        const size = pageSize.next(requestedIndex)
        const rows = requests.reduce((sum, { window }) => sum + window.size, size)
        if (requests.length > 0 && rows * rowBytes > maxBytesInFlight) return
        const next = request(requestedIndex, size)
        requests.push(next)
        requestedIndex = endIndex(next.window)
      }
    },

    take,

    close: Effect.suspend(() => Fiber.interruptAll(requests.map(({ fiber }) => fiber)))
  }
}
