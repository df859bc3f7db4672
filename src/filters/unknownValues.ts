// Conditions by values that no document names. A hub compares to the letter: a misspelt one finds nothing, which looks
// like an empty list. But it may be a new one.
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Operation } from "../api/operations.js"
import { knownValues } from "../schemas/open.js"
import { nearest } from "../utils/nearest.js"
import { type OneOrSeveral, values } from "./conditions.js"

/** A condition, and the schema of its values. */
export type Condition = readonly [OneOrSeveral<string> | undefined, Schema.Schema.AnyNoContext]

const sentence = (name: string, [given, schema]: Condition): ReadonlyArray<string> => {
  const known = knownValues(schema.ast) ?? []
  return values(given ?? [])
    .filter((value) => !known.includes(value))
    .map((value) => {
      const meant = nearest(value, known)
      const like = meant === undefined ? `one of ${known.join(", ")}` : JSON.stringify(meant)
      return `a value of ${name} is none that this version knows: was ${like} meant? It is asked for as it is.`
    })
}

/** Warns of values that this version does not know; they are not quoted. */
export const warnUnknownValues = (
  operation: Operation,
  conditions: Readonly<Record<string, Condition>>
): Effect.Effect<void> =>
  Effect.forEach(
    Object.entries(conditions).flatMap(([name, condition]) => sentence(name, condition)),
    (told) => Effect.annotateLogs(Effect.logWarning(told), { operation: operation.name }),
    { discard: true }
  )
