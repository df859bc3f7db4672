/**
 * A store that the caller provides cannot be used.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * A store cannot be used: the `ledger` of a bulk write, the `checkpoint` of a list, or the budget of a shared
 * `rate-limit`. `key` is its name or the key in it; the fields of the operation are there when a call needed it.
 * `reason` says why:
 *
 * - `unreachable`: it could not be read or written; `cause` has more. Nothing was sent that it does not know of.
 * - `in-use`: another run holds it.
 * - `incompatible`: it holds something else: no ledger or checkpoint, or that of another write or list.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreUnavailable extends Data.TaggedError("StoreUnavailable")<{
  readonly store: "ledger" | "checkpoint" | "rate-limit"
  readonly reason: "unreachable" | "in-use" | "incompatible"
  readonly key?: string
  readonly operation?: string
  readonly method?: string
  readonly route?: string
  readonly message: string
  readonly cause?: Error
}> {}
