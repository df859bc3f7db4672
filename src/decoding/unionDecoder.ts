// Unions: the kind of a JSON value decides which members are tried.
import type { JsonKind } from "../schemas/schemaShape.js"
import { type Decode, decodeFailure } from "./decodeResult.js"

const fail: Decode = () => decodeFailure

// The first member that decodes the value; findings of the members that failed before it are removed.
const firstOf = ([first = fail, ...others]: ReadonlyArray<Decode>): Decode => {
  if (others.length === 0) return first
  const next = firstOf(others)
  return (value, findings) => {
    const before = findings.length
    const decoded = first(value, findings)
    if (decoded !== decodeFailure) return decoded
    findings.length = before
    return next(value, findings)
  }
}

/** Decodes with the first member that matches. Tries only the members that accept the value's kind. */
export const union = (
  members: ReadonlyArray<{ readonly kinds: ReadonlyArray<JsonKind>; readonly decode: Decode }>
): Decode => {
  const decodeKind = (kind: JsonKind) =>
    firstOf(members.flatMap(({ decode, kinds }) => (kinds.includes(kind) ? [decode] : [])))
  const decodeNull = decodeKind("null")
  const decodeString = decodeKind("string")
  const decodeNumber = decodeKind("number")
  const decodeBoolean = decodeKind("boolean")
  const decodeArray = decodeKind("array")
  const decodeObject = decodeKind("object")
  return (value, findings) => {
    switch (typeof value) {
      case "string":
        return decodeString(value, findings)
      case "number":
        return decodeNumber(value, findings)
      case "boolean":
        return decodeBoolean(value, findings)
      case "object":
        if (value === null) return decodeNull(value, findings)
        return Array.isArray(value) ? decodeArray(value, findings) : decodeObject(value, findings)
      default:
        return decodeFailure
    }
  }
}
