/**
 * What can go wrong with the batches of a project.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { OperationContext } from "./OperationContext.js"

/**
 * Batches were named that the project does not have. `unknown` are those, `known` the names that it has. Nothing
 * was changed.
 *
 * @since 0.1.0
 */
export class UnknownBatch extends Data.TaggedError("UnknownBatch")<
  OperationContext & { readonly unknown: ReadonlyArray<string>; readonly known: ReadonlyArray<string> }
> {}

/**
 * Batches were written, and each time another writer replaced the project's list by one without them. `missing`
 * are the names that are not there; trying again creates only those.
 *
 * @since 0.1.0
 */
export class LostUpdate extends Data.TaggedError("LostUpdate")<
  OperationContext & { readonly missing: ReadonlyArray<string>; readonly writes: number }
> {}

/**
 * What looking up and creating batches can fail with, besides the call itself.
 *
 * @category errors
 * @since 0.1.0
 */
export type BatchError = UnknownBatch | LostUpdate
