/**
 * Downloads of an archive of which a part was received before: from the byte where that part ends, if the storage
 * supports it and the archive is unchanged; otherwise from the start, compared with the part that was received.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type ArchiveError, ConnectionFailed, type DownloadError } from "../../errors/AngoError.js"
import { isTruncated } from "../../errors/ArchiveError.js"
import { overrideMessage } from "../../errors/messageOverride.js"
import { operationContext } from "../../errors/OperationContext.js"
import { compare, type Extent } from "../../files/extent.js"
import { type CallPolicies, startCall } from "../transport/policyOrder.js"
import type { Response } from "../transport/response.js"
import { waitForRetry } from "../transport/retry.js"
import { declaredLength, enforceContentLength, isUnencoded, operation } from "./downloadBody.js"
import type { Open, Range } from "./signedDownload.js"
import { discardBody, noBudget } from "./signedLink.js"

/**
 * What a storage declares about an archive: its version, and its length in bytes.
 *
 * @category models
 * @since 0.1.0
 */
export interface ArchiveVersion {
  readonly etag?: string | undefined
  readonly length?: number | undefined
}

/**
 * What a response of the storage means for the part that was received: the download has `started` without one,
 * `resumed` after it, or restarted and is `comparing` with it, until the part is `matched`.
 *
 * @category models
 * @since 0.1.0
 */
export type DownloadEvent = "started" | "resumed" | "comparing" | "matched"

/**
 * The part of an archive that was received. The caller keeps it up to date while it consumes the download.
 *
 * @category models
 * @since 0.1.0
 */
export interface PartialDownload {
  readonly received: () => Extent
  readonly version: () => ArchiveVersion
  /** Runs for each response before its bytes, and when the compared part has matched. */
  readonly onEvent: (version: ArchiveVersion, event: DownloadEvent) => Effect.Effect<void>
}

/**
 * The link leads to another archive than the one of which a part was received.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ArchiveChanged {
  readonly _tag: "ArchiveChanged"
}

/**
 * Downloads the bytes after the part that was received. Resumes when the connection breaks, as often in a row as the
 * retry policy allows; an attempt that received a mebibyte or more starts a new count.
 *
 * @category models
 * @since 0.1.0
 */
export type ResumableDownload = (
  link: Redacted.Redacted,
  partial: PartialDownload
) => Stream.Stream<Uint8Array, DownloadError | ArchiveChanged>

const archiveChanged: ArchiveChanged = { _tag: "ArchiveChanged" }

// An attempt that received this many bytes made progress: its end starts a new count of attempts.
const progressBytes = 1024 * 1024

// A strong validator identifies the exact bytes; a weak one must not be used in `If-Range`.
const isStrong = (etag: string | undefined): etag is string => etag !== undefined && /^"[^"]*"$/.test(etag)

interface ContentRange {
  /** Of the whole archive. */
  readonly length: number
  /** Of this response. */
  readonly bytes: number
}

// Parses the response to a range; `undefined` unless it is exactly the rest of the same archive.
const parseRange = (
  response: Response,
  received: number,
  version: ArchiveVersion
): ContentRange | undefined => {
  const { headers, status } = response
  const etag = headers["etag"]
  if (!isUnencoded(response) || (etag !== undefined && etag !== version.etag)) return undefined
  const range = headers["content-range"]?.trim() ?? ""
  if (status === 416) {
    const length = Number(/^bytes \*\/(\d+)$/.exec(range)?.[1])
    return length === received && (version.length ?? received) === received ? { length, bytes: 0 } : undefined
  }
  const [from, to, length] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(range) ?? []).slice(1).map(Number)
  if (from === undefined || to === undefined || length === undefined) return undefined
  const bytes = to - from + 1
  const isRest = from === received && to === length - 1 && bytes > 0 && (version.length ?? length) === length
  return isRest && (declaredLength(response) ?? bytes) === bytes ? { length, bytes } : undefined
}

type Bytes = Stream.Stream<Uint8Array, ConnectionFailed | DownloadError | ArchiveChanged>

