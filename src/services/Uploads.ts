/**
 * Uploads: files into the hub's storage, and links to write and to read them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import { assetLookup } from "../bulk/assetLookup.js"
import type { RowOutcome } from "../bulk/RowOutcome.js"
import { uploadFiles } from "../bulk/writers/uploadFiles.js"
import type {
  FileRow,
  UploadedAsset,
  UploadFilesError,
  UploadFilesOptions,
  UploadRowError
} from "../bulk/writers/uploadFileTypes.js"
import type { CallError, UploadError } from "../errors/AngoError.js"
import { storedName } from "../files/storedName.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import type { FileSource } from "../layers/transfer/FileSource.js"
import { sized } from "../layers/transfer/upload.js"
import type { PutOptions } from "../layers/transfer/uploadRequest.js"
import { fromInput, fromOptionalInput, type IdInput, type ProjectId, type StorageId } from "../schemas/ids.js"
import type { FileType } from "../schemas/Upload.js"
import { omitUndefined } from "../utils/omitUndefined.js"

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
 * What a file is for, and where it goes.
 *
 * @since 0.1.0
 */
export interface PutFileOptions extends Omit<UploadOptions, "name">, PutOptions {}

/**
 * A file that is stored.
 *
 * @since 0.1.0
 */
export interface UploadedFile {
  /** Where it is, without any right to it: what an asset or an answer names as its `data`. */
  readonly fileUrl: string
  /** What it is called, as its source has it. */
  readonly externalId: string
  /** In bytes. */
  readonly size: number
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
   * Stores one file: asks for a link, and puts the bytes behind it without the key. In the storage it has a name that no
   * other file has, with the extension of its own; `externalId` of the result keeps what it is called. It is an asset
   * once `Assets.importFromCloud` has been told of it.
   *
   * A storage that is busy or out of reach is tried again under the retry policy, each time from the first byte. A link
   * that has expired is replaced once; then it is `LinkExpired`. `BrokenSource` tells of a file that is not there or not
   * of its size, `UploadRefused` of a storage that does not want it; nothing is stored then. A storage takes 5 GiB at
   * most at once.
   *
   * @example
   * ```ts
   * import { Assets, FileSource, Uploads } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const added = Effect.gen(function*() {
   *   const [assets, uploads] = yield* Effect.all([Assets, Uploads])
   *   const cat = yield* FileSource.file("photos/cat #1.jpg")
   *   const { externalId, fileUrl } = yield* uploads.put("65aa0000000000000000a001", cat)
   *   const rows = Stream.make({ data: fileUrl, externalId })
   *   return yield* Stream.runCollect(
   *     assets.importFromCloud("65aa0000000000000000a001", rows, { uploadLocal: true })
   *   )
   * })
   * ```
   */
  readonly put: (
    projectId: IdInput<ProjectId>,
    source: FileSource,
    options?: PutFileOptions
  ) => Effect.Effect<UploadedFile, UploadError>

