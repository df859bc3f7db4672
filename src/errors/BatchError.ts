/**
 * Errors of the batches of a project.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { OperationContext } from "./OperationContext.js"

/**
 * Some of the named batches do not exist in the project. `unknown` are their names, `known` the names that exist.
 * Nothing was changed.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnknownBatch extends Data.TaggedError("UnknownBatch")<
  OperationContext & { readonly unknown: ReadonlyArray<string>; readonly known: ReadonlyArray<string> }
> {}

/**
 * Batches were written `writes` times, and each time the project had none of them afterwards: another writer replaced its
 * list with one without them. `missing` are the names that do not exist now; the next attempt creates only those.
 *
 * @category errors
 * @since 0.1.0
 */
export class LostUpdate extends Data.TaggedError("LostUpdate")<
  OperationContext & { readonly missing: ReadonlyArray<string>; readonly writes: number }
> {}

/**
 * The errors of looking up and creating batches, in addition to those of the calls.
 *
 * @category errors
 * @since 0.1.0
 */
export type BatchError = UnknownBatch | LostUpdate
