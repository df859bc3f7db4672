// A schema compiled to closures: every node of its AST becomes a function that checks a value and hands it through.
//
// `Schema` decodes by building everything anew, which costs several times what parsing the JSON has cost. What comes
// out of `JSON.parse` is ours alone, so a value that is right already is its own result: only an object in which
// something changes (a field has another name in our types, a secret is dropped) is copied.
//
// A node that is not known here is decoded by `Schema` itself: right, and slow.
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { isExpected, knownValues } from "../schemas/open.js"
import { narrowing } from "../schemas/secret.js"
import { type Decode, decodeFailure } from "./decodeResult.js"
import { findingsAt, noteDrift } from "./drift.js"
import { type Field, list, record, struct } from "./objectDecoder.js"
import { choice, isTagged, kindsOf } from "./unionDecoder.js"

/** What a node inherits from those around it. */
interface Around {
  readonly options: AST.ParseOptions
  /** Where it is: the last schema with a name, and the way from there. */
  readonly schema: string
  readonly path: string
  /** Whether unknown fields are findings: not in what a transformation has made of them. */
  readonly isWire: boolean
  /** The schemas that hold themselves. */
  readonly suspended: Map<AST.AST, Decode>
}

const bySchema = (ast: AST.AST, { options }: Around): Decode => {
  const decode = ParseResult.decodeUnknownEither(Schema.make<unknown>(ast), options)
  return (value) => Either.getOrElse(decode(value), () => decodeFailure)
}

const isText: Decode = (value) => (typeof value === "string" ? value : decodeFailure)
const isNumber: Decode = (value) => (typeof value === "number" ? value : decodeFailure)
const isBoolean: Decode = (value) => (typeof value === "boolean" ? value : decodeFailure)
const isAnything: Decode = (value) => value

const literal =
  ({ literal }: AST.Literal): Decode =>
  (value) =>
    value === literal ? value : decodeFailure

const enumeration = (known: ReadonlyArray<string>, around: Around): Decode => {
  const values = new Set(known)
  const findingOf = findingsAt("value", around)
  return (value, findings) => {
    if (typeof value !== "string") return decodeFailure
    if (!values.has(value)) noteDrift(findings, findingOf(value))
    return value
  }
}

// A text longer than this is no id, and not kept to be compared with.
const longestKept = 40

const refinement = (ast: AST.Refinement, around: Around): Decode => {
  const { options } = around
  const from = compile(ast.from, around)
  // The rows of a list mostly have the same project, organization and stage: what was right is right again.
  let right: unknown
  return (value, findings) => {
    if (value === right && typeof value === "string") return value
    const decoded = from(value, findings)
    if (decoded === decodeFailure || Option.isSome(ast.filter(decoded, options, ast))) return decodeFailure
    if (decoded === value && typeof value === "string" && value.length <= longestKept) right = value
    return decoded
  }
}

const union = (ast: AST.Union, around: Around): Decode =>
  ast.types.some(isTagged)
    ? bySchema(ast, around)
    : choice(ast.types.map((type) => ({ kinds: kindsOf(type), decode: compile(type, around) })))

const below = (around: Around, step: string): Around => ({
  ...around,
  path: around.path === "" || step === "[]" ? `${around.path}${step}` : `${around.path}.${step}`
})

const tuple = (ast: AST.TupleType, around: Around): Decode => {
  const [others, ...last] = ast.rest
  if (last.length > 0 || ast.elements.some(({ isOptional }) => isOptional)) return bySchema(ast, around)
  const item = ({ type }: AST.Type) => compile(type, below(around, "[]"))
  return list(ast.elements.map(item), others === undefined ? undefined : item(others))
}

// What becomes of a field that the schema does not name.
const unknownFields = (around: Around, isExpected: (key: string) => boolean): ((key: string) => Field) => {
  const isKept = around.options.onExcessProperty === "preserve"
  const findingOf = findingsAt("field", around)
  return (key) => {
    const finding = findingOf(key)
    return {
      key,
      to: isKept ? key : undefined,
      isRequired: false,
      decode:
        around.isWire && !isExpected(key)
          ? (value, findings) => {
              noteDrift(findings, finding)
              return value
            }
          : isAnything
    }
  }
}

