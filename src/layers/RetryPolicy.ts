/**
 * When and how often a failed attempt of a call is repeated.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Class } from "../api/Repeatability.js"
import { InvalidConfig } from "../errors/AngoError.js"

/**
 * The settings of the retry policy.
 *
 * Every endpoint belongs to one of three classes: `safe` (it only reads), `idempotent` (a write that changes nothing more
 * when it is repeated) and `never` (a create, an import or a comment, which a repeat would apply twice).
 *
 * Two rules are fixed. A 429, and a failure before the request was sent, may always be retried. A call of the class
 * `never` is not sent again once the hub may have received it, so `repeat` does not accept `"never"`.
 *
 * @category options
 * @since 0.1.0
 */
export interface Settings {
  /** Attempts in total, including the first: 1 to 100, default 4; 1 switches retries off. */
  readonly attempts: number
  /**
   * The delay before the second attempt; it doubles with each further one. The actual delay is random between 50 % and
   * 100 % of it. Default 500 ms.
   */
  readonly baseDelay: Duration.DurationInput
  /** The limit of the computed delay; default 30 s. `Retry-After` is followed even if it is longer. */
  readonly maxDelay: Duration.DurationInput
  /**
   * The statuses after which a call may be repeated.
   *
   * - Default: 408, 500, 502, 503 and 504.
   * - Allowed: 400 to 599, except the permanent ones (400, 401, 403, 404, 422).
   * - Not to be listed: 429, which is always retried.
   */
  readonly statuses: ReadonlyArray<number>
  /** The classes of calls that are repeated even if the hub may have received them; default `safe` and `idempotent`. */
  readonly repeat: ReadonlyArray<Exclude<Class, "never">>
  /**
   * How many retries all calls of the client may make together, so that retries do not worsen an outage. By default 60
   * retries at once, refilled at 60 per minute. Retries after a 429 do not count.
   */
  readonly quota: { readonly limit: number; readonly window: Duration.DurationInput } | "off"
}

/**
 * The default settings.
 *
 * @category constructors
 * @since 0.1.0
 */
export const defaults: Settings = {
  attempts: 4,
  baseDelay: "500 millis",
  maxDelay: "30 seconds",
  statuses: [408, 500, 502, 503, 504],
  repeat: ["safe", "idempotent"],
  quota: { limit: 60, window: "1 minute" }
}

/**
 * The retry settings of a client: {@link defaults} unless a layer replaces them.
 *
 * @category policies
 * @since 0.1.0
 */
export class RetryPolicy extends Context.Reference<RetryPolicy>()("effect-ango/RetryPolicy", {
  defaultValue: () => defaults
}) {}

const isTime = (input: unknown): boolean => {
  const duration = Duration.decodeUnknown(input)
  return Option.isSome(duration) && Duration.isFinite(duration.value)
}

const isCount = (count: number, max: number): boolean => Number.isInteger(count) && count >= 1 && count <= max

const fixedStatuses = new Set([400, 401, 403, 404, 422, 429])

/**
 * What is wrong with settings and what is allowed, as a sentence; `undefined` when they are valid.
 *
 * @category utilities
 * @since 0.1.0
 */
export const findProblem = (settings: Settings): string | undefined => {
  const { attempts, baseDelay, maxDelay, quota, repeat, statuses } = settings
  if (!isCount(attempts, 100)) return "Give 1 to 100 attempts in total."
  if (!isTime(baseDelay) || !isTime(maxDelay)) return 'Give delays as durations: "500 millis".'
  if (
    !statuses.every(
      (status) => Number.isInteger(status) && status >= 400 && status <= 599 && !fixedStatuses.has(status)
    )
  ) {
    return "Give statuses of 400 to 599, without 400, 401, 403, 404, 422 and 429."
  }
  if (!repeat.every((name) => name === "safe" || name === "idempotent")) {
    return 'Calls of the classes "safe" and "idempotent" may be repeated, no others.'
  }
  return quota === "off" ||
    (isCount(quota.limit, 1_000_000) && isTime(quota.window) && Duration.toMillis(quota.window) > 0)
    ? undefined
    : 'Give a quota as { limit: 60, window: "1 minute" }, or "off".'
}

/**
 * Replaces the given settings and keeps the defaults of the others:
 * `Ango.layer(options).pipe(Layer.provide(RetryPolicy.layer({ attempts: 6 })))`. Fails with `InvalidConfig` when a
 * setting is out of its range.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (settings: Partial<Settings>): Layer.Layer<RetryPolicy, InvalidConfig> => {
  const all = { ...defaults, ...settings }
  const problem = findProblem(all)
  return problem === undefined
    ? Layer.succeed(RetryPolicy, all)
    : Layer.fail(new InvalidConfig({ setting: "retry", message: `The retry policy is invalid. ${problem}` }))
}
