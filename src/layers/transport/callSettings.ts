/**
 * Settings that a caller overrides for the calls of one effect. They are references in the fiber's context, so that they
 * also reach services that were built before.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { dual } from "effect/Function"
import * as Option from "effect/Option"
import type { Operation } from "../../api/operation.js"
import type { InvalidRequest } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { invalidTime } from "../AngoConfig.js"
import { findProblem, type Settings } from "../RetryPolicy.js"

class DeadlineOverride extends Context.Reference<DeadlineOverride>()("effect-ango/DeadlineOverride", {
  defaultValue: (): Duration.DurationInput | undefined => undefined
}) {}

class IdleTimeoutOverride extends Context.Reference<IdleTimeoutOverride>()(
  "effect-ango/IdleTimeoutOverride",
  {
    defaultValue: (): Duration.DurationInput | undefined => undefined
  }
) {}

/**
 * Retry settings for the calls of one effect: all but the quota, which belongs to the client.
 *
 * @category options
 * @since 0.1.0
 */
export type RetryOptions = Partial<Omit<Settings, "quota">>

const noOverride: RetryOptions = {}

class RetryOverride extends Context.Reference<RetryOverride>()("effect-ango/RetryOverride", {
  defaultValue: () => noOverride
}) {}

/**
 * Runs an effect with another deadline for each of its calls than the configured one. `Duration.infinity` removes the
 * deadline. An invalid duration, or one not longer than zero, makes the calls fail with `InvalidRequest`.
 *
 * @example
 * ```ts
 * import { Ango, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const task = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001")).pipe(
 *   Ango.withDeadline("5 minutes")
 * )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withDeadline: {
  (deadline: Duration.DurationInput): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Duration.DurationInput): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Duration.DurationInput): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, DeadlineOverride, deadline)
)

/**
 * Runs an effect with another idle timeout for each of its connections than the configured one. `Duration.infinity`
 * removes the timeout. An invalid duration, or one not longer than zero, makes the calls fail with `InvalidRequest`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withIdleTimeout: {
  (idleTimeout: Duration.DurationInput): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, idleTimeout: Duration.DurationInput): Effect.Effect<A, E, R>
} = dual(
  2,
  <A, E, R>(effect: Effect.Effect<A, E, R>, idleTimeout: Duration.DurationInput): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, IdleTimeoutOverride, idleTimeout)
)

/**
 * Runs an effect whose calls retry with other settings than the configured ones; settings that are not given stay as
 * they are. A setting out of its range makes the calls fail with `InvalidRequest`.
 *
 * @example
 * ```ts
 * import { Ango, Tasks } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const once = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001")).pipe(
 *   Ango.withRetry({ attempts: 1 })
 * )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withRetry: {
  (options: RetryOptions): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  <A, E, R>(effect: Effect.Effect<A, E, R>, options: RetryOptions): Effect.Effect<A, E, R>
} = dual(2, <A, E, R>(effect: Effect.Effect<A, E, R>, options: RetryOptions) =>
  Effect.flatMap(RetryOverride, (outer) =>
    Effect.provideService(effect, RetryOverride, { ...outer, ...options })
  )
)

/** The settings of a client for its calls. */
export interface ClientSettings {
  readonly config: { readonly deadline: Duration.Duration; readonly idleTimeout: Duration.Duration }
  readonly retry: Settings
}

/** The settings of one call. */
export interface CallSettings {
  readonly deadline: Duration.Duration
  readonly idleTimeout: Duration.Duration
  readonly retry: Settings
}

const readTime = (
  operation: Operation,
  setting: "deadline" | "idleTimeout",
  configured: Duration.Duration,
  override: Duration.DurationInput | undefined
): Either.Either<Duration.Duration, InvalidRequest> => {
  const time = override === undefined ? Option.some(configured) : Duration.decodeUnknown(override)
  return Option.isSome(time) && Duration.greaterThan(time.value, Duration.zero)
    ? Either.right(time.value)
    : Either.left(invalidRequest(operation, setting, `It ${invalidTime(override)}`))
}

const readRetry = (
  operation: Operation,
  configured: Settings,
  override: RetryOptions
): Either.Either<Settings, InvalidRequest> => {
  const settings = override === noOverride ? configured : { ...configured, ...override }
  const problem = findProblem(settings)
  return problem === undefined
    ? Either.right(settings)
    : Either.left(invalidRequest(operation, "retry", problem))
}

/** The settings of a call in a context: those of the client, or what the caller has set instead. */
export const readSettings = (
  context: Context.Context<never>,
  { config, retry }: ClientSettings,
  operation: Operation
): Either.Either<CallSettings, InvalidRequest> => {
  const deadline = readTime(operation, "deadline", config.deadline, Context.get(context, DeadlineOverride))
  if (Either.isLeft(deadline)) return Either.left(deadline.left)
  const idleTimeout = readTime(
    operation,
    "idleTimeout",
    config.idleTimeout,
    Context.get(context, IdleTimeoutOverride)
  )
  if (Either.isLeft(idleTimeout)) return Either.left(idleTimeout.left)
  return Either.map(readRetry(operation, retry, Context.get(context, RetryOverride)), (settings) => ({
    deadline: deadline.right,
    idleTimeout: idleTimeout.right,
    retry: settings
  }))
}
