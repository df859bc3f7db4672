/**
 * A row of a list or of an export that cannot be read, though the others can.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"
import type { Mismatch } from "./Mismatch.js"

/**
 * One row could not be read; the rows after it can. `index` is its position (from 0) on the `page` of a list, or in the
 * `entry` of an export, where `offset` and `bytes` locate it in the inflated entry. `reason` says why:
 *
 * - `not-utf8`, `not-json`: the bytes are not UTF-8, or not JSON.
 * - `mismatch`: it is JSON and does not fit its schema; `mismatches` lists each difference, `id` is the id of the task
 *   (asset, issue …) when the row has it, and `row` the row as received, redacted, since it may hold anything.
 *
 * The fields of the operation are there for rows of lists.
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
