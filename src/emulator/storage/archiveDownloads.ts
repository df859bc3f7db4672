/**
 * Downloads of export archives from the file storage: whole or by byte range, through links that may expire.
 *
 * @remarks undocumented: the real archives are in a cloud bucket; statuses, headers and errors are those of S3.
 */
import * as Headers from "@effect/platform/Headers"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Archive, ArchiveOptions } from "../archive/Archive.js"
import { accessDenied, errorResponse } from "./errorResponse.js"

/** An archive in the file storage, and the limits of its link. */
export interface StoredArchive {
  readonly archive: Archive
  /** Epoch milliseconds on the hub's clock; `undefined` for a link that never expires. */
  readonly expiresAt: number | undefined
  remainingDownloads: number
}

/** Puts an archive into the file storage; its link is valid from now on. */
export const storeArchive = (archive: Archive, options: ArchiveOptions): Effect.Effect<StoredArchive> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    archive,
    expiresAt: options.expiresAfter === undefined ? undefined : now + Duration.toMillis(options.expiresAfter),
    remainingDownloads: options.downloads ?? Number.POSITIVE_INFINITY
  }))

type ByteRange = { readonly from: number; readonly to: number }

/**
 * Parses a `Range` header for a content of `size` bytes; both ends of the result are included. `undefined` means that
 * the header is to be ignored, because it is invalid or has several ranges.
 */
export const parseRange = (header: string, size: number): ByteRange | "unsatisfiable" | undefined => {
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? []
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined
  if (first === "") {
    const length = Math.min(Number(last), size)
    return length === 0 ? "unsatisfiable" : { from: size - length, to: size - 1 }
  }
  const [from, to] = [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)]
  if (last !== "" && Number(last) < from) return undefined
  return from >= size ? "unsatisfiable" : { from, to }
}

const includesETag = (etags: string, etag: string): boolean =>
  etags.split(",").some((item) => item.trim() === etag || item.trim() === "*")

const respond = (
  { archive }: StoredArchive,
  request: HttpServerRequest.HttpServerRequest,
  options: ArchiveOptions
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.gen(function* () {
    const etag = archive.etag()
    const hasRanges = options.ranges !== false
    const headers = { etag, "accept-ranges": hasRanges ? "bytes" : "none" }
    const header = (name: string) => Option.getOrUndefined(Headers.get(request.headers, name))

    const ifMatch = header("if-match")
    if (ifMatch !== undefined && !includesETag(ifMatch, etag)) {
      return errorResponse(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions did not hold.",
        headers
      )
    }
    const contentType = "application/zip"
    const rangeHeader = header("range")
    const ifRange = header("if-range")
    if (hasRanges && rangeHeader !== undefined && (ifRange === undefined || ifRange === etag)) {
      const size = yield* archive.length
      const range = parseRange(rangeHeader, size)
      if (range === "unsatisfiable") {
        const unsatisfiable = { ...headers, "content-range": `bytes */${size}` }
        return errorResponse(416, "InvalidRange", "The requested range is not satisfiable.", unsatisfiable)
      }
      if (range !== undefined) {
        const length = range.to - range.from + 1
        return HttpServerResponse.stream(archive.range(range.from, length), {
          status: 206,
          contentType,
          contentLength: length,
          headers: { ...headers, "content-range": `bytes ${range.from}-${range.to}/${size}` }
        })
      }
    }
    if (request.method === "HEAD") {
      const size = yield* archive.length
      return HttpServerResponse.empty({
        status: 200,
        headers: { ...headers, "content-type": contentType, "content-length": String(size) }
      })
    }
    const contentLength = yield* archive.knownLength
    return HttpServerResponse.stream(archive.bytes, {
      contentType,
      headers,
      ...(contentLength === undefined ? {} : { contentLength })
    })
  })

/** Responds to a `GET` or `HEAD` of an archive whose link is valid, unless it has expired or is used up. */
export const serveArchive = (
  stored: StoredArchive,
  request: HttpServerRequest.HttpServerRequest,
  options: ArchiveOptions
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (stored.expiresAt !== undefined && now >= stored.expiresAt) {
      return Effect.succeed(accessDenied("Request has expired"))
    }
    if (stored.remainingDownloads <= 0) {
      return Effect.succeed(accessDenied("The link has no downloads left."))
    }
    if (request.method === "GET") stored.remainingDownloads--
    return respond(stored, request, options)
  })
