/**
 * The request of an upload, whose body is read from the file while it is sent.
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
import type { Request } from "../transport/httpRequest.js"
import type { FileSource } from "./FileSource.js"
import { checkLength, enforceSize } from "./sizeCheck.js"

/**
 * How much of a file was sent.
 *
 * @category models
 * @since 0.1.0
 */
export interface PutProgress {
  /** Bytes that the HTTP client has read; starts from 0 again when the file is sent again. */
  readonly sent: number
  /** Bytes of the whole file. */
  readonly size: number
}

/**
 * Options of one upload.
 *
 * @category options
 * @since 0.1.0
 */
export interface PutOptions {
  /** Runs after each part of the file that is sent: of 64 kB at most, or 256 kB in a file of 16 MB or more. */
  readonly onProgress?: ((progress: PutProgress) => Effect.Effect<void>) | undefined
}

/** A file and the options of its upload. */
export interface File extends PutOptions {
  readonly source: FileSource
}

/** The state of an attempt, written while the HTTP client reads the body. */
export interface UploadState {
  sent: number
  /** The error for a file that could not be read to its end. */
  problem?: FileError
}

// Parts show activity on a slow connection. Many of them would cost more than sending their bytes.
const partSizeOf = ({ size }: FileSource): number => (size < 16 * 1024 * 1024 ? 64 * 1024 : 256 * 1024)

/**
 * Whether a file is sent as bytes, whose length every HTTP client declares. More in one piece would show no activity for
 * too long on a slow connection.
 */
export const fitsInMemory = ({ size }: FileSource): boolean => size <= 256 * 1024

/** Returns the next part; fails with `None` after the last one. */
type Pull<E> = Effect.Effect<Uint8Array, Option.Option<E>>

// Pulls by hand: over gigabytes, each stream operator allocates tens of megabytes. Each part that is read restarts the
// deadline and counts as activity of the connection.
const openParts = (
  { onProgress, source }: File,
  state: UploadState,
  call: CallState
): Effect.Effect<Pull<FileError>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Effect.clock
    const { size } = source
    const remaining = call.endsAt - clock.unsafeCurrentTimeMillis()
    const pull = yield* Stream.toPull(
      enforceSize(source.stream(), { ...source, partSize: partSizeOf(source) })
    )
    let parts: ReadonlyArray<Uint8Array> = []
    let next = 0

    const nextPart: Pull<FileError> = Effect.suspend(() => {
      const part = parts[next++]
      if (part === undefined) {
        return Effect.flatMap(pull, (chunk) => {
          parts = Chunk.toReadonlyArray(chunk)
          next = 0
          return nextPart
        })
      }
      const now = clock.unsafeCurrentTimeMillis()
      call.endsAt = now + remaining
      call.lastActivity = { at: now, phase: "request" }
      state.sent += part.length
      return onProgress === undefined
        ? Effect.succeed(part)
        : Effect.as(onProgress({ sent: state.sent, size }), part)
    })
    return Effect.tapError(nextPart, (end) =>
      Effect.sync(() => {
        if (Option.isSome(end)) state.problem = end.value
      })
    )
  })

// All parts in one step where the source can, else one by one.
const readAll = (file: File, state: UploadState, call: CallState): Effect.Effect<Uint8Array, FileError> => {
  const { onProgress, source } = file
  if (source.bytes === undefined) {
    return Effect.scoped(Effect.flatMap(openParts(file, state, call), joinParts))
  }
  return Effect.flatMap(source.bytes(), (bytes) =>
    Effect.flatMap(checkLength(bytes, source), () => {
      state.sent = bytes.length
      return onProgress === undefined
        ? Effect.succeed(bytes)
        : Effect.as(onProgress({ sent: bytes.length, size: bytes.length }), bytes)
    })
  )
}

const joinParts = <E>(nextPart: Pull<E>): Effect.Effect<Uint8Array, E> => {
  const parts: Array<Uint8Array> = []
  return Effect.catchAll(Effect.forever(Effect.map(nextPart, (part) => parts.push(part))), (end) =>
    Option.isNone(end) ? Effect.sync(() => concat(parts)) : Effect.fail(end.value)
  )
}

// Declares the length of a stream. The platform's fetch client drops a lower-case `content-length`, and storages refuse a
// body of unknown length; in this spelling all clients of the platform send it on Node.
const withContentLength = (request: Request, size: number): Request =>
  Object.create(request, {
    headers: { value: Headers.unsafeFromRecord({ ...request.headers, "Content-Length": String(size) }) }
  })

// The platform's `node:http` client applies backpressure only between the parts of one chunk: chunks of one part would
// all be read at once, at any speed of the storage.
const splitPart = (part: Uint8Array): Chunk.Chunk<Uint8Array> => {
  const half = part.length >> 1
  return half === 0 ? Chunk.of(part) : Chunk.make(part.subarray(0, half), part.subarray(half))
}

// A body whose source is closed with the scope, and which fails from then on: not every HTTP client releases a body that
// it no longer needs. A running read is interrupted before the source is closed, so that a source that is being opened
// is closed as well.
const scopedStream = <E>(
  open: Effect.Effect<Pull<E>, never, Scope.Scope>
): Effect.Effect<Stream.Stream<Uint8Array, E | string>, never, Scope.Scope> =>
  Effect.gen(function* () {
    let isClosed = false
    let reader: Fiber.RuntimeFiber<unknown, unknown> | undefined
    const source = yield* Scope.make()
    const nextPart = yield* Effect.provideService(open, Scope.Scope, source)
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isClosed = true
        const close = Scope.close(source, Exit.void)
        return reader === undefined
          ? close
          : Effect.forkDaemon(Effect.zipRight(Fiber.interrupt(reader), close))
      })
    )
    const nextChunk = Effect.withFiberRuntime<Chunk.Chunk<Uint8Array>, Option.Option<E | string>>((fiber) => {
      if (isClosed) return Effect.fail(Option.some("the attempt to send this file has ended"))
      reader = fiber
      return Effect.ensuring(
        Effect.map(nextPart, splitPart),
        Effect.sync(() => {
          reader = undefined
        })
      )
    })
    return Stream.repeatEffectChunkOption(nextChunk)
  })

/** Makes the request that uploads a file that fits in memory. */
export const makeBytesRequest = (
  url: URL,
  file: File,
  state: UploadState,
  call: CallState
): Effect.Effect<Request, FileError> =>
  Effect.map(readAll(file, state, call), (bytes) =>
    HttpClientRequest.setBody(
      HttpClientRequest.put(url.href),
      HttpBody.uint8Array(bytes, file.source.contentType)
    )
  )

/** Makes the request that uploads a larger file by parts, while the scope is open. */
export const makeStreamRequest = (
  url: URL,
  file: File,
  state: UploadState,
  call: CallState
): Effect.Effect<Request, never, Scope.Scope> => {
  const { contentType, size } = file.source
  return Effect.map(scopedStream(openParts(file, state, call)), (body) =>
    withContentLength(
      HttpClientRequest.setBody(HttpClientRequest.put(url.href), HttpBody.stream(body, contentType)),
      size
    )
  )
}
