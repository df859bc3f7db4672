/**
 * How the hub's storage takes files: as a whole or not at all.
 *
 * @remarks undocumented: the real files are in a bucket of a cloud; statuses and errors are those of S3.
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import { sha256 } from "@noble/hashes/sha2.js"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { concat } from "../../utils/concat.js"
import type { HubState, StoredFile } from "../state/HubState.js"
import { refused } from "./archiveDownloads.js"

/**
 * How the hub's storage takes files.
 *
 * @since 0.1.0
 */
export interface UploadStorageOptions {
  /**
   * The content of a file of so many bytes at most is kept; default 16 MiB. A larger one is counted and hashed while it
   * comes, and cannot be read again.
   */
  readonly keep?: number | undefined
  /** How long an upload link lasts, on the hub's clock; by default for ever. */
  readonly expiresAfter?: Duration.DurationInput | undefined
}

const defaultKeep = 16 * 1024 * 1024

/** What came as the body of an upload: all of it, or as much as there was. */
export interface ReceivedBody {
  /** Bytes. */
  readonly size: number
  /** The SHA-256 of these bytes, as hexadecimal digits. */
  readonly sha256: string
  /** Whether it is in the storage now. */
  readonly isStored: boolean
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** A file with its content. */
export const stored = (content: Uint8Array, contentType: string): StoredFile => ({
  content,
  contentType,
  size: content.length,
  sha256: hex(sha256(content))
})

/**
 * Takes the body of a request whose link was found to be good as the file at a path. Until all of it has come, what was
 * there before stays. `told` hears what came, also of what is not stored.
 */
export const storeUpload = (
  state: HubState,
  path: string,
  request: HttpServerRequest.HttpServerRequest,
  { keep = defaultKeep }: UploadStorageOptions,
  told: (body: ReceivedBody) => void
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.suspend(() => {
    const length = request.headers["content-length"] ?? ""
    if (!/^\d+$/.test(length)) {
      return Effect.succeed(
        refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
      )
    }
    const expected = Number(length)
    const hash = sha256.create()
    const parts: Array<Uint8Array> = []
    let size = 0
    const received = Stream.runForEachChunk(request.stream, (chunk) =>
      Effect.sync(() => {
        for (const part of chunk) {
          size += part.length
          hash.update(part)
          if (expected <= keep) parts.push(part)
        }
      })
    )
    let isStored = false
    const store = Effect.sync(() => {
      if (size !== expected) {
        return refused(400, "IncompleteBody", "The body has another length than Content-Length says.")
      }
      state.files.set(path, {
        contentType: request.headers["content-type"] ?? "application/octet-stream",
        size,
        sha256: hex(hash.clone().digest()),
        content: expected <= keep ? concat(parts) : undefined
      })
      isStored = true
      return HttpServerResponse.empty({ status: 200 })
    })
    return Effect.zipRight(received, store).pipe(
      // The connection is gone: nobody hears this.
      Effect.orElseSucceed(() => refused(400, "RequestTimeout", "The body did not come to its end.")),
      Effect.ensuring(Effect.sync(() => told({ size, sha256: hex(hash.digest()), isStored })))
    )
  })
