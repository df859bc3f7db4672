/**
 * What can go wrong while the archive of an export is read, as tagged errors. They name the entry and how far the
 * reading was, and quote nothing of what the archive holds.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

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
