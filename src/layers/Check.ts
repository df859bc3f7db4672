/**
 * Inputs judged before the first request of a method that makes several: what the contract would refuse at the
 * last of them is refused at once.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidRequest } from "../AngoError.js"
import type { Operation } from "../api/Operations.js"
import { fromInput } from "./Failure.js"

/** Fails with `InvalidRequest`, naming the parameter and what is allowed, when an input does not fit. */
export const check = <A, I>(
  operation: Operation,
  schema: Schema.Schema<A, I>,
  input: unknown
): Effect.Effect<A, InvalidRequest> =>
  Effect.mapError(Schema.validate(schema)(input), (error) => fromInput(operation, error))
