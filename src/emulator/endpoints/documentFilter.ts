/**
 * The `filter` of task lists, applied as a document store applies it (docs/api-notes.md#task-filters): only operators
 * with `$` are operators. A condition that a store would compare as a value finds nothing, as it would at the real hub.
 *
 * @remarks derived: that a document store is behind the API, from the ids and the operators.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { BadRequest } from "../../api/envelope.js"
import { badRequest } from "../state/hubErrors.js"
import type { Row } from "./listFilter.js"

/** Reads a field of a document by the name of the condition; `undefined` if the document does not have it. */
export type ReadField = (document: Row, name: string) => unknown

type Test = (value: unknown) => boolean

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

const toInstant = (value: unknown): number =>
  typeof value === "string" && instantPattern.test(value) ? Date.parse(value) : Number.NaN

const isSame = (value: unknown, operand: unknown): boolean => {
  // A missing field equals null.
  if (operand === null) return value === undefined || value === null
  if (Array.isArray(value) && Array.isArray(operand)) {
    return value.length === operand.length && value.every((item, index) => isSame(item, operand[index]))
  }
  if (Predicate.isRecord(value) || Predicate.isRecord(operand))
    return JSON.stringify(value) === JSON.stringify(operand)
  const [left, right] = [toInstant(value), toInstant(operand)]
  return Number.isNaN(left) || Number.isNaN(right) ? value === operand : left === right
}

// A list meets a condition if one of its items does, or the list as a whole.
const forAnyItem =
  (test: Test): Test =>
  (value) =>
    test(value) || (Array.isArray(value) && value.some(test))

const equal = (operand: unknown): Test => forAnyItem((value) => isSame(value, operand))

// Values of different types have no order; neither has a missing field.
const ordered =
  (accepts: (difference: number) => boolean) =>
  (operand: unknown): Test =>
    forAnyItem((value) => {
      const [left, right] = [toInstant(value), toInstant(operand)]
      if (!Number.isNaN(left) && !Number.isNaN(right)) return accepts(left - right)
      if (typeof value === "number" && typeof operand === "number") return accepts(value - operand)
      return typeof value === "string" && typeof operand === "string"
        ? accepts(value === operand ? 0 : value < operand ? -1 : 1)
        : false
    })

type MakeTest = (operand: unknown, path: string) => Effect.Effect<Test, BadRequest>

const succeed =
  (make: (operand: unknown) => Test): MakeTest =>
  (operand) =>
    Effect.succeed(make(operand))

const among: MakeTest = (operand, path) =>
  Array.isArray(operand)
    ? Effect.succeed((value) => operand.some((one) => equal(one)(value)))
    : badRequest(`${path}: expected a list.`)

const not = (make: MakeTest): MakeTest => {
  return (operand, path) => Effect.map(make(operand, path), (test) => (value) => !test(value))
}

const pattern: MakeTest = (operand, path) =>
  Effect.try(() => new RegExp(String(operand))).pipe(
    Effect.filterOrFail(() => typeof operand === "string"),
    Effect.matchEffect({
      onFailure: () => badRequest(`${path}: expected a regular expression.`),
      onSuccess: (regex) =>
        Effect.succeed(forAnyItem((value) => typeof value === "string" && regex.test(value)))
    })
  )

const operators: Readonly<Record<string, MakeTest>> = {
  $eq: succeed(equal),
  $ne: not(succeed(equal)),
  $in: among,
  $nin: not(among),
  $gt: succeed(ordered((difference) => difference > 0)),
  $gte: succeed(ordered((difference) => difference >= 0)),
  $lt: succeed(ordered((difference) => difference < 0)),
  $lte: succeed(ordered((difference) => difference <= 0)),
  $regex: pattern,
  $exists: succeed((wanted) => (value) => (value !== undefined) === Boolean(wanted))
}

const unknownOperator = (path: string) =>
  badRequest(`${path}: unknown operator. Allowed: ${Object.keys(operators).join(", ")}.`)

const compileCondition = (name: string, condition: unknown): Effect.Effect<Test, BadRequest> => {
  if (!Predicate.isRecord(condition) || !Object.keys(condition).some((key) => key.startsWith("$"))) {
    return Effect.succeed(equal(condition))
  }
  return Effect.map(
    Effect.forEach(Object.entries(condition), ([key, operand]) => {
      const path = `${name}.${key}`
      const make = Object.hasOwn(operators, key) ? operators[key] : undefined
      return make === undefined ? unknownOperator(path) : make(operand, path)
    }),
    (tests) => (value) => tests.every((test) => test(value))
  )
}

/**
 * The documents that meet all conditions; without conditions, the same list. An unknown field is one that no document
 * has. An unknown `$` operator, `$in` or `$nin` without a list, and an invalid `$regex` are a 400 that names them.
 */
export const filterDocuments = <A extends object>(
  documents: ReadonlyArray<A>,
  conditions: Row,
  read: ReadField
): Effect.Effect<ReadonlyArray<A>, BadRequest> =>
  Effect.map(
    Effect.forEach(Object.entries(conditions), ([name, condition]) =>
      name.startsWith("$")
        ? unknownOperator(name)
        : Effect.map(compileCondition(name, condition), (test) => [name, test] as const)
    ),
    (tests) =>
      tests.length === 0
        ? documents
        : documents.filter((document) => tests.every(([name, test]) => test(read(document as Row, name))))
  )
