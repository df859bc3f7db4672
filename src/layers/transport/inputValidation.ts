/**
 * Inputs judged before any request: those that the contract does not see, and those of a method that makes several
 * requests, of which the contract would refuse the last one only.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Operation } from "../../api/operations.js"
import type { InvalidRequest } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { fromInput } from "./errorMapping.js"

/** What is wrong with an input as a whole: the place, and a sentence that says what is allowed. */
export interface Problem {
  readonly parameter: string
  readonly reason: string
}

/**
 * The input as the schema decodes it (give `Schema.typeSchema` for one that is decoded already); or `InvalidRequest` with the place that does not fit the schema, or with the
 * problem that the whole of it has.
 */
export const validateInput = <A, I>(
  operation: Operation,
  schema: Schema.Schema<A, I>,
  input: unknown,
  problemOf: (value: A) => Problem | undefined = () => undefined
): Effect.Effect<A, InvalidRequest> =>
  Schema.decodeUnknown(schema)(input).pipe(
    Effect.mapError((error) => fromInput(operation, error)),
    Effect.flatMap((value) => {
      const problem = problemOf(value)
      return problem === undefined
        ? Effect.succeed(value)
        : Effect.fail(invalidRequest(operation, problem.parameter, problem.reason))
    })
  )
