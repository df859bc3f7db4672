// Answers of which no document says what they hold, read with the caller's schema.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { label, type Operation } from "../api/operations.js"
import { DecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { mismatches } from "./mismatch.js"

/** Decodes with the caller's schema; without one, the value as it came. A misfit is a `DecodeError`. */
export const decodeWithCallerSchema = <A, I>(
  operation: Operation,
  value: unknown,
  schema: Schema.Schema<A, I> | undefined
): Effect.Effect<unknown, DecodeError> =>
  schema === undefined
    ? Effect.succeed(value)
    : Effect.mapError(Schema.decodeUnknown(schema)(value), (error) => {
        const found = mismatches(error.issue, value)
        const first = found[0]
        return new DecodeError({
          ...operationContext(
            operation,
            `${label(operation)} was answered in another shape than the given schema: at ${first?.path || "the top"} ` +
              `${first?.expected ?? "another value"} was expected and ${first?.found ?? "something else"} came.`
          ),
          status: operation.status,
          mismatches: found
        })
      })
