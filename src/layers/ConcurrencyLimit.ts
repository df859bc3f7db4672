/**
 * How many requests of a client may be in flight at the same time. Independent of the rate limit.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { InvalidConfig } from "../errors/AngoError.js"

/**
 * The concurrency limit of a client: `"off"` unless a layer sets one.
 *
 * @category policies
 * @since 0.1.0
 */
export class ConcurrencyLimit extends Context.Reference<ConcurrencyLimit>()("effect-ango/ConcurrencyLimit", {
  defaultValue: (): number | "off" => "off"
}) {}

/**
 * Limits how many requests of the client are in flight, until their bodies are read; further ones wait. A call that waits
 * before a retry does not count. Fails with `InvalidConfig` unless `limit` is an integer of 1 or more.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (limit: number): Layer.Layer<ConcurrencyLimit, InvalidConfig> =>
  Number.isInteger(limit) && limit >= 1
    ? Layer.succeed(ConcurrencyLimit, limit)
    : Layer.fail(
        new InvalidConfig({
          setting: "concurrency",
          message: `The concurrency limit is ${limit}. Give an integer of 1 or more.`
        })
      )

/**
 * Makes a combinator that delays attempts while `limit` others are in flight.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  limit: number | "off"
): Effect.Effect<<A, E>(attempt: Effect.Effect<A, E>) => Effect.Effect<A, E>> =>
  limit === "off"
    ? Effect.succeed((attempt) => attempt)
    : Effect.map(Effect.makeSemaphore(limit), (semaphore) => semaphore.withPermits(1))
