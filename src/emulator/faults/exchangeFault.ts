/**
 * The effect of a fault on one request and its response, shared by the hub and by `FaultyClient`.
 */
import * as Chunk from "effect/Chunk"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Fault } from "./Fault.js"
import * as Pages from "./pageShuffle.js"

/** A response with its complete body. */
export interface BufferedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** How to carry out one request. `A` is the response: of the server in the hub, of the client in `FaultyClient`. */
export interface FaultedExchange<A, E, R> {
  /** The page number in the query of a list request, if any. */
  readonly page: number | undefined
  /** Sends the request as it is, or for another page. */
  readonly send: (page?: number) => Effect.Effect<A, E, R>
  readonly readResponse: (response: A) => Effect.Effect<BufferedResponse, E, R>
  /** Stops a streamed body after `at` bytes without buffering it; `undefined` for a body that is not streamed. */
  readonly stopStream?: (response: A, at: number, end: BodyEnd) => A | undefined
  readonly pause: (millis: number) => Effect.Effect<void>
  /** Reads the first `length` bytes of the request body and leaves the rest. */
  readonly readUpload: (length: number) => Effect.Effect<void, never, Scope.Scope>
  /** Sends the request with its body at most this fast. */
  readonly sendSlowly: (bytesPerSecond: number) => Effect.Effect<A, E, R>
}

/** How a body comes to its end: normally, with a broken connection, or never. */
export type BodyEnd = "complete" | "broken" | "stalled"

/** What the client receives. */
export type Outcome<A> =
  /** The response as it is. */
  | { readonly _tag: "Unchanged"; readonly response: A }
  /** Another response. */
  | { readonly _tag: "Changed"; readonly response: BufferedResponse; readonly end: BodyEnd }
  /** No response: the connection breaks. */
  | { readonly _tag: "Disconnected"; readonly reason: "refused" | "reset" }
  /** No response, ever. */
  | { readonly _tag: "NoResponse" }

const changed = (response: BufferedResponse, end: BodyEnd = "complete"): Outcome<never> => {
  const { "content-length": _, ...headers } = response.headers
  return { _tag: "Changed", response: { ...response, headers }, end }
}

// A response without a body cannot stop in the middle of it: it fails before the response.
const stopped = (response: BufferedResponse, at: number, end: "broken" | "stalled"): Outcome<never> => {
  if (response.body.length > 0) return changed({ ...response, body: response.body.subarray(0, at) }, end)
  return end === "broken" ? { _tag: "Disconnected", reason: "reset" } : { _tag: "NoResponse" }
}

const truncate = (body: Uint8Array, at: number | "half"): Uint8Array =>
  body.subarray(0, at === "half" ? body.length >> 1 : Math.min(at, Math.max(0, body.length - 1)))

const colon = 0x3a

const removeFirstColon = (body: Uint8Array): Uint8Array => {
  const first = body.indexOf(colon)
  return first < 0 ? new Uint8Array([...body, colon]) : body.filter((_, index) => index !== first)
}

const encoder = new TextEncoder()

