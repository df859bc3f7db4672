/**
 * An export archive that cannot be read completely.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * The archive of an export cannot be read completely. Rows emitted before are valid; others are missing. `entry` is the
 * file in the archive. `reason` says why:
 *
 * - `truncated`: the archive ends too early, as after a broken download.
 * - `truncated-row`: the last row of an entry ends too early. It was already incomplete in the archive.
 * - `not-a-zip`: the response is not a ZIP archive, but for example the page of a proxy.
 * - `encrypted`, `method`: the entry needs a password, or is compressed by a method other than deflate.
 * - `content`: the entry does not match its declared length or checksum, or cannot be inflated.
 * - `structure`: an entry or record is missing where one must begin.
 * - `directory`: the directory at the end of the archive lists other entries than those received.
 * - `rows`: the entry is neither one JSON text nor one per line.
 * - `too-large`: the archive inflates to more than is allowed. `limit` says whether its total `bytes` or its compression
 *   `ratio` exceeds `allowed`.
 * - `row-too-large`: row `index` (from 0) of the entry is larger than `allowed` bytes.
 *
 * `offset` is in bytes of the archive; for `truncated-row`, `rows` and `row-too-large` in bytes of the inflated entry.
 *
 * @category errors
 * @since 0.1.0
 */
export class ArchiveError extends Data.TaggedError("ArchiveError")<{
  readonly reason:
    | "truncated"
    | "truncated-row"
    | "not-a-zip"
    | "encrypted"
    | "method"
    | "content"
    | "structure"
    | "directory"
    | "rows"
    | "too-large"
    | "row-too-large"
  readonly entry?: string
  readonly index?: number
  readonly offset?: number
  readonly limit?: "bytes" | "ratio"
  readonly allowed?: number
  readonly message: string
}> {}

/** Whether the archive, or a row in it, ends too early. */
export const isTruncated = (error: { readonly _tag: string }): error is ArchiveError =>
  error instanceof ArchiveError && (error.reason === "truncated" || error.reason === "truncated-row")
