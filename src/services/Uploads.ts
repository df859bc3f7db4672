/**
 * Uploads: files to the vendor's storage or your own, and signed links to write and read them.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AssetsApi } from "../api/assets.js"
import { BatchesApi } from "../api/batches.js"
import { ProjectsApi } from "../api/projects.js"
import { UploadsApi } from "../api/uploads.js"
import { makeAssetLookup } from "../bulk/assetLookup.js"
import { type FileUploadMethods, makeFileUpload } from "../bulk/writers/uploadFiles.js"
import type { CallError, UploadError } from "../errors/AngoError.js"
import { makeStoredName } from "../files/uploadName.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import * as FileSource from "../layers/transfer/FileSource.js"
import * as Upload from "../layers/transfer/signedUpload.js"
import type { PutOptions } from "../layers/transfer/uploadBody.js"
import type { Mask } from "../masks/Mask.js"
import { fromInput, fromOptionalInput, type IdInput, type ProjectId, type StorageId } from "../schemas/ids.js"
import type { FileType } from "../schemas/Upload.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Options of `Uploads.uploadUrl`.
 *
 * @category options
 * @since 0.1.0
 */
export interface UploadOptions {
  /** File name with extension. The file is stored under this name, so it should be unique. */
  readonly name: string
  /** The purpose of the file: `assets` for files to label. */
  readonly type?: FileType | undefined
  /** Id of a storage of the organization, instead of the vendor's. */
  readonly storage?: IdInput<StorageId> | undefined
  /** A bucket of the storage. */
  readonly bucket?: string | undefined
}

/**
 * The links of a file to upload.
 *
 * @category models
 * @since 0.1.0
 */
export interface UploadTarget {
  /**
   * A pre-signed link: `PUT` the bytes to it, without the API key. It gives write access to the file, so it is
   * `Redacted`.
   */
  readonly uploadUrl: Redacted.Redacted
  /** The link without its signature: the `data` of an asset or answer. */
  readonly fileUrl: string
}

/**
 * Options of `Uploads.put`.
 *
 * @category options
 * @since 0.1.0
 */
export interface PutFileOptions extends Omit<UploadOptions, "name">, PutOptions {}

/**
 * An uploaded file.
 *
 * @category models
 * @since 0.1.0
 */
export interface UploadedFile {
  /** The link without a signature: the `data` of an asset or answer. */
  readonly fileUrl: string
  /** The name of the source. */
  readonly externalId: string
  /** Size in bytes. */
  readonly size: number
}

/**
 * An uploaded mask.
 *
 * @category models
 * @since 0.1.0
 */
export interface UploadedMask {
  /** The link without a signature: a `brushDataUrl` or `medicalBrushDataUrl`. */
  readonly fileUrl: string
  /** Size in bytes. */
  readonly size: number
}

/**
 * Options of `Uploads.signedUrl`.
 *
 * @category options
 * @since 0.1.0
 */
export interface SignOptions {
  /** URL of the file: the `data` of an asset, or the `fileUrl` of an upload. Not empty. */
  readonly url: string
  /** The purpose of the file. */
  readonly type?: FileType | undefined
  /** Id of the storage of the file. */
  readonly storage?: IdInput<StorageId> | undefined
}

/**
 * The methods of {@link Uploads}.
 *
 * @category services
 * @since 0.1.0
 */
