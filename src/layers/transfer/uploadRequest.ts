/**
 * A file on its way: one attempt to send it.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { FileError } from "../../errors/AngoError.js"
import { concat } from "../../utils/concat.js"
import type { CallState } from "../transport/callState.js"
import type { Request } from "../transport/middleware.js"
import type { FileSource } from "./FileSource.js"
import { enforceSize } from "./sizeCheck.js"

/**
 * How far a file has been sent.
 *
 * @since 0.1.0
 */
export interface PutProgress {
  /** Bytes that the HTTP client has taken; from 0 again when the file is sent again. */
  readonly sent: number
  /** Bytes of the whole file. */
  readonly size: number
}

/** @since 0.1.0 */
export interface PutOptions {
  /** Runs after each part of the file that is sent, of 64 kB at most. */
  readonly onProgress?: ((progress: PutProgress) => Effect.Effect<void>) | undefined
}

/** A file and what its sender wants to know. */
export interface File extends PutOptions {
  readonly source: FileSource
}

/** How far an attempt has come: written while the HTTP client reads. */
export interface Sending {
  sent: number
  /** Why the file could not be read to its end. */
  problem?: FileError
}

const partSize = 64 * 1024

// Up to here a file is sent as bytes: every HTTP client can tell their length. More would be too long in one piece for
// a slow line.
const mostBytes = 4 * partSize

/** Gives one part after the other, and fails with nothing behind the last one. */
type Pull<E> = Effect.Effect<Uint8Array, Option.Option<E>>

// Pulled by hand: over a file of gigabytes each operator of a stream leaves tens of megabytes to be collected. Each part
// that is taken keeps the call alive: the deadline is for the time in which nothing moves.
const partsOf = (
  { onProgress, source }: File,
  sending: Sending,
  call: CallState
): Effect.Effect<Pull<FileError>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Effect.clock
    const { size } = source
    const left = call.endsAt - clock.unsafeCurrentTimeMillis()
    const pull = yield* Stream.toPull(enforceSize(source.stream(), { ...source, partSize }))
    let parts: ReadonlyArray<Uint8Array> = []
    let next = 0

    const take: Pull<FileError> = Effect.suspend(() => {
      const part = parts[next++]
      if (part === undefined) {
        return Effect.flatMap(pull, (chunk) => {
          parts = Chunk.toReadonlyArray(chunk)
          next = 0
          return take
        })
      }
      const now = clock.unsafeCurrentTimeMillis()
      call.endsAt = now + left
      call.silence = { since: now, phase: "request" }
      sending.sent += part.length
      return onProgress === undefined
        ? Effect.succeed(part)
        : Effect.as(onProgress({ sent: sending.sent, size }), part)
    })
    return Effect.tapError(take, (end) =>
      Effect.sync(() => {
        if (Option.isSome(end)) sending.problem = end.value
      })
    )
  })

// All parts as one.
const whole = <E>(take: Pull<E>): Effect.Effect<Uint8Array, E> => {
  const parts: Array<Uint8Array> = []
  return Effect.catchAll(Effect.forever(Effect.map(take, (part) => parts.push(part))), (end) =>
    Option.isNone(end) ? Effect.sync(() => concat(parts)) : Effect.fail(end.value)
  )
}

// The length of a stream is told by a header that the platform's fetch client does not know by this spelling: it drops
// the other one, and sends what a storage refuses, a body of unknown length. On Node all of its clients send it on.
const withLength = (request: Request, size: number): Request =>
  Object.create(request, {
    headers: { value: Headers.unsafeFromRecord({ ...request.headers, "Content-Length": String(size) }) }
  })

// The platform's `node:http` client waits until a part has left only when another one comes in the same chunk: parts by
// themselves would all be taken at once, whatever the storage does.
const inHalves = (part: Uint8Array): Chunk.Chunk<Uint8Array> => {
  const half = part.length >> 1
  return half === 0 ? Chunk.of(part) : Chunk.make(part.subarray(0, half), part.subarray(half))
}

// A body whose source is closed with the scope, and which fails from then on: not every HTTP client lets go of a body
// that it has no more use for. What is just being opened is closed when it is open: whoever reads ends first.
const untilClosed = <E>(
  open: Effect.Effect<Pull<E>, never, Scope.Scope>
): Effect.Effect<Stream.Stream<Uint8Array, E | string>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let isOver = false
    let reader: Fiber.RuntimeFiber<unknown, unknown> | undefined
    const source = yield* Scope.make()
    const take = yield* Effect.provideService(open, Scope.Scope, source)
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isOver = true
        const close = Scope.close(source, Exit.void)
        return reader === undefined
          ? close
          : Effect.forkDaemon(Effect.zipRight(Fiber.interrupt(reader), close))
      })
    )
    const next = Effect.withFiberRuntime<Chunk.Chunk<Uint8Array>, Option.Option<E | string>>((fiber) => {
      if (isOver) return Effect.fail(Option.some("the attempt to send this file is over"))
      reader = fiber
      return Effect.ensuring(
        Effect.map(take, inHalves),
        Effect.sync(() => {
          reader = undefined
        })
      )
    })
    return Stream.repeatEffectChunkOption(next)
  })

/** The request that sends a file to a link, as long as the scope is open. */
export const requestOf = (
  url: URL,
  file: File,
  sending: Sending,
  call: CallState
): Effect.Effect<Request, FileError, Scope.Scope> =>
  Effect.suspend((): Effect.Effect<Request, FileError, Scope.Scope> => {
    const { contentType, size } = file.source
    const request = HttpClientRequest.put(url.href)
    const parts = partsOf(file, sending, call)
    if (size <= mostBytes) {
      return Effect.map(Effect.scoped(Effect.flatMap(parts, whole)), (bytes) =>
        HttpClientRequest.setBody(request, HttpBody.uint8Array(bytes, contentType))
      )
    }
    return Effect.map(untilClosed(parts), (body) =>
      withLength(HttpClientRequest.setBody(request, HttpBody.stream(body, contentType)), size)
    )
  })
