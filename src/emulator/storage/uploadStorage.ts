/**
 * Uploads to the file storage: a file is stored completely or not at all.
 *
 * @remarks undocumented: the real files are in a cloud bucket; statuses and errors are those of S3.
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { sha256 } from "@noble/hashes/sha2.js"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { concat } from "../../utils/concat.js"
import type { HubState, StoredFile } from "../state/HubState.js"
import { errorResponse } from "./errorResponse.js"

/**
 * How the hub's file storage accepts uploads.
 *
 * @category options
 * @since 0.1.0
 */
export interface UploadStorageOptions {
  /**
   * The largest file, in bytes, whose content is kept; default 16 MiB. Of a larger file only size and SHA-256 are kept,
   * so that it cannot be read again.
   */
  readonly keep?: number | undefined
  /** How long an upload link is valid, on the hub's clock; by default it never expires. */
  readonly expiresAfter?: Duration.DurationInput | undefined
}

const defaultKeep = 16 * 1024 * 1024

/**
 * The body of an upload as the hub received it, complete or not.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReceivedBody {
  /** Bytes received. */
  readonly size: number
  /** The SHA-256 of the received bytes, as hexadecimal digits. */
  readonly sha256: string
  /** Whether the file was stored. */
  readonly isStored: boolean
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** A stored file with this content. */
export const toStoredFile = (content: Uint8Array, contentType: string): StoredFile => ({
  content,
  contentType,
  size: content.length,
  sha256: hex(sha256(content))
})

/**
 * Stores the body of a request whose link is valid as the file at a path. An existing file stays until the whole body
 * has been received. `onBody` receives every body, also one that is not stored.
 */
export const storeUpload = (
  state: HubState,
  path: string,
  request: HttpServerRequest.HttpServerRequest,
  { keep = defaultKeep }: UploadStorageOptions,
  onBody: (body: ReceivedBody) => void
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.suspend(() => {
    const contentLength = request.headers["content-length"] ?? ""
    if (!/^\d+$/.test(contentLength)) {
      return Effect.succeed(
        errorResponse(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
      )
    }
    const declaredLength = Number(contentLength)
    const hash = sha256.create()
    const parts: Array<Uint8Array> = []
    let size = 0
    const receive = Stream.runForEachChunk(request.stream, (chunk) =>
      Effect.sync(() => {
        for (const part of chunk) {
          size += part.length
          hash.update(part)
          if (declaredLength <= keep) parts.push(part)
        }
      })
    )
    let isStored = false
    const store = Effect.sync(() => {
      if (size !== declaredLength) {
        return errorResponse(400, "IncompleteBody", "The length of the body differs from Content-Length.")
      }
      state.files.set(path, {
        contentType: request.headers["content-type"] ?? "application/octet-stream",
        size,
        sha256: hex(hash.clone().digest()),
        content: declaredLength <= keep ? concat(parts) : undefined
      })
      isStored = true
      return HttpServerResponse.empty({ status: 200 })
    })
    return Effect.zipRight(receive, store).pipe(
      // The connection is broken: no client receives this response.
      Effect.orElseSucceed(() => errorResponse(400, "RequestTimeout", "The body is incomplete.")),
      Effect.ensuring(Effect.sync(() => onBody({ size, sha256: hex(hash.digest()), isStored })))
    )
  })
