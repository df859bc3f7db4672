/**
 * The body of a download: exactly as long as the storage declared, or an error.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Operation } from "../../api/operation.js"
import { ArchiveError, type ConnectionFailed, type TransferError } from "../../errors/AngoError.js"
import type { Response } from "../transport/response.js"
import * as SignedLink from "./signedLink.js"

/** Not an endpoint of the contract: the link may lead anywhere, and is not part of errors, spans and logs. */
export const operation: Operation = {
  name: "exports.download",
  method: "GET",
  route: "{exportPath}",
  status: 200,
  repeat: "safe",
  title: "The download of the export archive"
}

/** How to get another link. */
export const advice = "Request a new export."

/** Links to archives. */
export const archiveLinks = SignedLink.make(operation, {
  direction: "download",
  advice,
  content: "the archive"
})

/** Makes the context of an error of a download, from what happened. */
export const downloadContext = archiveLinks.context

/** Whether the body is sent without a content encoding, so that its length is that of the archive. */
export const isUnencoded = ({ headers }: Response): boolean =>
  (headers["content-encoding"] ?? "identity") === "identity"

/** The length of the archive in bytes, if the response declares it. */
export const declaredLength = (response: Response): number | undefined => {
  const length = response.headers["content-length"] ?? ""
  return isUnencoded(response) && /^\d+$/.test(length) ? Number(length) : undefined
}

/**
 * The body of a response, which must have `expected` bytes, after `before` bytes of the archive that were received
 * earlier. A shorter one fails at its end, as not every HTTP client notices; a longer one emits nothing beyond its
 * length.
 */
export const enforceContentLength = (
  response: Response,
  expected: number | undefined,
  before = 0
): Stream.Stream<Uint8Array, ConnectionFailed | TransferError | ArchiveError> =>
  Stream.suspend(() => {
    const body = response.stream
    if (expected === undefined) return body
    let received = 0
    const counted = Stream.mapChunksEffect(body, (chunk) => {
      for (const bytes of chunk) received += bytes.length
      return received <= expected
        ? Effect.succeed(chunk)
        : Effect.fail(
            archiveLinks.transferError("length", `got more bytes than the storage declared. ${advice}`, {
              link: new URL(response.url)
            })
          )
    })
    const end = Stream.suspend(() =>
      received === expected
        ? Stream.empty
        : Stream.fail(
            new ArchiveError({
              reason: "truncated",
              offset: before + received,
              message:
                `The download ended after ${before + received} of ${before + expected} bytes. What was read so far ` +
                "is valid and incomplete. Download it again."
            })
          )
    )
    return Stream.concat(counted, end)
  })
