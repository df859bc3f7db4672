// Validation of rows, which need no effect for it.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Operation } from "../../api/operation.js"
import { decoder } from "../../decoding/decoder.js"
import type { InvalidRequest } from "../../errors/AngoError.js"
import { fromInput } from "../../layers/transport/errorMapping.js"

/** Validates decoded values of a schema. The error names the parameter. */
export const rowValidation = <A, I>(
  operation: Operation,
  schema: Schema.Schema<A, I>
): ((input: unknown) => Either.Either<A, InvalidRequest>) => {
  const type = Schema.typeSchema(schema)
  const validate = decoder(type)
  const explain = Schema.decodeUnknownEither(type)
  return (input) => {
    const valid = validate(input)
    // Decoded again for its error.
    return Either.isRight(valid)
      ? Either.right(valid.right)
      : Either.mapLeft(explain(input), (error) => fromInput(operation, error.issue))
  }
}
