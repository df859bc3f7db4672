/**
 * The body of what a storage answers: as long as it was said to be, or an error.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Operation } from "../../api/operations.js"
import { ArchiveError, type ConnectionFailed, TransferError } from "../../errors/AngoError.js"
import type { Response } from "../transport/middleware.js"
import * as SignedLink from "./signedLink.js"
import { withoutQuery } from "./signedLink.js"

/** No endpoint of the contract: the link may lead anywhere, and is not told. */
export const operation: Operation = {
  name: "exports.download",
  method: "GET",
  route: "{exportPath}",
  status: 200,
  repeat: "safe"
}

/** What is to be said of links to archives; `say` says where a download failed, and why. */
export const { advice, busy, expired, parse, say } = SignedLink.make(operation, {
  direction: "download",
  again: "ask for a new export",
  what: "the archive"
})

/** The length that was promised; that of a body which is packed once more says nothing of its content. */
export const declaredLength = ({ headers }: Response): number | undefined => {
  const length = headers["content-length"] ?? ""
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity"
  return isPlain && /^\d+$/.test(length) ? Number(length) : undefined
}

/**
 * A body of so many bytes, `before` of the archive being here already. One that ends before its length fails, since not
 * every HTTP client notices, and nothing is given of what comes behind it.
 */
export const enforceContentLength = (
  { request, stream }: Response,
  expected: number | undefined,
  before = 0
): Stream.Stream<Uint8Array, ConnectionFailed | TransferError | ArchiveError> =>
  Stream.suspend(() => {
    // The errors of the body are ours since `ownErrors`.
    const body = stream as Stream.Stream<Uint8Array, unknown> as Stream.Stream<Uint8Array, ConnectionFailed>
    if (expected === undefined) return body
    let received = 0
    const counted = Stream.mapEffect(body, (bytes) => {
      received += bytes.length
      return received <= expected
        ? Effect.succeed(bytes)
        : Effect.fail(
            new TransferError({
              direction: "download",
              ...say("was answered with more bytes than the storage said. Ask for a new export."),
              reason: "length",
              link: withoutQuery(new URL(request.url))
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
                `The download ended after ${before + received} of ${before + expected} bytes. What was read before ` +
                "is real, and it is not everything: download it again."
            })
          )
    )
    return Stream.concat(counted, end)
  })
