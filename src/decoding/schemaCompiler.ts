// Compiles a schema to closures: each part becomes a function that checks a value and returns it.
//
// `Schema` decodes by building new objects, which costs several times more than parsing the JSON. Nothing else refers to
// a result of `JSON.parse`, so a value that is already right is its own result: only objects in which something changes
// (a field has another name in our types, a secret is dropped) are copied.
//
// A part of another shape is decoded by `Schema`: the same result, more slowly.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { isExpected, knownValues } from "../schemas/open.js"
import { decodeUnknownEither } from "../schemas/parseIssue.js"
import {
  type DecodeOptions,
  type FieldShape,
  hasDecodingFallback,
  identifierOf,
  jsonKinds,
  type Node,
  optionsOf,
  type Shape,
  shapeOf
} from "../schemas/schemaShape.js"
import { narrowing } from "../schemas/secret.js"
import { type Decode, decodeFailure } from "./decodeResult.js"
import { type Field, list, record, struct } from "./objectDecoder.js"
import { union } from "./unionDecoder.js"
import { findingsAt, noteDrift } from "./unknownFields.js"

type ShapeOf<Kind extends Shape["kind"]> = Extract<Shape, { readonly kind: Kind }>

/** What a part inherits from the schema around it. */
interface Context {
  readonly options: DecodeOptions
  /** The innermost schema with an identifier, and the path from there: the position of findings. */
  readonly schema: string
  readonly path: string
  /** Whether unknown fields are findings. They are not in the output of a transformation. */
  readonly isWire: boolean
  /** The recursive schemas compiled so far. */
  readonly recursive: Map<Node, Decode>
}

const decodeWithSchema = (node: Node, { options }: Context): Decode => {
  const decode = decodeUnknownEither(Schema.make<unknown>(node), options)
  return (value) => Either.getOrElse(decode(value), () => decodeFailure)
}

const decodeString: Decode = (value) => (typeof value === "string" ? value : decodeFailure)
const decodeNumber: Decode = (value) => (typeof value === "number" ? value : decodeFailure)
const decodeBoolean: Decode = (value) => (typeof value === "boolean" ? value : decodeFailure)
const returnUnchanged: Decode = (value) => value

const literal =
  (expected: unknown): Decode =>
  (value) =>
    value === expected ? value : decodeFailure

const openEnum = (known: ReadonlyArray<string>, context: Context): Decode => {
  const values = new Set(known)
  const findingOf = findingsAt("value", context)
  return (value, findings) => {
    if (typeof value !== "string") return decodeFailure
    if (!values.has(value)) noteDrift(findings, findingOf(value))
    return value
  }
}

// Longer strings are not ids and would only use memory.
const maxRememberedLength = 40

// The rows of a list mostly have the same project, organization and stage: a string that equals the last accepted one is
// not checked again. This assumes that a filter depends on the value alone, which holds for every schema of this library.
const refinement = ({ accepts, from }: ShapeOf<"refinement">, context: Context): Decode => {
  const { options } = context
  const decodeFrom = compile(from, context)
  let lastAccepted: unknown
  return (value, findings) => {
    if (value === lastAccepted && typeof value === "string") return value
    const decoded = decodeFrom(value, findings)
    if (decoded === decodeFailure || !accepts(decoded, options)) return decodeFailure
    if (decoded === value && typeof value === "string" && value.length <= maxRememberedLength) {
      lastAccepted = value
    }
    return decoded
  }
}

const atStep = (context: Context, step: string): Context => ({
  ...context,
  path: context.path === "" || step === "[]" ? `${context.path}${step}` : `${context.path}.${step}`
})

const items = ({ items, rest }: ShapeOf<"list">, context: Context): Decode => {
  const compileItem = (node: Node) => compile(node, atStep(context, "[]"))
  return list(items.map(compileItem), rest === undefined ? undefined : compileItem(rest))
}

const keepsUnknown = ({ options }: Context): boolean => options.onExcessProperty === "preserve"

const unknownField = (node: Node, context: Context): ((key: string) => Field) => {
  const isKept = keepsUnknown(context)
  const isExpectedField = isExpected(node)
  const findingOf = findingsAt("field", context)
  return (key) => {
    const finding = findingOf(key)
    return {
      key,
      to: isKept ? key : undefined,
      isRequired: false,
      decode:
        context.isWire && !isExpectedField(key)
          ? (value, findings) => {
              noteDrift(findings, finding)
              return value
            }
          : returnUnchanged
    }
  }
}

