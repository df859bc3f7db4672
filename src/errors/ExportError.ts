/**
 * What can go wrong while an export is downloaded and read, as tagged errors. They name the entry and how far the
 * reading was, and quote nothing of what the archive holds, nor of the link but its address without the query string.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"
import type { AttemptError, Mismatch, OperationContext } from "./CallError.js"

/**
 * The storage does not take this link, or no more (403, 404, 410). A link lasts for a short time: ask for a new export,
 * or upload the file again. `link` is the link without its query string.
 *
 * @since 0.1.0
 */
export class LinkExpired extends Data.TaggedError("LinkExpired")<
  OperationContext & { readonly status: number; readonly link: string }
> {}

/**
 * The archive was not downloaded. `reason` tells why:
 *
 * - `link`: the link is no web address;
 * - `insecure`: the link, or a redirect, leads to where others could read along: plain http off this machine;
 * - `redirect`: the redirects lead nowhere, or there are too many;
 * - `status`: the storage answered with a status that is not expected of one;
 * - `length`: more came than the storage said;
 * - `changed`: another archive came each time it was asked.
 *
 * `link` is what was asked for last, without its query string.
 *
 * @since 0.1.0
 */
export class DownloadRefused extends Data.TaggedError("DownloadRefused")<
  OperationContext & {
    readonly reason: "link" | "insecure" | "redirect" | "status" | "length" | "changed"
    readonly status?: number
    readonly link?: string
  }
> {}

/**
 * The export ends before its end: in the archive (a download that broke off), or in the last row of an entry, which
 * was then cut before it was packed. What was read before is real, and it is not everything. `offset` counts the
 * bytes of the archive, or those of the entry when `where` is `row`.
 *
 * @since 0.1.0
 */
export class TruncatedExport extends Data.TaggedError("TruncatedExport")<{
  readonly where: "archive" | "row"
  readonly entry?: string
  readonly offset: number
  readonly message: string
}> {}

/**
 * The archive is not what it says it is. `reason` tells what is wrong:
 *
 * - `not-a-zip`: something else came in its place, a page of a proxy for one;
 * - `encrypted`, `method`: an entry that needs a password, or is packed by another method than deflate;
 * - `content`: an entry does not have the checksum or the length that was declared, or cannot be inflated;
 * - `structure`: something stands where an entry or a record should begin;
 * - `directory`: the list at the end names other entries than those that came;
 * - `rows`: an entry holds neither one JSON text nor one per line.
 *
 * `offset` counts the bytes of the archive, or those of the entry when the reason is `rows`.
 *
 * @since 0.1.0
 */
export class CorruptArchive extends Data.TaggedError("CorruptArchive")<{
  readonly reason: "not-a-zip" | "encrypted" | "method" | "content" | "structure" | "directory" | "rows"
  readonly entry?: string
  readonly offset: number
  readonly message: string
}> {}

/**
 * The archive inflates, or says that it inflates, to more than was allowed: `bytes` in all, or `ratio` times what was
 * read of it. The reading stopped there.
 *
 * @since 0.1.0
 */
export class ArchiveTooLarge extends Data.TaggedError("ArchiveTooLarge")<{
  readonly limit: "bytes" | "ratio"
  readonly allowed: number
  readonly entry: string
  readonly message: string
}> {}

/**
 * One row is larger than was allowed: more than `allowed` bytes from `offset` on, in row `index` (counted from 0) of
 * the entry.
 *
 * @since 0.1.0
 */
export class RowTooLarge extends Data.TaggedError("RowTooLarge")<{
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly allowed: number
  readonly message: string
}> {}

/**
 * One row is not JSON, or not UTF-8. The rows after it can be read all the same. `index` counts the rows of the entry
 * from 0, `offset` its inflated bytes up to the row, `bytes` those of the row.
 *
 * @since 0.1.0
 */
export class MalformedRow extends Data.TaggedError("MalformedRow")<{
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly bytes: number
  readonly reason: "not-json" | "not-utf8"
  readonly message: string
}> {}

/**
 * One row is JSON and does not fit its schema. The rows after it can be read all the same. `index` counts the rows of
 * the entry from 0, `offset` its inflated bytes up to the row, `bytes` those of the row; `id` is the id of its task (of
 * the issue, in an export of issues) when it tells, and `mismatches` what is wrong with it. `row` is the row as it came,
 * redacted, since it may hold anything.
 *
 * @since 0.1.0
 */
export class BadExportRow extends Data.TaggedError("BadExportRow")<{
  readonly entry: string
  readonly index: number
  readonly offset: number
  readonly bytes: number
  readonly id?: string
  readonly mismatches: ReadonlyArray<Mismatch>
  readonly row: Redacted.Redacted<unknown>
  readonly message: string
}> {}

/**
 * A file on this machine could not be written or read. `reason` tells why:
 *
 * - `in-use`: another run is writing the same file;
 * - `not-found`: its directory is not there;
 * - `not-allowed`, `no-space`: no right to it, no room for it;
 * - `other`: whatever else the machine says, in `cause`.
 *
 * `path` is the file that it was about. What was written before is kept, and a new run goes on from there.
 *
 * @since 0.1.0
 */
export class FileUnavailable extends Data.TaggedError("FileUnavailable")<{
  readonly path: string
  readonly reason: "in-use" | "not-found" | "not-allowed" | "no-space" | "other"
  readonly message: string
  readonly cause?: Error
}> {}

/**
 * A file that lies where one of ours should be cannot be gone on with, and is not touched. `reason` tells why:
 *
 * - `other-export`: it belongs to another export, of another project or with other options;
 * - `newer-version`: a newer version of this library wrote it;
 * - `unknown-content`: it is nothing that this library writes.
 *
 * @since 0.1.0
 */
export class UnusableFile extends Data.TaggedError("UnusableFile")<{
  readonly path: string
  readonly reason: "other-export" | "newer-version" | "unknown-content"
  readonly message: string
}> {}

/**
 * A row that could not be read, though others can.
 *
 * @since 0.1.0
 */
export type UnreadableRow = BadExportRow | MalformedRow

/**
 * What a download by a link can fail with.
 *
 * @since 0.1.0
 */
export type DownloadError = AttemptError | LinkExpired | DownloadRefused | TruncatedExport

/**
 * What reading an archive can fail with.
 *
 * @since 0.1.0
 */
export type ArchiveError = TruncatedExport | CorruptArchive | ArchiveTooLarge

/**
 * What reading the rows of an entry can fail with, beside the archive itself.
 *
 * @since 0.1.0
 */
export type RowError = TruncatedExport | CorruptArchive | RowTooLarge

/**
 * What keeping a file on this machine can fail with.
 *
 * @since 0.1.0
 */
export type FileError = FileUnavailable | UnusableFile
