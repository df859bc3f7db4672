/**
 * How many requests of a client may be under way at the same time: a limit of its own, apart from the rate.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { InvalidConfig } from "../errors/AngoError.js"

/**
 * The concurrency limit in force: none, unless a layer sets one.
 *
 * @since 0.1.0
 */
export class ConcurrencyLimit extends Context.Reference<ConcurrencyLimit>()("effect-ango/ConcurrencyLimit", {
  defaultValue: (): number | "off" => "off"
}) {}

/**
 * At most so many requests of the client are under way at the same time, bodies included; further ones wait. Calls
 * that wait before another attempt count for nothing. Fails with `InvalidConfig` unless it is a whole number of 1 or
 * more.
 *
 * @since 0.1.0
 */
export const layer = (limit: number): Layer.Layer<ConcurrencyLimit, InvalidConfig> =>
  Number.isInteger(limit) && limit >= 1
    ? Layer.succeed(ConcurrencyLimit, limit)
    : Layer.fail(
        new InvalidConfig({
          setting: "concurrency",
          message: `The concurrency limit is ${limit}. Give a whole number of 1 or more.`
        })
      )

/** Holds attempts back while as many as the limit are under way. */
export const make = (
  limit: number | "off"
): Effect.Effect<<A, E>(attempt: Effect.Effect<A, E>) => Effect.Effect<A, E>> =>
  limit === "off"
    ? Effect.succeed((attempt) => attempt)
    : Effect.map(Effect.makeSemaphore(limit), (semaphore) => semaphore.withPermits(1))