// An object whose fields have other names in our types by `names`.
const object = (
  ast: AST.TypeLiteral,
  whole: AST.AST,
  around: Around,
  names = new Map<string, string>()
): Decode => {
  const { indexSignatures, propertySignatures } = ast
  const [values] = indexSignatures
  if (values !== undefined) {
    return propertySignatures.length === 0 &&
      indexSignatures.length === 1 &&
      AST.isStringKeyword(values.parameter)
      ? record(compile(values.type, below(around, "*")))
      : bySchema(whole, around)
  }
  if (propertySignatures.length === 0) return bySchema(whole, around)
  const fields = propertySignatures.map(({ isOptional, name, type }): Field => {
    const key = String(name)
    return {
      key,
      to: names.get(key) ?? key,
      isRequired: !isOptional,
      decode: compile(type, below(around, key))
    }
  })
  const shadows = Array.from(
    names,
    ([from, to]): Field => ({
      key: to,
      to: undefined,
      isRequired: false,
      decode: isAnything,
      shadowedBy: from
    })
  )
  const isKept = around.options.onExcessProperty === "preserve"
  return struct(
    [...fields, ...(isKept ? shadows : [])],
    unknownFields(around, isExpected(whole)),
    bySchema(whole, around)
  )
}

// The fields of an object that have another name in our types, when that is all there is to it.
const renamings = (transformation: AST.TypeLiteralTransformation): Map<string, string> | undefined => {
  const names = new Map<string, string>()
  for (const { decode, from, to } of transformation.propertySignatureTransformations) {
    if (decode !== identity || from === to) return undefined
    names.set(String(from), String(to))
  }
  return names
}

const transformation = (ast: AST.Transformation, around: Around): Decode => {
  const narrow = narrowing(ast)
  if (narrow !== undefined) {
    const from = compile(ast.from, around)
    return (value, findings) => {
      const decoded = from(value, findings)
      return decoded === decodeFailure ? decodeFailure : narrow(decoded)
    }
  }
  if (AST.isTypeLiteralTransformation(ast.transformation) && AST.isTypeLiteral(ast.from)) {
    const names = renamings(ast.transformation)
    const isTaken = ast.from.propertySignatures.some(({ name }) =>
      [...(names?.values() ?? [])].includes(String(name))
    )
    return names === undefined || isTaken ? bySchema(ast, around) : object(ast.from, ast, around, names)
  }
  if (!AST.isFinalTransformation(ast.transformation)) return bySchema(ast, around)
  const { decode } = ast.transformation
  const from = compile(ast.from, around)
  const to = compile(ast.to, { ...around, isWire: false })
  const whole = bySchema(ast, around)
  return (value, findings) => {
    const before = from(value, findings)
    if (before === decodeFailure) return decodeFailure
    const after = decode(before, around.options, ast, value)
    if (!Either.isEither(after)) return whole(value, findings)
    return Either.isLeft(after) ? decodeFailure : to(after.right, findings)
  }
}

// A schema that holds itself is compiled when it is first met in a value.
const suspended = (ast: AST.Suspend, around: Around): Decode => {
  let decode: Decode | undefined
  const find = (): Decode => {
    const target = ast.f()
    const known = around.suspended.get(target) ?? compile(target, around)
    around.suspended.set(target, known)
    return known
  }
  return (value, findings) => {
    decode ??= find()
    return decode(value, findings)
  }
}

// The name of a schema and its options hold for everything in it.
const enter = (ast: AST.AST, around: Around): Around => {
  const isPart = AST.isStringKeyword(ast) || AST.isRefinement(ast)
  const name = isPart ? Option.none() : AST.getIdentifierAnnotation(ast)
  const options = Option.getOrUndefined(AST.getParseOptionsAnnotation(ast))
  return {
    ...around,
    ...(Option.isSome(name) ? { schema: name.value, path: "" } : {}),
    ...(options === undefined ? {} : { options: { ...around.options, ...options }, suspended: new Map() })
  }
}

// Excess fields are kept or dropped; every other way to decode is `Schema`'s.
const isUsual = ({ exact, onExcessProperty }: AST.ParseOptions): boolean =>
  exact !== true && onExcessProperty !== "error"

const compile = (ast: AST.AST, outside: Around): Decode => {
  const around = enter(ast, outside)
  if (!isUsual(around.options) || Option.isSome(AST.getDecodingFallbackAnnotation(ast))) {
    return bySchema(ast, around)
  }
  switch (ast._tag) {
    case "StringKeyword": {
      const known = knownValues(ast)
      return known === undefined ? isText : enumeration(known, around)
    }
    case "NumberKeyword":
      return isNumber
    case "BooleanKeyword":
      return isBoolean
    case "UnknownKeyword":
    case "AnyKeyword":
      return isAnything
    case "Literal":
      return literal(ast)
    case "Refinement":
      return refinement(ast, around)
    case "Union":
      return union(ast, around)
    case "TupleType":
      return tuple(ast, around)
    case "TypeLiteral":
      return object(ast, ast, around)
    case "Transformation":
      return transformation(ast, around)
    case "Suspend":
      return suspended(ast, around)
    default:
      return bySchema(ast, around)
  }
}

/** Compiles a schema; `name` is what findings outside of every schema with a name of its own are told of. */
export const compileSchema = (schema: Schema.Schema.AnyNoContext, name: string): Decode =>
  compile(schema.ast, { options: {}, schema: name, path: "", isWire: true, suspended: new Map() })
