/**
 * A setting that cannot be used.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

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
