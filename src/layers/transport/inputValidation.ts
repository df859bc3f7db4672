/**
 * Validation of inputs before any request: of inputs that are not part of the contract, and of methods that send several
 * requests, where the contract would reject only the last one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Operation } from "../../api/operation.js"
import type { InvalidRequest } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { fromInput } from "./errorMapping.js"

/** A problem of an input that its schema cannot express: the parameter, and a sentence that says what is allowed. */
export interface Problem {
  readonly parameter: string
  readonly reason: string
}

/**
 * Decodes an input with its schema (`Schema.typeSchema` for one that is decoded already), then runs `problemOf` on it.
 * Fails with `InvalidRequest`, which names the parameter.
 */
export const validateInput = <A, I>(
  operation: Operation,
  schema: Schema.Schema<A, I>,
  input: unknown,
  problemOf: (value: A) => Problem | undefined = () => undefined
): Effect.Effect<A, InvalidRequest> =>
  Schema.decodeUnknown(schema)(input).pipe(
    Effect.mapError((error) => fromInput(operation, error.issue)),
    Effect.flatMap((value) => {
      const problem = problemOf(value)
      return problem === undefined
        ? Effect.succeed(value)
        : Effect.fail(invalidRequest(operation, problem.parameter, problem.reason))
    })
  )
