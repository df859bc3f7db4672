// Unions, whose members are picked by what kind of JSON a value is.
import * as Option from "effect/Option"
import * as AST from "effect/SchemaAST"
import { type Decode, decodeFailure } from "./decodeResult.js"

/** The kinds of JSON. */
export type Kind = "null" | "string" | "number" | "boolean" | "array" | "object"

const everyKind: ReadonlyArray<Kind> = ["null", "string", "number", "boolean", "array", "object"]

/** The kinds of JSON that a schema may take; it takes no others. */
export const kindsOf = (ast: AST.AST): ReadonlyArray<Kind> => {
  if (Option.isSome(AST.getDecodingFallbackAnnotation(ast))) return everyKind
  switch (ast._tag) {
    case "StringKeyword":
      return ["string"]
    case "NumberKeyword":
      return ["number"]
    case "BooleanKeyword":
      return ["boolean"]
    case "Literal":
      return everyKind.filter((kind) => kind === (ast.literal === null ? "null" : typeof ast.literal))
    case "TupleType":
      return ["array"]
    case "TypeLiteral":
      return ast.propertySignatures.length + ast.indexSignatures.length === 0 ? everyKind : ["object"]
    case "Refinement":
    case "Transformation":
      return kindsOf(ast.from)
    default:
      return everyKind
  }
}

const nobody: Decode = () => decodeFailure

// The first member that takes a value has it; what those before it have found is of no account.
const firstOf = ([first = nobody, ...others]: ReadonlyArray<Decode>): Decode => {
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

/** A value for the first of these members that takes it. Only those are asked that take its kind at all. */
export const choice = (
  members: ReadonlyArray<{ readonly kinds: ReadonlyArray<Kind>; readonly decode: Decode }>
): Decode => {
  const takers = (kind: Kind) =>
    firstOf(members.flatMap(({ decode, kinds }) => (kinds.includes(kind) ? [decode] : [])))
  const ofNull = takers("null")
  const ofText = takers("string")
  const ofNumber = takers("number")
  const ofBoolean = takers("boolean")
  const ofList = takers("array")
  const ofObject = takers("object")
  return (value, findings) => {
    switch (typeof value) {
      case "string":
        return ofText(value, findings)
      case "number":
        return ofNumber(value, findings)
      case "boolean":
        return ofBoolean(value, findings)
      case "object":
        if (value === null) return ofNull(value, findings)
        return Array.isArray(value) ? ofList(value, findings) : ofObject(value, findings)
      default:
        return decodeFailure
    }
  }
}

/** Whether a member requires a literal: `Schema` looks for those before it tries any. */
export const isTagged = (ast: AST.AST): boolean => {
  const isLiteral = (part: { readonly type: AST.AST; readonly isOptional: boolean }) =>
    !part.isOptional && AST.isLiteral(AST.encodedAST(part.type))
  switch (ast._tag) {
    case "TypeLiteral":
      return ast.propertySignatures.some(isLiteral)
    case "TupleType":
      return ast.elements.some(isLiteral)
    case "Refinement":
    case "Transformation":
      return isTagged(ast.from)
    default:
      return AST.isDeclaration(ast) || AST.isSuspend(ast)
  }
}
