/**
 * An invalid setting.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * A setting is missing or invalid. `setting` is its name; `environment` is another variable of a `Config`.
 *
 * @category errors
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
