/**
 * Everything that can go wrong, as tagged errors. Each says what happened and what to do, names the operation, method
 * and route where there is one, and holds no key, no query string and no body.
 *
 * @since 0.1.0
 */
import type { ArchiveError } from "./ArchiveError.js"
import type { BatchError, UnknownBatch } from "./BatchError.js"
import type { AttemptError, CallError } from "./CallError.js"
import type { FileError } from "./FileError.js"
import type { InvalidConfig } from "./InvalidConfig.js"
import type { InvalidLabels } from "./InvalidLabels.js"
import type { ListError, ListTooLong } from "./ListError.js"
import type { RowDecodeError } from "./RowDecodeError.js"
import type { RowRejected } from "./RowRejected.js"
import type { TransferError } from "./TransferError.js"

export { ArchiveError } from "./ArchiveError.js"
export * from "./BatchError.js"
export * from "./CallError.js"
export * from "./category.js"
export { FileError } from "./FileError.js"
export { InvalidConfig } from "./InvalidConfig.js"
export { InvalidLabels } from "./InvalidLabels.js"
export type { LabelMistake } from "./LabelMistake.js"
export * from "./ListError.js"
export type { Mismatch } from "./Mismatch.js"
export type { OperationContext } from "./OperationContext.js"
export { RowDecodeError } from "./RowDecodeError.js"
export { RowRejected } from "./RowRejected.js"
export { StoreUnavailable } from "./StoreUnavailable.js"
export { TransferError } from "./TransferError.js"

/**
 * What a download by a link can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type DownloadError = AttemptError | TransferError | ArchiveError

/**
 * What reading the rows of an export can fail with, from the request to the last row.
 *
 * @category errors
 * @since 0.1.0
 */
export type ExportError = CallError | UnknownBatch | TransferError | ArchiveError | RowDecodeError

/**
 * What uploading one file can fail with, from the request for its link to the last byte.
 *
 * @category errors
 * @since 0.1.0
 */
export type UploadError = CallError | TransferError | FileError

/**
 * Every error of this library.
 *
 * @category errors
 * @since 0.1.0
 */
export type AngoError =
  | InvalidConfig
  | ListError
  | ListTooLong
  | BatchError
  | RowRejected
  | InvalidLabels
  | ExportError
  | UploadError
