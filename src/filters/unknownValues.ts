// Warnings for conditions with undocumented values. The API compares values exactly: a misspelt one matches nothing,
// which looks like an empty list. But a value may also be newer than this version.
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Operation } from "../api/operation.js"
import { knownValues } from "../schemas/open.js"
import { nearest } from "../utils/nearest.js"
import { distinctValues, type OneOrSeveral } from "./conditions.js"

/** A condition, and the schema of its values. */
export type Condition = readonly [OneOrSeveral<string> | undefined, Schema.Schema.AnyNoContext]

// Only a value that is nearly a known one is quoted: a log must not contain personal data.
const warningsFor = (name: string, [condition, schema]: Condition): ReadonlyArray<string> => {
  const known = knownValues(schema.ast) ?? []
  return distinctValues(condition ?? [])
    .filter((value) => !known.includes(value))
    .map((value) => {
      const suggestion = nearest(value, known)
      return suggestion === undefined
        ? `A value of ${name} is unknown to this version, and is sent unchanged. Known values are ${known.join(", ")}.`
        : `The value ${JSON.stringify(value)} of ${name} is unknown to this version, and is sent unchanged. ` +
            `Did you mean ${JSON.stringify(suggestion)}?`
    })
}

/** Logs a warning for each value that this version does not know. */
export const warnUnknownValues = (
  operation: Operation,
  conditions: Readonly<Record<string, Condition>>
): Effect.Effect<void> =>
  Effect.forEach(
    Object.entries(conditions).flatMap(([name, condition]) => warningsFor(name, condition)),
    (warning) => Effect.annotateLogs(Effect.logWarning(warning), { operation: operation.name }),
    { discard: true }
  )
