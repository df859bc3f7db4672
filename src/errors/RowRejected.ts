/**
 * A row of a bulk write that was not written.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { OperationContext } from "./OperationContext.js"

/**
 * One row of a bulk write was not written. `key` is its external id, or its position in the input. `reason` says why, and
 * which other fields are set:
 *
 * - `duplicate`: another row of the input has the same key, the same file or the same target (`duplicateOf: "input"`), or
 *   the project already has the row and duplicates are refused (`duplicateOf: "project"`). Not sent.
 * - `not-applied`: the hub accepted a request of `sent` rows, counted only `accepted`, and this row does not exist. The API
 *   returns one message per request, not one per row.
 * - `unknown-asset`: the project has no asset of this external id. Not sent.
 * - `ambiguous-asset`: several assets have this external id; the hub would change all of them. `assets` are their ids.
 *   Not sent.
 * - `wrong-stage`: no task of the asset is in a stage that allows this write. `stages` are the names of their stages.
 *   Not written.
 *
 * @category errors
 * @since 0.1.0
 */
export class RowRejected extends Data.TaggedError("RowRejected")<
  OperationContext & {
    readonly reason: "duplicate" | "not-applied" | "unknown-asset" | "ambiguous-asset" | "wrong-stage"
    readonly key?: string
    readonly duplicateOf?: "input" | "project"
    readonly sent?: number
    readonly accepted?: number
    readonly assets?: ReadonlyArray<string>
    readonly stages?: ReadonlyArray<string>
  }
> {}