// Compares a download from the start with the part that was received, and emits what follows that part.
const skipReceived = (bytes: Bytes, received: Extent, onMatch: Effect.Effect<void>): Bytes =>
  Stream.suspend(() => {
    const comparison = compare(received)
    let hasMatched = false
    const rest = Stream.mapChunksEffect(bytes, (chunk) => {
      const more: Array<Uint8Array> = []
      for (const piece of chunk) {
        const rest = comparison.feed(piece)
        if (rest === undefined) return Effect.fail(archiveChanged)
        if (rest.length > 0) more.push(rest)
      }
      const added = Chunk.unsafeFromArray(more)
      if (hasMatched || !comparison.isOver()) return Effect.succeed(added)
      hasMatched = true
      return Effect.as(onMatch, added)
    })
    return Stream.concat(
      rest,
      Stream.suspend(() => (comparison.isOver() ? Stream.empty : Stream.fail(archiveChanged)))
    )
  })

const isBreak = (error: DownloadError | ArchiveChanged): error is ConnectionFailed | ArchiveError =>
  isTruncated(error) || (error._tag === "ConnectionFailed" && error.phase === "body")

/** Makes resumable downloads. */
export const make = (
  open: Open,
  policies: Pick<CallPolicies, "config" | "quota" | "retry">
): ResumableDownload => {
  const fromStart = (partial: PartialDownload, response: Response) =>
    Effect.gen(function* () {
      const received = partial.received()
      const length = declaredLength(response)
      const version = { etag: isUnencoded(response) ? response.headers["etag"] : undefined, length }
      if (received.bytes === 0) {
        // An earlier download lost its bytes, and knows the archive that they were of.
        const { etag: known } = partial.version()
        if (isStrong(known) && version.etag !== known) {
          yield* discardBody(response)
          return Stream.fail(archiveChanged)
        }
        yield* partial.onEvent(version, "started")
        return enforceContentLength(response, length)
      }
      // The version is recorded only once the part has matched.
      yield* partial.onEvent({}, "comparing")
      return skipReceived(
        enforceContentLength(response, length),
        received,
        partial.onEvent(version, "matched")
      )
    })

  const connect = (link: Redacted.Redacted, partial: PartialDownload): Effect.Effect<Bytes, DownloadError> =>
    Effect.gen(function* () {
      const received = partial.received()
      const { etag, length } = partial.version()
      if (received.bytes > 0 && received.bytes === length) return Stream.empty
      const range: Range | undefined =
        received.bytes > 0 && isStrong(etag) ? { from: received.bytes, etag } : undefined
      const response = yield* open(link, range)
      if (response.status === 200) return yield* fromStart(partial, response)
      const contentRange = parseRange(response, received.bytes, { etag, length })
      if (contentRange !== undefined) {
        yield* partial.onEvent({ etag, length: contentRange.length }, "resumed")
        if (contentRange.bytes > 0) {
          return enforceContentLength(response, contentRange.bytes, received.bytes)
        }
        yield* discardBody(response)
        return Stream.empty
      }
      // Another range than requested, or one of another archive: start again.
      yield* discardBody(response)
      return yield* Effect.flatMap(open(link), (again) => fromStart(partial, again))
    })

  // The retry policy judges connections, so a truncated archive is presented to it as one that broke.
  const waitToResume = (error: ConnectionFailed | ArchiveError, attempts: number) => {
    const failure =
      error._tag === "ConnectionFailed"
        ? error
        : new ConnectionFailed({ ...operationContext(operation, error.message), phase: "body" })
    // A wait has no deadline: the download may take any time.
    return startCall(operation, policies, [], (call, { retry }) => {
      call.endsAt = Number.POSITIVE_INFINITY
      return waitForRetry(retry, call, { quota: policies.quota, budget: noBudget }, failure, attempts)
    }).pipe(
      Effect.mapError((last) =>
        isTruncated(error) && last._tag === "ConnectionFailed" ? overrideMessage(error, last.message) : last
      )
    )
  }

  const run = (link: Redacted.Redacted, partial: PartialDownload, attempts: number): Bytes =>
    Stream.suspend(() => {
      const before = partial.received().bytes
      return Stream.catchAll(Stream.unwrap(connect(link, partial)), (error): Bytes => {
        if (!isBreak(error)) return Stream.fail(error)
        const made = partial.received().bytes - before >= progressBytes ? 1 : attempts
        return Stream.unwrap(Effect.as(waitToResume(error, made), run(link, partial, made + 1)))
      })
    })

  return (link, partial) => run(link, partial, 1)
}
