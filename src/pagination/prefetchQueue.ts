// Requests pages ahead of the consumer, and returns their responses in page order.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { CallError } from "../errors/AngoError.js"
import type { PageResult } from "./completeness.js"

/** Requests one page. The inner effect decodes the response; it runs when the page is consumed. */
export type FetchPage = (
  page: number,
  limit: number
) => Effect.Effect<Effect.Effect<PageResult, CallError>, CallError>

/** The requests in flight. */
export interface PrefetchQueue {
  /** Starts requests up to the page `lastPage`, until the queue is full. */
  readonly fill: (lastPage: number, pageSize: number) => Effect.Effect<void>
  /** Waits for the next page and decodes it. A failed page fails here, after all pages before it. */
  readonly take: Effect.Effect<PageResult, CallError>
}

/** A queue of at most `capacity` requests for the pages after `startPage`. Closing the scope interrupts them. */
export const make = (
  fetchPage: FetchPage,
  {
    capacity,
    scope,
    startPage
  }: { readonly capacity: number; readonly scope: Scope.Scope; readonly startPage: number }
): PrefetchQueue => {
  const requests: Array<Fiber.Fiber<Exit.Exit<Effect.Effect<PageResult, CallError>, CallError>>> = []
  let requestedPage = startPage

  return {
    fill: (lastPage, pageSize) =>
      Effect.suspend(() => {
        const count = Math.min(lastPage - requestedPage, capacity - requests.length)
        if (count <= 0) return Effect.void
        return Effect.forEach(
          Array.from({ length: count }, () => ++requestedPage),
          (page) =>
            Effect.map(Effect.forkIn(Effect.exit(fetchPage(page, pageSize)), scope), (fiber) =>
              requests.push(fiber)
            ),
          { discard: true }
        )
      }),

    take: Effect.suspend(() => {
      const request = requests.shift()
      if (request === undefined) return Effect.dieMessage("take was called on an empty prefetch queue")
      // The exit of the fiber holds the exit of the request, so that a failed request does not fail its fiber.
      const response = Effect.flatMap(Fiber.await(request), Exit.flatten)
      return Effect.flatten(response)
    })
  }
}
