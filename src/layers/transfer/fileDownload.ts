/**
 * Downloads of single files by pre-signed links, into memory: without the key, from any host that the link names.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Operation } from "../../api/operation.js"
import { type AttemptError, ConnectionFailed, type TransferError } from "../../errors/AngoError.js"
import { concat } from "../../utils/concat.js"
import type { Response } from "../transport/response.js"
import { declaredLength } from "./downloadBody.js"
import type { DownloadKind, Open } from "./signedDownload.js"
import * as SignedLink from "./signedLink.js"

/**
 * Downloads a whole file of at most `maxBytes`.
 *
 * @category models
 * @since 0.1.0
 */
export type FileDownload = (
  link: Redacted.Redacted,
  maxBytes: number
) => Effect.Effect<Uint8Array, AttemptError | TransferError>

// Not an endpoint of the contract: the link may lead anywhere, and is not part of errors, spans and logs.
const operation: Operation = {
  name: "uploads.download",
  method: "GET",
  route: "{signedUrl}",
  status: 200,
  repeat: "safe",
  title: "The download of the stored file"
}

const advice = "Request a new link."

const fileLinks = SignedLink.make(operation, { direction: "download", advice, content: "the file" })

/** Single files. */
export const fileKind: DownloadKind = { operation, links: fileLinks, advice }

const lengthError = ({ url }: Response, message: string): TransferError =>
  fileLinks.transferError("length", message, { link: new URL(url) })

const readAll = (
  response: Response,
  maxBytes: number
): Effect.Effect<Uint8Array, AttemptError | TransferError> =>
  Effect.gen(function* () {
    const expected = declaredLength(response)
    const limit = Math.min(expected ?? maxBytes, maxBytes)
    const tooLong = lengthError(
      response,
      limit === expected
        ? `got more bytes than the storage declared. ${advice}`
        : `was stopped: the file has more than ${maxBytes} bytes.`
    )
    if (expected !== undefined && expected > maxBytes) return yield* tooLong
    const parts: Array<Uint8Array> = []
    let received = 0
    yield* Stream.runForEach(response.stream, (part) => {
      received += part.length
      parts.push(part)
      return received > limit ? Effect.fail(tooLong) : Effect.void
    })
    // Not every HTTP client notices a body that is too short.
    if (expected !== undefined && received < expected) {
      return yield* new ConnectionFailed({
        ...fileLinks.context(`broke off after ${received} of ${expected} bytes. Try again.`),
        phase: "body"
      })
    }
    return concat(parts)
  })

/** Makes downloads. The deadline ends when the response begins, as for archives; the idle timeout applies to the body. */
export const make =
  (open: Open): FileDownload =>
  (link, maxBytes) =>
    Effect.flatMap(open(link), (response) => readAll(response, maxBytes))
