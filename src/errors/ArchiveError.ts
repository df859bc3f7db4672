/**
 * An export archive that cannot be read to its end.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * The archive of an export cannot be read to its end. Rows read before are real, and they are not everything.
 * `entry` is the file in the archive. `reason` says why:
 *
 * - `truncated`: the archive ends too early, as after a broken download.
 * - `truncated-row`: the last row of an entry ends too early: it was cut before it was packed.
 * - `not-a-zip`: something else came instead, such as the page of a proxy.
 * - `encrypted`, `method`: the entry needs a password, or is packed by a method other than deflate.
 * - `content`: the entry does not have its declared length or checksum, or cannot be inflated.
 * - `structure`: no entry or record begins where one must.
 * - `directory`: the list at the end of the archive names other entries than those that came.
 * - `rows`: the entry holds neither one JSON text nor one per line.
 * - `too-large`: it inflates to more than is allowed: `limit` says whether `bytes` in all or the `ratio` to the packed
 *   size was exceeded, `allowed` is the limit.
 * - `row-too-large`: row `index` (from 0) of the entry is larger than `allowed` bytes.
 *
 * `offset` counts bytes of the archive; for `truncated-row`, `rows` and `row-too-large` bytes of the inflated entry.
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

/** Whether the archive ends too early, in a record or in a row: a new download may have the rest. */
export const isTruncated = (error: { readonly _tag: string }): error is ArchiveError =>
  error instanceof ArchiveError && (error.reason === "truncated" || error.reason === "truncated-row")
