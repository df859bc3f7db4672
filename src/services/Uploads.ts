/**
 * Uploads: links to write files to the hub's storage, and to read them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { CallError } from "../AngoError.js"
import { given } from "../internal/given.js"
import { AngoClient } from "../layers/AngoClient.js"
import { fromInput, fromOptionalInput, type IdInput, type ProjectId, type StorageId } from "../schemas/Id.js"
import type { FileType } from "../schemas/Upload.js"

/**
 * The file to upload.
 *
 * @since 0.1.0
 */
export interface UploadOptions {
  /** With its extension. The hub stores it under this name: take one that no other file has. */
  readonly name: string
  /** What the file is for: `assets` for files to label. */
  readonly type?: FileType | undefined
  /** A storage of your own instead of the hub's. */
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
}

/**
 * Where a file goes.
 *
 * @since 0.1.0
 */
export interface UploadTarget {
  /**
   * Pre-signed: `PUT` the bytes to it, without the key. Whoever has the link can write the file, so that it is
   * `Redacted`.
   */
  readonly uploadUrl: Redacted.Redacted
  /** The same place without the signature: what an asset or an answer names as its `data`. */
  readonly fileUrl: string
}

/**
 * The file to read.
 *
 * @since 0.1.0
 */
export interface SignOptions {
  /** Its URL, as an asset's `data` or an `UploadTarget` has it. */
  readonly url: string
  readonly type?: FileType | undefined
  readonly storage?: IdInput<StorageId> | undefined
}

/** @since 0.1.0 */
export interface UploadsService {
  /**
   * A link to upload a file to (`GET /getUploadUrl`). An empty name is an `InvalidRequest`, and so is one with `.` or
   * `..` for a folder or the whole: its link would lead elsewhere.
   *
   * @example
   * ```ts
   * import { Uploads } from "effect-ango"
   * import { HttpClient, HttpClientRequest } from "@effect/platform"
   * import { Effect, Redacted } from "effect"
   *
   * const uploaded = Effect.gen(function*() {
   *   const uploads = yield* Uploads
   *   const target = yield* uploads.uploadUrl("65aa0000000000000000a001", { name: "cat.jpg", type: "assets" })
   *   yield* HttpClientRequest.put(Redacted.value(target.uploadUrl)).pipe(
   *     HttpClientRequest.bodyUint8Array(new Uint8Array([1, 2, 3])),
   *     HttpClient.execute
   *   )
   *   return target.fileUrl
   * })
   * ```
   */
  readonly uploadUrl: (
    projectId: IdInput<ProjectId>,
    options: UploadOptions
  ) => Effect.Effect<UploadTarget, CallError>

  /**
   * A link to read a file of a private storage (`GET /getSignedUrl`). Whoever has the link can read the file, so
   * that it is `Redacted`; it needs no key, and none belongs there. An empty URL is an `InvalidRequest`.
   */
  readonly signedUrl: (
    projectId: IdInput<ProjectId>,
    options: SignOptions
  ) => Effect.Effect<Redacted.Redacted, CallError>
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "")

/** @since 0.1.0 */
export const make: Effect.Effect<UploadsService, never, AngoClient> = Effect.gen(function* () {
  const { uploads: client } = yield* AngoClient

  return {
    uploadUrl: Effect.fn("Uploads.uploadUrl")(function* (projectId, { bucket, name, storage, type }) {
      const { data } = yield* client.uploadUrl({
        urlParams: given({
          name,
          project: fromInput(projectId),
          type,
          storageId: fromOptionalInput<StorageId>(storage),
          bucket
        })
      })
      return { uploadUrl: data.uploadUrl, fileUrl: withoutQuery(Redacted.value(data.uploadUrl)) }
    }),

    signedUrl: Effect.fn("Uploads.signedUrl")(function* (projectId, { storage, type, url }) {
      const { data } = yield* client.signedUrl({
        urlParams: given({
          name: url,
          project: fromInput(projectId),
          type,
          storageId: fromOptionalInput<StorageId>(storage),
          url
        })
      })
      return data.signedUrl
    })
  }
})

/**
 * The upload links of Ango Hub.
 *
 * @since 0.1.0
 */
export class Uploads extends Context.Tag("effect-ango/Uploads")<Uploads, UploadsService>() {
  static readonly layer: Layer.Layer<Uploads, never, AngoClient> = Layer.effect(Uploads, make)
}
