// Responses whose content is not documented, decoded with the caller's schema.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { label, type Operation } from "../api/operation.js"
import { DecodeError } from "../errors/AngoError.js"
import { operationContext } from "../errors/OperationContext.js"
import { mismatches } from "./mismatch.js"

/** Decodes with the caller's schema, or fails with a `DecodeError`; without a schema returns the value unchanged. */
export const decodeWithCallerSchema = <A, I>(
  operation: Operation,
  value: unknown,
  schema: Schema.Schema<A, I> | undefined
): Effect.Effect<unknown, DecodeError> =>
  schema === undefined
    ? Effect.succeed(value)
    : Effect.mapError(Schema.decodeUnknown(schema)(value), (error) => {
        const all = mismatches(error.issue, value)
        const [first] = all
        return new DecodeError({
          ...operationContext(
            operation,
            `The response of ${label(operation)} does not match the given schema: at ${first?.path || "the top level"} ` +
              `${first?.expected ?? "another value"} was expected and ${first?.found ?? "something else"} came.`
          ),
          status: operation.status,
          mismatches: all
        })
      })