/** Carries out a request under a fault. */
export const applyFault = <A, E, R>(
  fault: Fault,
  exchange: FaultedExchange<A, E, R>
): Effect.Effect<Outcome<A>, E, R | Scope.Scope> => {
  const { page, pause, readResponse, send } = exchange
  const unchanged = (otherPage: number | undefined): Effect.Effect<Outcome<A>, E, R> =>
    Effect.map(send(otherPage), (response) => ({ _tag: "Unchanged", response }))
  const change = (
    toOutcome: (response: BufferedResponse) => Outcome<never>
  ): Effect.Effect<Outcome<A>, E, R> => Effect.map(Effect.flatMap(send(), readResponse), toOutcome)
  const stop = (
    at: number | "half",
    end: BodyEnd,
    toOutcome: (response: BufferedResponse) => Outcome<never>
  ): Effect.Effect<Outcome<A>, E, R> =>
    Effect.flatMap(send(), (whole) => {
      const response = at === "half" ? undefined : exchange.stopStream?.(whole, at, end)
      return response === undefined
        ? Effect.map(readResponse(whole), toOutcome)
        : Effect.succeed<Outcome<A>>({ _tag: "Unchanged", response })
    })

  switch (fault._tag) {
    case "Ok":
    // The endpoint that writes the rows applies this fault.
    case "PartialWrite":
      return unchanged(undefined)
    case "Respond":
      return Effect.succeed(
        changed({ status: fault.status, headers: fault.headers, body: encoder.encode(fault.body) })
      )
    case "Latency": {
      // The fault player has replaced random latencies by fixed ones.
      const millis = typeof fault.millis === "number" ? fault.millis : 0
      return Effect.zipRight(pause(millis), applyFault(fault.fault, exchange))
    }
    case "Refuse":
      return Effect.succeed({ _tag: "Disconnected", reason: "refused" })
    case "Reset":
      return Effect.succeed({ _tag: "Disconnected", reason: "reset" })
    case "Hang":
      return Effect.succeed({ _tag: "NoResponse" })
    case "AfterProcessing":
      return Effect.zipRight(Effect.flatMap(send(), readResponse), applyFault(fault.fault, exchange))
    case "CutBody":
      return stop(fault.at, "broken", (response) => stopped(response, fault.at, "broken"))
    case "StallBody":
      return stop(fault.at, "stalled", (response) => stopped(response, fault.at, "stalled"))
    case "TruncateBody":
      return stop(fault.at, "complete", (response) =>
        changed({ ...response, body: truncate(response.body, fault.at) })
      )
    case "CutUpload":
      return Effect.as(exchange.readUpload(fault.at), { _tag: "Disconnected", reason: "reset" })
    case "StallUpload":
      return Effect.as(exchange.readUpload(fault.at), { _tag: "NoResponse" })
    case "SlowUpload":
      return Effect.map(exchange.sendSlowly(fault.bytesPerSecond), (response) => ({
        _tag: "Unchanged",
        response
      }))
    case "MalformedJson":
      return change((response) => changed({ ...response, body: removeFirstColon(response.body) }))
    case "DuplicatePage":
      return unchanged(page === undefined ? undefined : Math.max(1, page - 1))
    case "ShiftPage": {
      const { by } = fault
      if (page === undefined || by === 0 || (page === 1 && by > 0)) return unchanged(undefined)
      return Effect.gen(function* () {
        const before = yield* Effect.flatMap(send(by > 0 ? page - 1 : page), readResponse)
        const after = yield* Effect.flatMap(send(by > 0 ? page : page + 1), readResponse)
        return changed({ ...(by > 0 ? after : before), body: Pages.shiftRows(before.body, after.body, by) })
      })
    }
  }
}

/** Reads the first `length` bytes of a body; the rest stays unread until the scope closes. */
export const readBytes = <E>(
  body: Stream.Stream<Uint8Array, E>,
  length: number
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.flatMap(Stream.toPull(body), (pull) => {
    const readRemaining = (remaining: number): Effect.Effect<void, Option.Option<E>> =>
      remaining <= 0
        ? Effect.void
        : Effect.flatMap(pull, (chunk) =>
            readRemaining(Chunk.reduce(chunk, remaining, (count, bytes) => count - bytes.length))
          )
    return Effect.ignore(readRemaining(length))
  })

/** Limits a body to this speed. */
export const throttle = <E>(
  body: Stream.Stream<Uint8Array, E>,
  bytesPerSecond: number,
  pause: (millis: number) => Effect.Effect<void>
): Stream.Stream<Uint8Array, E> => Stream.tap(body, (bytes) => pause((1000 * bytes.length) / bytesPerSecond))

/** Makes an effect that waits until the current scope closes. */
export const awaitScopeClose: Effect.Effect<Effect.Effect<void>, never, Scope.Scope> = Effect.gen(
  function* () {
    const deferred = yield* Deferred.make<void>()
    yield* Effect.addFinalizer(() => Deferred.succeed(deferred, undefined))
    return Deferred.await(deferred)
  }
)
