/**
 * What is left of an archive, after a part of it was downloaded: from the byte on where that part ends, if the storage
 * can and the archive is still the same; otherwise from its beginning, held to the part that is here.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type ArchiveError, ConnectionFailed, type DownloadError } from "../../errors/AngoError.js"
import { isTruncated } from "../../errors/ArchiveError.js"
import { overrideMessage } from "../../errors/messageOverride.js"
import { operationContext } from "../../errors/OperationContext.js"
import { compare, type Extent } from "../../files/extent.js"
import type { Settings } from "../RetryPolicy.js"
import * as CallState from "../transport/callState.js"
import type { Response } from "../transport/middleware.js"
import { pause, type Quota, settingsFor } from "../transport/retry.js"
import type { Open, Rest } from "./download.js"
import { declaredLength, enforceContentLength, operation } from "./downloadBody.js"
import { discardBody } from "./signedLink.js"

/** What a storage says of an archive: its version, and its length in bytes. */
export interface DownloadEvent {
  readonly etag?: string | undefined
  readonly length?: number | undefined
}

/** The part of an archive that is here, which whoever downloads the rest keeps up to date. */
export interface Place {
  readonly here: () => Extent
  readonly told: () => DownloadEvent
  /** Runs for each answer of the storage, before its bytes, and when these are found to be the same that are here. */
  readonly tell: (
    told: DownloadEvent,
    how: "begun" | "continued" | "compared" | "same"
  ) => Effect.Effect<void>
}

/** The link leads to another archive than the one of which a part is here. */
export interface ArchiveChanged {
  readonly _tag: "OtherArchive"
}

/**
 * The bytes behind those that are here. A download that breaks off is gone on with, as often as the retry policy says
 * for as long as less than a mebibyte comes in between.
 *
 * @since 0.1.0
 */
export type ResumableDownload = (
  link: Redacted.Redacted,
  place: Place
) => Stream.Stream<Uint8Array, DownloadError | ArchiveChanged>

const other: ArchiveChanged = { _tag: "OtherArchive" }

// After so many bytes a connection was good for something, and its end is no repetition of an earlier one.
const worthwhile = 1024 * 1024

// A version that stands for the very bytes; a weak one does not, and may be no condition of a range.
const strong = (etag: string | undefined): etag is string => etag !== undefined && /^"[^"]*"$/.test(etag)

const isPlain = ({ headers }: Response): boolean => (headers["content-encoding"] ?? "identity") === "identity"

interface Part {
  readonly length: number
  readonly bytes: number
}

// How many bytes an answer to a range brings, if they are exactly those that were asked for.
const partOf = (response: Response, here: number, told: DownloadEvent): Part | undefined => {
  const { headers, status } = response
  const etag = headers["etag"]
  if (!isPlain(response) || (etag !== undefined && etag !== told.etag)) return undefined
  const range = headers["content-range"]?.trim() ?? ""
  if (status === 416) {
    const length = /^bytes \*\/(\d+)$/.exec(range)?.[1]
    return Number(length) === here && (told.length ?? here) === here ? { length: here, bytes: 0 } : undefined
  }
  const [from, to, length] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(range) ?? []).slice(1).map(Number)
  if (from === undefined || to === undefined || length === undefined) return undefined
  const bytes = to - from + 1
  const isRest = from === here && to === length - 1 && bytes > 0 && (told.length ?? length) === length
  return isRest && (declaredLength(response) ?? bytes) === bytes ? { length, bytes } : undefined
}

type Bytes = Stream.Stream<Uint8Array, ConnectionFailed | DownloadError | ArchiveChanged>

// From the beginning: what is here already is not given again, and must be the same; until that is known, nothing else
// that the storage says of the archive is.
const behind = (bytes: Bytes, here: Extent, known: Effect.Effect<void>): Bytes =>
  Stream.suspend(() => {
    const comparison = compare(here)
    let isKnown = false
    const rest = Stream.mapEffect(bytes, (chunk) => {
      const more = comparison.feed(chunk)
      if (more === undefined) return Effect.fail(other)
      if (isKnown || !comparison.isOver()) return Effect.succeed(more)
      isKnown = true
      return Effect.as(known, more)
    })
    return Stream.concat(
      Stream.filter(rest, ({ length }) => length > 0),
      Stream.suspend(() => (comparison.isOver() ? Stream.empty : Stream.fail(other)))
    )
  })

const isBreak = (error: DownloadError | ArchiveChanged): error is ConnectionFailed | ArchiveError =>
  isTruncated(error) || (error._tag === "ConnectionFailed" && error.phase === "body")

/** Downloads the rest of archives. */
export const make = (
  open: Open,
  policies: { readonly retry: Settings; readonly quota: Quota }
): ResumableDownload => {
  const whole = (place: Place, response: Response) =>
    Effect.gen(function* () {
      const here = place.here()
      const length = declaredLength(response)
      const told = { etag: isPlain(response) ? response.headers["etag"] : undefined, length }
      if (here.bytes === 0) {
        yield* place.tell(told, "begun")
        return enforceContentLength(response, length)
      }
      yield* place.tell({}, "compared")
      return behind(enforceContentLength(response, length), here, place.tell(told, "same"))
    })

  const connect = (link: Redacted.Redacted, place: Place): Effect.Effect<Bytes, DownloadError> =>
    Effect.gen(function* () {
      const here = place.here()
      const { etag, length } = place.told()
      // Nothing is left to be asked for.
      if (here.bytes > 0 && here.bytes === length) return Stream.empty
      const rest: Rest | undefined = here.bytes > 0 && strong(etag) ? { from: here.bytes, etag } : undefined
      const response = yield* open(link, rest)
      if (response.status === 200) return yield* whole(place, response)
      const part = partOf(response, here.bytes, { etag, length })
      if (part !== undefined) {
        yield* place.tell({ etag, length: part.length }, "continued")
        if (part.bytes > 0) return enforceContentLength(response, part.bytes, here.bytes)
        yield* discardBody(response)
        return Stream.empty
      }
      // Another part than was asked for, or of another archive: nothing of it can be used.
      yield* discardBody(response)
      return yield* Effect.flatMap(open(link), (again) => whole(place, again))
    })

  // Whether there may be another attempt is for the retry policy to say, which knows of connections.
  const wait = (error: ConnectionFailed | ArchiveError, attempts: number) => {
    const call = CallState.make(operation)
    const broken =
      error._tag === "ConnectionFailed"
        ? error
        : new ConnectionFailed({ ...operationContext(operation, error.message), phase: "body" })
    return Effect.flatMap(settingsFor(policies.retry, call), (settings) =>
      pause(settings, call, { quota: policies.quota, budget: Effect.succeed(undefined) }, broken, attempts)
    ).pipe(
      Effect.mapError((last) =>
        isTruncated(error) && last._tag === "ConnectionFailed" ? overrideMessage(error, last.message) : last
      )
    )
  }

  const from = (link: Redacted.Redacted, place: Place, attempts: number): Bytes =>
    Stream.suspend(() => {
      const before = place.here().bytes
      return Stream.catchAll(Stream.unwrap(connect(link, place)), (error): Bytes => {
        if (!isBreak(error)) return Stream.fail(error)
        const made = place.here().bytes - before >= worthwhile ? 1 : attempts
        return Stream.unwrap(Effect.as(wait(error, made), from(link, place, made + 1)))
      })
    })

  return (link, place) => from(link, place, 1)
}
