/**
 * How the hub's storage gives archives: as a whole or in parts, by links that may expire.
 *
 * @remarks undocumented: the real archives are in a bucket of a cloud; statuses, headers and errors are those of S3.
 */
import * as Headers from "@effect/platform/Headers"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Archive, ArchiveOptions } from "../archive/Archive.js"

/** An archive in the storage, and what its link still allows. */
export interface Stored {
  readonly archive: Archive
  /** On the clock of the hub, epoch milliseconds. */
  readonly expiresAt: number | undefined
  downloadsLeft: number
}

/** Puts an archive into the storage. */
export const store = (archive: Archive, options: ArchiveOptions): Effect.Effect<Stored> =>
  Effect.map(Clock.currentTimeMillis, (now) => ({
    archive,
    expiresAt: options.expiresAfter === undefined ? undefined : now + Duration.toMillis(options.expiresAfter),
    downloadsLeft: options.downloads ?? Number.POSITIVE_INFINITY
  }))

/** An error of a storage. */
export const refused = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    { status, contentType: "application/xml", headers }
  )

/** What a storage says to a link that it does not take, or takes no more. */
export const denied = (message: string): HttpServerResponse.HttpServerResponse =>
  refused(403, "AccessDenied", message)

type Range = { readonly from: number; readonly to: number }

/** The part that is asked for, of so many bytes; nothing when it is for all, or not to be understood. */
export const rangeOf = (header: string, size: number): Range | "unsatisfiable" | undefined => {
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

const isOneOf = (etags: string, etag: string): boolean =>
  etags.split(",").some((one) => one.trim() === etag || one.trim() === "*")

const answer = (
  { archive }: Stored,
  request: HttpServerRequest.HttpServerRequest,
  options: ArchiveOptions
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.gen(function* () {
    const etag = archive.etag()
    const hasRanges = options.ranges !== false
    const headers = { etag, "accept-ranges": hasRanges ? "bytes" : "none" }
    const header = (name: string) => Option.getOrUndefined(Headers.get(request.headers, name))

    const match = header("if-match")
    if (match !== undefined && !isOneOf(match, etag)) {
      return refused(412, "PreconditionFailed", "At least one of the pre-conditions did not hold.", headers)
    }
    const contentType = "application/zip"
    const asked = header("range")
    const condition = header("if-range")
    if (hasRanges && asked !== undefined && (condition === undefined || condition === etag)) {
      const size = yield* archive.size
      const range = rangeOf(asked, size)
      if (range === "unsatisfiable") {
        const none = { ...headers, "content-range": `bytes */${size}` }
        return refused(416, "InvalidRange", "The requested range is not satisfiable.", none)
      }
      if (range !== undefined) {
        const length = range.to - range.from + 1
        return HttpServerResponse.stream(archive.part(range.from, length), {
          status: 206,
          contentType,
          contentLength: length,
          headers: { ...headers, "content-range": `bytes ${range.from}-${range.to}/${size}` }
        })
      }
    }
    if (request.method === "HEAD") {
      const size = yield* archive.size
      return HttpServerResponse.empty({
        status: 200,
        headers: { ...headers, "content-type": contentType, "content-length": String(size) }
      })
    }
    const contentLength = yield* archive.known
    return HttpServerResponse.stream(archive.bytes, {
      contentType,
      headers,
      ...(contentLength === undefined ? {} : { contentLength })
    })
  })

/** Answers a request for an archive whose link was found to be good. */
export const serve = (
  stored: Stored,
  request: HttpServerRequest.HttpServerRequest,
  options: ArchiveOptions
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (stored.expiresAt !== undefined && now >= stored.expiresAt) {
      return Effect.succeed(denied("Request has expired"))
    }
    if (stored.downloadsLeft <= 0) return Effect.succeed(denied("The link was used as often as it may be."))
    if (request.method === "GET") stored.downloadsLeft--
    return answer(stored, request, options)
  })