export interface UploadsService extends FileUploadMethods {
  /**
   * Requests a signed link to upload a file (`GET /getUploadUrl`). Fails with `InvalidRequest` before any request if
   * the name is empty, or if the name or one of its folders is `.` or `..`: the link would point to another file.
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
   * Uploads one file: requests a signed link (`GET /getUploadUrl`), and sends the bytes to it without the API key.
   * The file is stored under a unique name with the extension of the source; `externalId` of the result is the name
   * of the source. The upload creates no asset: pass the result to `Assets.importFromCloud`.
   *
   * If the storage is unavailable, the upload is retried under the retry policy, each time from the first byte. An
   * expired link is replaced once. Fails with `FileError` if the source cannot be read or has another size than
   * declared, and with `TransferError` if the link has expired again or the storage rejects the file; nothing is
   * stored then. Storages accept at most 5 GiB per file.
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
    source: FileSource.FileSource,
    options?: PutFileOptions
  ) => Effect.Effect<UploadedFile, UploadError>

  /**
   * Uploads a mask as by {@link put}, with the type `brushes` or `medicalBrushes`: a PNG as `<32 digits>.png`, an NRRD as
   * `<32 digits>.seg.nrrd` (docs/api-notes.md#masks). The result is for a row of `Annotations.importLabels`, or for
   * several tasks; `Annotations.annotate` takes masks directly.
   *
   * @example
   * ```ts
   * import { Annotations, NrrdMask, Uploads } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const imported = (projectId: string, labels: Uint8Array) =>
   *   Effect.gen(function*() {
   *     const mask = yield* NrrdMask.fromLabels({ width: 512, height: 512, depth: 40, data: labels })
   *     const { fileUrl } = yield* (yield* Uploads).putMask(projectId, mask)
   *     return (yield* Annotations).importLabels(projectId, [
   *       { externalId: "ct.nrrd", medicalBrushDataUrl: fileUrl }
   *     ])
   *   })
   * ```
   */
  readonly putMask: (
    projectId: IdInput<ProjectId>,
    mask: Mask,
    options?: Omit<PutFileOptions, "type">
  ) => Effect.Effect<UploadedMask, UploadError>

  /**
   * Requests a signed link to read a file of a private storage (`GET /getSignedUrl`). The link gives read access to the
   * file, so it is `Redacted`; use it without the API key. Fails with `InvalidRequest` if the URL is empty.
   */
  readonly signedUrl: (
    projectId: IdInput<ProjectId>,
    options: SignOptions
  ) => Effect.Effect<Redacted.Redacted, CallError>
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "")

// The stored name has the extension of these.
const maskFiles = {
  brush: { name: "mask.png", type: "brushes" },
  medicalBrush: { name: "mask.seg.nrrd", type: "medicalBrushes" }
} as const

/** The type of the file of a mask. */
export const maskFileType = ({ kind }: Mask): FileType => maskFiles[kind].type

const isExpired = (error: UploadError): boolean =>
  error._tag === "TransferError" && error.reason === "link-expired"

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<UploadsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { transfer, use } = yield* AngoClient
  const clients = use(UploadsApi, AssetsApi, BatchesApi, ProjectsApi)
  const { pageSize } = yield* AngoConfig
  const lookup = makeAssetLookup(clients, pageSize)
  const { uploads: client } = clients
  const upload = Upload.make(transfer.sender, { ...transfer.policies, guard: transfer.guard })

  const requestTarget = (projectId: IdInput<ProjectId>, { bucket, name, storage, type }: UploadOptions) =>
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
    const { onProgress, type = "assets", ...location } = options
    yield* Upload.checkSize(source)
    const name = yield* makeStoredName(source.name)
    const attempt = Effect.flatMap(
      requestTarget(projectId, { ...location, type, name }),
      ({ fileUrl, uploadUrl }) =>
        Effect.as(upload(uploadUrl, source, { onProgress }), {
          fileUrl,
          externalId: source.name,
          size: source.size
        })
    )
    // An expired link is replaced once.
    return yield* Effect.catchIf(attempt, isExpired, () => attempt)
  })

  return {
    uploadUrl: Effect.fn("Uploads.uploadUrl")(requestTarget),
    put,
    putMask: Effect.fn("Uploads.putMask")(function* (projectId, mask, options) {
      const { name, type } = maskFiles[mask.kind]
      const { fileUrl, size } = yield* put(projectId, FileSource.bytes(mask.bytes, { name }), {
        ...options,
        type
      })
      return { fileUrl, size }
    }),
    files: makeFileUpload({ client: clients, lookup }, put),

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
 * Uploads of files to a storage, and signed links.
 *
 * @category services
 * @since 0.1.0
 */
export class Uploads extends Context.Tag("effect-ango/Uploads")<Uploads, UploadsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Uploads, never, AngoClient | AngoConfig> = Layer.effect(Uploads, make)
}