  /**
   * Makes assets, and a task for each, of files that are on this machine or made on the way: rows in, from a stream or
   * anything iterable, and one outcome for each row out, in their order. See `RowOutcome`.
   *
   * For each row: a link (`GET /getUploadUrl`), and the bytes behind it as {@link UploadsService.put} has it; then, by
   * the chunk, the assets of those that are stored (`POST /project/{projectId}/cloud`), and no others. A file that cannot
   * be read, or that the storage does not take, is `Failed` and becomes no asset.
   *
   * Rows are looked up by their external ids before anything is sent of them, batches once for all, and chunks are
   * halved and read back as in `Assets.importFromCloud`. With a ledger an asset is made exactly once, however often the
   * program is killed and run again, as long as one process at a time uploads and the hub's reads show its writes. What
   * was stored and was no asset yet when the program died is stored again under another name: the first one stays in the
   * storage, and nothing points to it. Rows without a name or an external id cannot be read back: after a lost answer
   * they are `Unknown`. The ledger knows a file by its external id, size and type (under
   * `duplicatesBy: "content"` by its bytes too): one that was changed and keeps them is done, and so is one whose asset
   * is there.
   *
   * The stream fails, after the outcomes that are known, with what no other row could escape: a bad option
   * (`InvalidRequest`), a key or a project that the hub does not take, five files or requests in a row that failed for
   * reasons that may pass, fifty in a row that were refused, or a ledger that cannot be written.
   *
   * Links count for the rate limit: with the default one, a hundred files in a minute. Memory holds a few parts of each
   * file that is under way, the rows of a few chunks, and of each row its key with about a hundred bytes.
   *
   * @example
   * ```ts
   * import { FileSource, RowOutcome, Uploads } from "effect-ango"
   * import { Effect, Stream } from "effect"
   *
   * const uploaded = Effect.gen(function*() {
   *   const uploads = yield* Uploads
   *   const rows = Stream.make("photos/cat.jpg", "photos/dog.jpg").pipe(
   *     Stream.mapEffect((path) => FileSource.file(path)),
   *     Stream.map((source) => ({ source, contextData: { site: "A" } }))
   *   )
   *   return yield* uploads.files("65aa0000000000000000a001", rows, { batches: ["Week 1"] }).pipe(
   *     Stream.run(RowOutcome.summarize)
   *   )
   * })
   * ```
   */
  readonly files: {
    (
      projectId: IdInput<ProjectId>,
      rows: Iterable<FileRow>,
      options?: UploadFilesOptions
    ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, UploadFilesError>
    <E, R>(
      projectId: IdInput<ProjectId>,
      rows: Stream.Stream<FileRow, E, R>,
      options?: UploadFilesOptions
    ): Stream.Stream<RowOutcome<UploadedAsset, UploadRowError>, E | UploadFilesError, R>
  }

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

// A link that has expired is replaced once.
const isExpired = (error: UploadError): boolean =>
  error._tag === "TransferError" && error.reason === "link-expired"

/** @since 0.1.0 */
export const make: Effect.Effect<UploadsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const clients = yield* AngoClient
  const { pageSize } = yield* AngoConfig
  const lookup = assetLookup(clients, pageSize)
  const { upload, uploads: client } = clients

  const target = (projectId: IdInput<ProjectId>, { bucket, name, storage, type }: UploadOptions) =>
    Effect.map(
      client.uploadUrl({
        urlParams: omitUndefined({
          name,
          project: fromInput(projectId),
          type,
          storageId: fromOptionalInput<StorageId>(storage),
          bucket
        })
      }),
      ({ data }): UploadTarget => ({
        uploadUrl: data.uploadUrl,
        fileUrl: withoutQuery(Redacted.value(data.uploadUrl))
      })
    )

  const put: UploadsService["put"] = Effect.fn("Uploads.put")(function* (projectId, source, options = {}) {
    const { onProgress, type = "assets", ...place } = options
    yield* sized(source)
    const name = yield* storedName(source.name)
    const once = Effect.gen(function* () {
      const { fileUrl, uploadUrl } = yield* target(projectId, { ...place, type, name })
      yield* upload(uploadUrl, source, { onProgress })
      return { fileUrl, externalId: source.name, size: source.size }
    })
    return yield* Effect.catchIf(once, isExpired, () => once)
  })

  return {
    uploadUrl: Effect.fn("Uploads.uploadUrl")(target),
    put,
    files: uploadFiles({ client: clients, lookup }, put),

    signedUrl: Effect.fn("Uploads.signedUrl")(function* (projectId, { storage, type, url }) {
      const { data } = yield* client.signedUrl({
        urlParams: omitUndefined({
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
 * The uploads of Ango Hub.
 *
 * @since 0.1.0
 */
export class Uploads extends Context.Tag("effect-ango/Uploads")<Uploads, UploadsService>() {
  static readonly layer: Layer.Layer<Uploads, never, AngoClient | AngoConfig> = Layer.effect(Uploads, make)
}
