/**
 * Every error of this library, as tagged errors. A message says what happened and what to do. Errors of calls name the
 * operation, method and route. No error holds a key, a query string or a body.
 *
 * @since 0.1.0
 */
import type { ArchiveError } from "./ArchiveError.js"
import type { BatchError, UnknownBatch } from "./BatchError.js"
import type { AttemptError, CallError } from "./CallError.js"
import type { FileError } from "./FileError.js"
import type { InvalidConfig } from "./InvalidConfig.js"
import type { InvalidLabels } from "./InvalidLabels.js"
import type { InvalidMask } from "./InvalidMask.js"
import type { FilterNotApplied, ListError, ListTooLong } from "./ListError.js"
import type { RowDecodeError } from "./RowDecodeError.js"
import type { RowRejected } from "./RowRejected.js"
import type { TransferError } from "./TransferError.js"

export { ArchiveError } from "./ArchiveError.js"
export * from "./BatchError.js"
export * from "./CallError.js"
export { FileError } from "./FileError.js"
export { InvalidConfig } from "./InvalidConfig.js"
export { InvalidLabels } from "./InvalidLabels.js"
export { InvalidMask } from "./InvalidMask.js"
export type { LabelMistake } from "./LabelMistake.js"
export * from "./ListError.js"
export type { Mismatch } from "./Mismatch.js"
export type { OperationContext } from "./OperationContext.js"
export * from "./predicates.js"
export { RowDecodeError } from "./RowDecodeError.js"
export { RowRejected } from "./RowRejected.js"
export { StoreUnavailable } from "./StoreUnavailable.js"
export { TransferError } from "./TransferError.js"

/**
 * The errors of a download by a link.
 *
 * @category errors
 * @since 0.1.0
 */
export type DownloadError = AttemptError | TransferError | ArchiveError

/**
 * The errors of reading the rows of an export, from the request to the last row.
 *
 * @category errors
 * @since 0.1.0
 */
export type ExportError =
  | CallError
  | UnknownBatch
  | TransferError
  | ArchiveError
  | RowDecodeError
  | FilterNotApplied

/**
 * The errors of uploading one file, from the request for its link to the last byte.
 *
 * @category errors
 * @since 0.1.0
 */
export type UploadError = CallError | TransferError | FileError

/**
 * The errors of writing an answer, with or without masks.
 *
 * @category errors
 * @since 0.1.0
 */
export type AnnotateError = UploadError | InvalidMask

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
  | AnnotateError
