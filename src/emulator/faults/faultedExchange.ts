/**
 * What comes of one request under a fault, whoever carries it: the hub answers from it, and so does a faulty client.
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Fault } from "./Fault.js"
import * as Pages from "./pageShuffle.js"

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** How a request is answered when nothing is wrong. */
export interface FaultedExchange<A, E, R> {
  /** The page that a list is asked for, if its query names one. */
  readonly page: number | undefined
  /** Does what is asked: as it was sent, or for another page. */
  readonly ask: (page?: number) => Effect.Effect<A, E, R>
  readonly read: (answer: A) => Effect.Effect<Answer, E, R>
  /** Stops an answer that arrives bit by bit without reading it all; nothing for any other answer. */
  readonly stop?: (answer: A, at: number, end: End) => A | undefined
  readonly pause: (millis: number) => Effect.Effect<void>
  /** Reads so many bytes of the request's body, and leaves the rest. */
  readonly hear: (at: number) => Effect.Effect<void, never, Scope.Scope>
  /** Does what is asked, and reads the request's body no faster than this. */
  readonly askSlowly: (bytesPerSecond: number) => Effect.Effect<A, E, R>
}

/** How a body that is not whole comes to its end. */
export type End = "ended" | "broken" | "never"

/** What the client gets to see. */
export type Outcome<A> =
  /** The answer as it is. */
  | { readonly _tag: "Untouched"; readonly answer: A }
  /** Another answer, whose body ends, breaks off or never ends. */
  | { readonly _tag: "Altered"; readonly answer: Answer; readonly end: End }
  /** No answer: the connection breaks. */
  | { readonly _tag: "Broken"; readonly how: "refused" | "reset" }
  /** No answer, and no end. */
  | { readonly _tag: "Silent" }

const altered = (answer: Answer, end: End = "ended"): Outcome<never> => {
  const { "content-length": _, ...headers } = answer.headers
  return { _tag: "Altered", answer: { ...answer, headers }, end }
}

// An answer without a body has no middle: it fails where it would have begun.
const stopped = (answer: Answer, at: number, end: "broken" | "never"): Outcome<never> => {
  if (answer.body.length > 0) return altered({ ...answer, body: answer.body.subarray(0, at) }, end)
  return end === "broken" ? { _tag: "Broken", how: "reset" } : { _tag: "Silent" }
}

const truncated = (body: Uint8Array, at: number | "half"): Uint8Array =>
  body.subarray(0, at === "half" ? body.length >> 1 : Math.min(at, Math.max(0, body.length - 1)))

const colon = 0x3a

const malformed = (body: Uint8Array): Uint8Array => {
  const first = body.indexOf(colon)
  return first < 0 ? new Uint8Array([...body, colon]) : body.filter((_, index) => index !== first)
}

const encoder = new TextEncoder()

/** Lets a request have its fault. */
export const under = <A, E, R>(
  fault: Fault,
  exchange: FaultedExchange<A, E, R>
): Effect.Effect<Outcome<A>, E, R | Scope.Scope> => {
  const { ask, page, pause, read } = exchange
  const untouched = (asked: number | undefined): Effect.Effect<Outcome<A>, E, R> =>
    Effect.map(ask(asked), (answer) => ({ _tag: "Untouched", answer }))
  const changed = (change: (answer: Answer) => Outcome<never>): Effect.Effect<Outcome<A>, E, R> =>
    Effect.map(Effect.flatMap(ask(), read), change)
  const stop = (
    at: number | "half",
    end: End,
    change: (answer: Answer) => Outcome<never>
  ): Effect.Effect<Outcome<A>, E, R> =>
    Effect.flatMap(ask(), (whole) => {
      const answer = at === "half" ? undefined : exchange.stop?.(whole, at, end)
      return answer === undefined
        ? Effect.map(read(whole), change)
        : Effect.succeed<Outcome<A>>({ _tag: "Untouched", answer })
    })

  switch (fault._tag) {
    case "Ok":
    // Whoever answers does so for a part of the rows.
    case "Partly":
      return untouched(undefined)
    case "Respond":
      return Effect.succeed(
        altered({ status: fault.status, headers: fault.headers, body: encoder.encode(fault.body) })
      )
    case "Latency": {
      // Played faults have their latency drawn; one that was not played waits for no time.
      const millis = typeof fault.millis === "number" ? fault.millis : 0
      return Effect.zipRight(pause(millis), under(fault.fault, exchange))
    }
    case "Refuse":
      return Effect.succeed({ _tag: "Broken", how: "refused" })
    case "Reset":
      return Effect.succeed({ _tag: "Broken", how: "reset" })
    case "Hang":
      return Effect.succeed({ _tag: "Silent" })
    case "Processed":
      return Effect.zipRight(Effect.flatMap(ask(), read), under(fault.fault, exchange))
    case "CutBody":
      return stop(fault.at, "broken", (answer) => stopped(answer, fault.at, "broken"))
    case "StallBody":
      return stop(fault.at, "never", (answer) => stopped(answer, fault.at, "never"))
    case "Truncated":
      return stop(fault.at, "ended", (answer) =>
        altered({ ...answer, body: truncated(answer.body, fault.at) })
      )
    case "CutUpload":
      return Effect.as(exchange.hear(fault.at), { _tag: "Broken", how: "reset" })
    case "StallUpload":
      return Effect.as(exchange.hear(fault.at), { _tag: "Silent" })
    case "SlowUpload":
      return Effect.map(exchange.askSlowly(fault.bytesPerSecond), (answer) => ({ _tag: "Untouched", answer }))
    case "Malformed":
      return changed((answer) => altered({ ...answer, body: malformed(answer.body) }))
    case "DuplicatePage":
      return untouched(page === undefined ? undefined : Math.max(1, page - 1))
    case "ShiftedPage": {
      const { by } = fault
      if (page === undefined || by === 0 || (page === 1 && by > 0)) return untouched(undefined)
      return Effect.gen(function* () {
        const before = yield* Effect.flatMap(ask(by > 0 ? page - 1 : page), read)
        const after = yield* Effect.flatMap(ask(by > 0 ? page : page + 1), read)
        return altered({ ...(by > 0 ? after : before), body: Pages.shifted(before.body, after.body, by) })
      })
    }
  }
}

/** So many bytes of a body; the rest is left where it is until the scope closes. */
export const hear = <E>(
  body: Stream.Stream<Uint8Array, E>,
  at: number
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.flatMap(Stream.toPull(body), (pull) => {
    const rest = (left: number): Effect.Effect<void, Option.Option<E>> =>
      left <= 0
        ? Effect.void
        : Effect.flatMap(pull, (chunk) =>
            rest(Chunk.reduce(chunk, left, (still, part) => still - part.length))
          )
    return Effect.ignore(rest(at))
  })

/** A body that comes no faster than this. */
export const slowly = <E>(
  body: Stream.Stream<Uint8Array, E>,
  bytesPerSecond: number,
  pause: (millis: number) => Effect.Effect<void>
): Stream.Stream<Uint8Array, E> => Stream.tap(body, (part) => pause((1000 * part.length) / bytesPerSecond))

const failure = (message: string, code: string, words: string): TypeError =>
  new TypeError(message, { cause: Object.assign(new Error(words), { code }) })

/** What `fetch` fails with, before an answer and in the middle of one. */
export const failures = {
  refused: () => failure("fetch failed", "ECONNREFUSED", "connect ECONNREFUSED"),
  reset: () => failure("fetch failed", "ECONNRESET", "read ECONNRESET"),
  terminated: () => failure("terminated", "UND_ERR_SOCKET", "other side closed")
}
