/**
 * Everything that can go wrong, as tagged errors. Each says what happened and what to do, names the operation,
 * method and route, and holds no key, no query string and no body.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { CallError, Where } from "./CallError.js"

export * from "./CallError.js"

/**
 * A setting is missing or unusable: the key, the region, the base URL, the page size, a time or a policy;
 * `environment` stands for another variable of a `Config`.
 *
 * @since 0.1.0
 */
export class InvalidConfig extends Data.TaggedError("InvalidConfig")<{
  readonly setting:
    | "apiKey"
    | "region"
    | "baseUrl"
    | "pageSize"
    | "deadline"
    | "idleTimeout"
    | "retry"
    | "rateLimit"
    | "concurrency"
    | "environment"
  readonly message: string
}> {}

/**
 * A list cannot be shown to be whole: `received` distinct items of `expected`, the largest total that was told. It
 * ended before its total, it gave the same items again and again, or it changed so much while it was read that items
 * may have been skipped. What was emitted before is real; it may not be everything.
 *
 * @since 0.1.0
 */
export class IncompleteListing extends Data.TaggedError("IncompleteListing")<
  Where & {
    readonly reason: "ended-early" | "moved-while-read" | "no-progress"
    readonly expected: number
    readonly received: number
    readonly page: number
  }
> {}

/**
 * `collect` was asked for at most `limit` items, and the list holds `total`. Nothing is cut off silently.
 *
 * @since 0.1.0
 */
export class ListTooLong extends Data.TaggedError("ListTooLong")<
  Where & { readonly limit: number; readonly total: number }
> {}

/**
 * Batches were named that the project does not have. `unknown` are those, `known` the names that it has. Nothing
 * was changed.
 *
 * @since 0.1.0
 */
export class UnknownBatch extends Data.TaggedError("UnknownBatch")<
  Where & { readonly unknown: ReadonlyArray<string>; readonly known: ReadonlyArray<string> }
> {}

/**
 * Batches were written, and each time another writer replaced the project's list by one without them. `missing`
 * are the names that are not there; trying again creates only those.
 *
 * @since 0.1.0
 */
export class LostUpdate extends Data.TaggedError("LostUpdate")<
  Where & { readonly missing: ReadonlyArray<string>; readonly writes: number }
> {}

/**
 * The hub took the export and named no link to it, as one that exports in the background does.
 *
 * @since 0.1.0
 */
export class NoExportLink extends Data.TaggedError("NoExportLink")<Where> {}

/**
 * What reading a whole list can fail with.
 *
 * @since 0.1.0
 */
export type ListError = CallError | IncompleteListing

/**
 * Every error of this library.
 *
 * @since 0.1.0
 */
export type AngoError = InvalidConfig | ListError | ListTooLong | UnknownBatch | LostUpdate | NoExportLink
