/**
 * A store of the caller that cannot be used.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * A store cannot be used: the `ledger` of a bulk write, the `checkpoint` of a list, the budget of a shared
 * `rate-limit`, or in the same store the lock of a project for exports (`export-lock`). `key` is its name or the key
 * in it. `operation`, `method` and `route` are set if a call needed the store. `reason` says why:
 *
 * - `unreachable`: reading or writing failed (`cause`), and may succeed later.
 * - `in-use`: another run is using it.
 * - `unusable`: its file cannot be created, read or written: no such directory, no permission, no space.
 * - `incompatible`: it does not hold a ledger or checkpoint, or holds the ledger of another write.
 *
 * A bulk write records each row in its ledger before it sends it.
 *
 * @category errors
 * @since 0.1.0
 */
export class StoreUnavailable extends Data.TaggedError("StoreUnavailable")<{
  readonly store: "ledger" | "checkpoint" | "rate-limit" | "export-lock"
  readonly reason: "unreachable" | "in-use" | "unusable" | "incompatible"
  readonly key?: string
  readonly operation?: string
  readonly method?: string
  readonly route?: string
  readonly message: string
  readonly cause?: Error
}> {}
