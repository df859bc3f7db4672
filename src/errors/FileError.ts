/**
 * A local file or a source of bytes that cannot be used.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * A file on this machine, or the source of an upload, cannot be used. `path` is its path or the name of the source;
 * `cause` is the error of the operating system. `reason` says why:
 *
 * - `in-use`: another run is writing the same file.
 * - `not-found`: its directory does not exist.
 * - `not-allowed`, `no-space`: no permission, no space left.
 * - `other-export`: it belongs to another export, of another project or with other options.
 * - `newer-version`: a newer version of this library wrote its journal.
 * - `unknown-content`: this library did not write it, or its content was edited. It was not changed.
 * - `shorter`, `longer`: a source has fewer or more than `size` bytes; `read` is the number of bytes read.
 * - `changed`: a source changed while it was read.
 * - `unreadable`: a source does not exist, is not a file, or its stream failed.
 * - `other`: another error of the operating system, or another program wrote to the file.
 *
 * Bytes written before are kept; the next run resumes from them.
 *
 * @category errors
 * @since 0.1.0
 */
export class FileError extends Data.TaggedError("FileError")<{
  readonly path: string
  readonly reason:
    | "in-use"
    | "not-found"
    | "not-allowed"
    | "no-space"
    | "other-export"
    | "newer-version"
    | "unknown-content"
    | "shorter"
    | "longer"
    | "changed"
    | "unreadable"
    | "other"
  readonly size?: number
  readonly read?: number
  readonly message: string
  readonly cause?: Error
}> {}
