/**
 * A row of a list or of an export that cannot be decoded.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"
import type { Mismatch } from "./Mismatch.js"

/**
 * One row could not be decoded; later rows are not affected. `index` is its position (from 0) on the `page` of a list, or
 * in the `entry` of an export, where `offset` and `bytes` are its position and length in the inflated entry. `reason` says
 * why:
 *
 * - `not-utf8`, `not-json`: the bytes are not UTF-8, or not JSON.
 * - `mismatch`: the JSON does not match its schema. `mismatches` lists the differences, `id` is the id of the task
 *   (asset, issue …) if the row has one, `row` the row as received, redacted, as it can hold personal data.
 *
 * `operation`, `method` and `route` are set for rows of lists.
 *
 * @category errors
 * @since 0.1.0
 */
export class RowDecodeError extends Data.TaggedError("RowDecodeError")<{
  readonly reason: "not-utf8" | "not-json" | "mismatch"
  readonly index: number
  readonly page?: number
  readonly entry?: string
  readonly offset?: number
  readonly bytes?: number
  readonly id?: string
  readonly mismatches?: ReadonlyArray<Mismatch>
  readonly row?: Redacted.Redacted<unknown>
  readonly operation?: string
  readonly method?: string
  readonly route?: string
  readonly message: string
}> {}
