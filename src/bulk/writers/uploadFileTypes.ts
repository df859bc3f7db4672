/**
 * What goes in and comes out of `Uploads.files`.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type { UnknownBatch, UploadError } from "../../errors/AngoError.js"
import type { FileSource } from "../../layers/transfer/FileSource.js"
import type { AssetId, IdInput, StorageId } from "../../schemas/ids.js"
import type { BulkOptions, RowError, Stop } from "../engine/writer.js"
import type { CloudAssetInput } from "./assetImport.js"

/**
 * A file that is to become an asset.
 *
 * @since 0.1.0
 */
export interface FileRow
  extends Pick<CloudAssetInput, "attachments" | "batches" | "contextData" | "externalId" | "metadata"> {
  readonly source: FileSource
  /** What it is called, with its extension; by default as its source says. */
  readonly name?: string | undefined
  /** Your own name for it, by which it is known again; by default its name. */
  readonly externalId?: string | undefined
}

/**
 * How far an upload of many files is. `sent` and `skipped` make `total` in the end.
 *
 * @since 0.1.0
 */
export interface UploadProgress {
  /** How many files are stored by now. */
  readonly files: number
  /** Bytes of the files that are stored, and of those under way: fewer again when one has to be sent anew. */
  readonly sent: number
  /** Bytes of the files that were not to be sent, or could not be. */
  readonly skipped: number
  /** Bytes of all files, when the rows are an array. */
  readonly total?: number
}

/**
 * What holds for all files of an upload, and how it goes.
 *
 * @since 0.1.0
 */
export interface UploadFilesOptions extends Pick<BulkOptions, "ledger" | "onSummary"> {
  /** By name or by id. */
  readonly batches?: ReadonlyArray<string> | undefined
  /** A storage of your own instead of the hub's. */
  readonly storage?: IdInput<StorageId> | undefined
  readonly bucket?: string | undefined
  /** -1000 to 1000, default 0; tasks with a higher one come first. */
  readonly priority?: number | undefined
  /** Files under way at a time, 1 to 64; default 16. Of each some 64 kB are in memory, or 256 kB of a small one. */
  readonly concurrency?: number | undefined
  /**
   * Files that are made assets by one request, 1 to 10,000; default 100. None of them is an asset before all of them are
   * stored or have failed: take a few where files are large.
   */
  readonly chunk?: number | undefined
  /**
   * What becomes of a row whose external id, compared to the letter, is that of an asset of the project, or of a row
   * before it:
   *
   * - `"skip"` (default): it is `Skipped`, and its file not sent; another row of the same external id in the same input
   *   is `Failed` with `DuplicateRow`, unless it says the same of what is known to be the same file (`duplicatesBy`).
   * - `"refuse"`: it is `Failed` with `DuplicateRow` when the project has it, and as under `"skip"` in the input.
   * - `"allow"`: it makes another asset. Nothing is looked up; a row of which the answer was lost stays `Unknown`.
   */
  readonly duplicates?: "skip" | "refuse" | "allow" | undefined
  /**
   * `"content"`: beside that, of several files of the same bytes (by SHA-256) the first counts, whatever they are called,
   * and the others are `Skipped` or refused. Each file is read once more for that, before anything is sent of it. The hub
   * tells no hashes: known are the files of this input and, with a ledger, those that it says were done so. Not together
   * with `duplicates: "allow"`. Default `"externalId"`.
   */
  readonly duplicatesBy?: "externalId" | "content" | undefined
  /**
   * Whether the new assets are read back for their ids, which the hub's answer does not tell; default `true`, and
   * `false` saves a request for every hundred files or so. Not under `duplicates: "allow"`.
   */
  readonly readBackIds?: boolean | undefined
  /** Runs after each part of a file that is sent, of 64 kB at most, and when files were left out. */
  readonly onProgress?: ((progress: UploadProgress) => Effect.Effect<void>) | undefined
}

/**
 * What is known of a file that is an asset: its id when it was read back, or stood in the project before; the address of
 * its file; and under `duplicatesBy: "content"` the SHA-256 of what was sent.
 *
 * @since 0.1.0
 */
export interface UploadedAsset {
  readonly id?: AssetId
  readonly externalId?: string
  readonly fileUrl?: string
  readonly sha256?: string
}

/**
 * What one file of an upload can fail with.
 *
 * @since 0.1.0
 */
export type UploadRowError = RowError<UploadError | UnknownBatch>

/**
 * What ends an upload of many files as a whole.
 *
 * @since 0.1.0
 */
export type UploadFilesError = Stop<UploadError | UnknownBatch>