// An unknown field whose key is the decoded name of another field: that one wins where both are present.
const shadowedField = ({ key, to }: FieldShape): Field => ({
  key: to,
  to: undefined,
  isRequired: false,
  decode: returnUnchanged,
  shadowedBy: key
})

const object = ({ fields }: ShapeOf<"object">, node: Node, context: Context): Decode => {
  const known = fields.map(
    ({ isOptional, key, schema, to }): Field => ({
      key,
      to,
      isRequired: !isOptional,
      decode: compile(schema, atStep(context, key))
    })
  )
  const shadowed = fields.filter(({ key, to }) => key !== to).map(shadowedField)
  return struct(
    keepsUnknown(context) ? [...known, ...shadowed] : known,
    unknownField(node, context),
    decodeWithSchema(node, context)
  )
}

const transformation = (shape: ShapeOf<"transformation">, node: Node, context: Context): Decode => {
  const decodeFrom = compile(shape.from, context)
  const narrow = narrowing(node)
  if (narrow !== undefined) {
    return (value, findings) => {
      const decoded = decodeFrom(value, findings)
      return decoded === decodeFailure ? decodeFailure : narrow(decoded)
    }
  }
  const decodeTo = compile(shape.to, { ...context, isWire: false })
  const decodeWhole = decodeWithSchema(node, context)
  return (value, findings) => {
    const from = decodeFrom(value, findings)
    if (from === decodeFailure) return decodeFailure
    const to = shape.decode(from, context.options, value)
    if (to === undefined) return decodeWhole(value, findings)
    return Either.isLeft(to) ? decodeFailure : decodeTo(to.right, findings)
  }
}

// Compiled when a value first reaches it.
const recursive = ({ target }: ShapeOf<"recursive">, context: Context): Decode => {
  let decode: Decode | undefined
  const compileTarget = (): Decode => {
    const node = target()
    const existing = context.recursive.get(node) ?? compile(node, context)
    context.recursive.set(node, existing)
    return existing
  }
  return (value, findings) => {
    decode ??= compileTarget()
    return decode(value, findings)
  }
}

// The identifier and the options of a schema hold for all of its parts.
const contextOf = (node: Node, shape: Shape, outer: Context): Context => {
  const isScalar = shape.kind === "string" || shape.kind === "refinement"
  const identifier = isScalar ? undefined : identifierOf(node)
  const options = optionsOf(node)
  return {
    ...outer,
    ...(identifier === undefined ? {} : { schema: identifier, path: "" }),
    ...(options === undefined ? {} : { options: { ...outer.options, ...options }, recursive: new Map() })
  }
}

// Compiled decoders keep or drop unknown fields; every other option is left to `Schema`.
const isCompilable = ({ exact, onExcessProperty }: DecodeOptions): boolean =>
  exact !== true && onExcessProperty !== "error"

const compile = (node: Node, outer: Context): Decode => {
  const shape = shapeOf(node)
  const context = contextOf(node, shape, outer)
  if (!isCompilable(context.options) || hasDecodingFallback(node)) return decodeWithSchema(node, context)
  switch (shape.kind) {
    case "string": {
      const known = knownValues(node)
      return known === undefined ? decodeString : openEnum(known, context)
    }
    case "number":
      return decodeNumber
    case "boolean":
      return decodeBoolean
    case "unknown":
      return returnUnchanged
    case "literal":
      return literal(shape.value)
    case "refinement":
      return refinement(shape, context)
    case "union":
      return union(
        shape.members.map((member) => ({ kinds: jsonKinds(member), decode: compile(member, context) }))
      )
    case "list":
      return items(shape, context)
    case "record":
      return record(compile(shape.values, atStep(context, "*")))
    case "object":
      return object(shape, node, context)
    case "transformation":
      return transformation(shape, node, context)
    case "recursive":
      return recursive(shape, context)
    case "other":
      return decodeWithSchema(node, context)
  }
}

/** Compiles a schema; `name` is the `schema` of findings outside of every schema with an identifier. */
export const compileSchema = (schema: Schema.Schema.AnyNoContext, name: string): Decode =>
  compile(schema.ast, { options: {}, schema: name, path: "", isWire: true, recursive: new Map() })
