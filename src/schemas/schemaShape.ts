// Reads schemas: what a schema is made of, its names and its annotations. The only module that imports
// `effect/SchemaAST`.
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as AST from "effect/SchemaAST"

/** A schema as Effect stores it (`schema.ast`). Only this module looks into it. */
export type Node = AST.AST

/** The options of decoding, as a schema's annotation or a caller states them. */
export type DecodeOptions = AST.ParseOptions

/** A field of an object: its key on the wire, its key in the decoded type, and its schema. */
export interface FieldShape {
  readonly key: string
  readonly to: string
  readonly isOptional: boolean
  readonly schema: Node
}

/** What a schema is made of. `other` is everything that no decoder is compiled for. */
export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "unknown" | "other" }
  | { readonly kind: "literal"; readonly value: AST.LiteralValue }
  | {
      readonly kind: "refinement"
      readonly from: Node
      readonly accepts: (value: unknown, options: DecodeOptions) => boolean
    }
  | { readonly kind: "union"; readonly members: ReadonlyArray<Node> }
  /** `items` come first and are required; `rest` is the schema of all further items. */
  | { readonly kind: "list"; readonly items: ReadonlyArray<Node>; readonly rest: Node | undefined }
  | { readonly kind: "record"; readonly values: Node }
  | { readonly kind: "object"; readonly fields: ReadonlyArray<FieldShape> }
  | {
      readonly kind: "transformation"
      readonly from: Node
      readonly to: Node
      /** `undefined` where the transformation is an effect that is not complete yet. */
      readonly decode: (
        value: unknown,
        options: DecodeOptions,
        input: unknown
      ) => Either.Either<unknown, unknown> | undefined
    }
  | { readonly kind: "recursive"; readonly target: () => Node }

const other: Shape = { kind: "other" }

// Required items, then any number of one kind.
const listShape = ({ elements, rest: [rest, ...last] }: AST.TupleType): Shape =>
  last.length > 0 || elements.some(({ isOptional }) => isOptional)
    ? other
    : { kind: "list", items: elements.map(({ type }) => type), rest: rest?.type }

const objectShape = (
  { indexSignatures, propertySignatures }: AST.TypeLiteral,
  names: ReadonlyMap<string, string> = new Map()
): Shape => {
  const [values, ...more] = indexSignatures
  if (values !== undefined) {
    return propertySignatures.length === 0 && more.length === 0 && AST.isStringKeyword(values.parameter)
      ? { kind: "record", values: values.type }
      : other
  }
  if (propertySignatures.length === 0) return other
  return {
    kind: "object",
    fields: propertySignatures.map(({ isOptional, name, type }) => {
      const key = String(name)
      return { key, to: names.get(key) ?? key, isOptional, schema: type }
    })
  }
}

// The fields that have another name in the decoded type, where the transformation does nothing but rename.
const renamesOf = (transformation: AST.TypeLiteralTransformation): Map<string, string> | undefined => {
  const names = new Map<string, string>()
  for (const { decode, from, to } of transformation.propertySignatureTransformations) {
    if (decode !== identity || from === to) return undefined
    names.set(String(from), String(to))
  }
  return names
}

const transformationShape = (ast: AST.Transformation): Shape => {
  const { from, to, transformation } = ast
  if (AST.isTypeLiteralTransformation(transformation) && AST.isTypeLiteral(from)) {
    const names = renamesOf(transformation)
    if (names === undefined) return other
    const targets = new Set(names.values())
    const isAmbiguous = from.propertySignatures.some(({ name }) => targets.has(String(name)))
    return isAmbiguous ? other : objectShape(from, names)
  }
  if (!AST.isFinalTransformation(transformation)) return other
  const { decode } = transformation
  return {
    kind: "transformation",
    from,
    to,
    decode: (value, options, input) => {
      const result = decode(value, options, ast, input)
      return Either.isEither(result) ? result : undefined
    }
  }
}

/** What a schema is made of. */
export const shapeOf = (ast: Node): Shape => {
  switch (ast._tag) {
    case "StringKeyword":
      return { kind: "string" }
    case "NumberKeyword":
      return { kind: "number" }
    case "BooleanKeyword":
      return { kind: "boolean" }
    case "UnknownKeyword":
    case "AnyKeyword":
      return { kind: "unknown" }
    case "Literal":
      return { kind: "literal", value: ast.literal }
    case "Refinement":
      return {
        kind: "refinement",
        from: ast.from,
        accepts: (value, options) => Option.isNone(ast.filter(value, options, ast))
      }
    case "Union":
      // `Schema` picks the members of a tagged union by their literals before it tries any.
      return ast.types.some(isTagged) ? other : { kind: "union", members: ast.types }
    case "TupleType":
      return listShape(ast)
    case "TypeLiteral":
      return objectShape(ast)
    case "Transformation":
      return transformationShape(ast)
    case "Suspend":
      return { kind: "recursive", target: ast.f }
    default:
      return other
  }
}

// Whether a member of a union requires a literal, or may do so.
const isTagged = (ast: Node): boolean => {
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

/** The kinds of JSON values. */
export type JsonKind = "null" | "string" | "number" | "boolean" | "array" | "object"

const everyKind: ReadonlyArray<JsonKind> = ["null", "string", "number", "boolean", "array", "object"]

/** The kinds of JSON values that a schema may accept; it accepts no others. */
export const jsonKinds = (ast: Node): ReadonlyArray<JsonKind> => {
  if (hasDecodingFallback(ast)) return everyKind
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
      return jsonKinds(ast.from)
    default:
      return everyKind
  }
}

/** An annotation of this library. */
export const annotationOf = <A>(ast: Node, key: symbol): A | undefined =>
  Option.getOrUndefined(AST.getAnnotation<A>(ast, key))

/** The identifier, such as `LabelTask`. */
export const identifierOf = (ast: Node): string | undefined =>
  Option.getOrUndefined(AST.getIdentifierAnnotation(ast))

/** The title: what a value has to be, in words. */
export const titleOf = (ast: Node): string | undefined => Option.getOrUndefined(AST.getTitleAnnotation(ast))

/** The options of decoding that hold for a schema and all of its parts. */
export const optionsOf = (ast: Node): DecodeOptions | undefined =>
  Option.getOrUndefined(AST.getParseOptionsAnnotation(ast))

/** Whether a schema returns another value instead of failing. */
export const hasDecodingFallback = (ast: Node): boolean =>
  Option.isSome(AST.getDecodingFallbackAnnotation(ast))

/** Whether values may have one of several forms. */
export const isUnion = (ast: Node): boolean => AST.isUnion(ast)

/** Whether a schema allows a fixed set of texts only; next to them perhaps `null` and `undefined`. */
export const isOption = (ast: Node): boolean => {
  if (AST.isUnion(ast)) return ast.types.every((type) => isOption(type) || AST.isUndefinedKeyword(type))
  return AST.isLiteral(ast) && (ast.literal === null || typeof ast.literal === "string")
}

/** Whether a schema is an object without a field of this name, so that the name is data. */
export const lacksField = (ast: Node, name: PropertyKey): boolean =>
  AST.isTypeLiteral(ast) && !ast.propertySignatures.some((field) => field.name === name)

/** The forms that a value may have on the wire: without the unions, refinements and transformations around them. */
export const wireForms = (ast: Node): ReadonlyArray<Node> => {
  switch (ast._tag) {
    case "Union":
      return ast.types.flatMap(wireForms)
    case "Refinement":
    case "Transformation":
      return wireForms(ast.from)
    case "Suspend":
      return wireForms(ast.f())
    default:
      return [ast]
  }
}

/** Whether a form of {@link wireForms} is `null`, or any value. */
export const isNullForm = (form: Node): boolean =>
  AST.isUnknownKeyword(form) || AST.isAnyKeyword(form) || (AST.isLiteral(form) && form.literal === null)

/** The field of this name in a form of {@link wireForms}; a record has all fields, none of them optional. */
export const fieldOf = (form: Node, name: string): Pick<FieldShape, "isOptional" | "schema"> | undefined => {
  if (!AST.isTypeLiteral(form)) return undefined
  const field = form.propertySignatures.find((signature) => signature.name === name)
  if (field !== undefined) return { isOptional: field.isOptional, schema: field.type }
  const values = form.indexSignatures[0]
  return values === undefined ? undefined : { isOptional: false, schema: values.type }
}

/** The schemas of the item at an index in a form of {@link wireForms}: at most one. */
export const itemOf = (form: Node, index: number): ReadonlyArray<Node> => {
  if (!AST.isTupleType(form)) return []
  const item = form.elements[index] ?? form.rest[0]
  return item === undefined ? [] : [item.type]
}

// The recursive schemas of this library refer to themselves: three levels show every part of them.
const maxRecursion = 3

/** Whether a schema decodes and encodes without a transformation. */
export const changesNothing = (ast: Node, recursion = 0): boolean => {
  switch (ast._tag) {
    case "Transformation":
      return false
    case "Declaration":
      return ast.typeParameters.length === 0
    case "Refinement":
      return changesNothing(ast.from, recursion)
    case "Union":
      return ast.types.every((type) => changesNothing(type, recursion))
    case "TupleType":
      return [...ast.elements, ...ast.rest].every(({ type }) => changesNothing(type, recursion))
    case "TypeLiteral":
      return [...ast.propertySignatures, ...ast.indexSignatures].every(({ type }) =>
        changesNothing(type, recursion)
      )
    case "Suspend":
      return recursion >= maxRecursion || changesNothing(ast.f(), recursion + 1)
    default:
      return true
  }
}

// Of the annotations only the options concern the other direction.
const optionsAnnotation = (ast: Node): AST.Annotations => {
  const options = optionsOf(ast)
  return options === undefined ? {} : { [AST.ParseOptionsAnnotationId]: options }
}

const reverseTransformation = (ast: AST.Transformation): Node | undefined => {
  const { transformation } = ast
  const [from, to] = [reversePart(ast.from), reversePart(ast.to)]
  if (from === undefined || to === undefined || !AST.isFinalTransformation(transformation)) return undefined
  const { decode, encode } = transformation
  return new AST.Transformation(to, from, new AST.FinalTransformation(encode, decode), optionsAnnotation(ast))
}

// The filter holds for the value before it is encoded, which what is inside of the refinement has validated.
const reverseRefinement = (ast: AST.Refinement): Node | undefined => {
  const from = reversePart(ast.from)
  if (from === undefined) return undefined
  const filter = new AST.FinalTransformation(
    (encoded, options, _, value) =>
      Option.match(ast.filter(value, options, ast), {
        onNone: () => Either.right(encoded),
        onSome: Either.left
      }),
    Either.right
  )
  return new AST.Transformation(from, AST.unknownKeyword, filter, optionsAnnotation(ast))
}

const reverseObject = (ast: AST.TypeLiteral): Node | undefined => {
  if (ast.indexSignatures.length > 0) return undefined
  const fields: Array<AST.PropertySignature> = []
  for (const field of ast.propertySignatures) {
    const type = reversePart(field.type)
    if (type === undefined) return undefined
    fields.push(new AST.PropertySignature(field.name, type, field.isOptional, field.isReadonly))
  }
  return new AST.TypeLiteral(fields, [], ast.annotations)
}

const reverseList = (ast: AST.TupleType): Node | undefined => {
  const [item, ...others] = ast.rest
  const reversed = item === undefined ? undefined : reversePart(item.type)
  return reversed === undefined || others.length > 0 || ast.elements.length > 0
    ? undefined
    : new AST.TupleType([], [new AST.Type(reversed)], ast.isReadonly, ast.annotations)
}

const reversePart = (ast: Node): Node | undefined => {
  if (changesNothing(ast)) return ast
  switch (ast._tag) {
    case "Union": {
      const types = ast.types.map(reversePart)
      return types.every((type) => type !== undefined) ? AST.Union.make(types, ast.annotations) : undefined
    }
    case "Transformation":
      return reverseTransformation(ast)
    case "Refinement":
      return reverseRefinement(ast)
    case "TypeLiteral":
      return reverseObject(ast)
    case "TupleType":
      return reverseList(ast)
    default:
      return undefined
  }
}

/**
 * A schema that decodes what this one encodes, if both keep the order of fields; otherwise `undefined`. Of a union it has
 * the first members for which that holds: what it refuses may still be encoded by the schema itself.
 */
export const reverse = (ast: Node): Node | undefined => {
  const members: Array<Node> = []
  for (const member of AST.isUnion(ast) ? ast.types : [ast]) {
    const reversed = optionsOf(member)?.propertyOrder === "original" ? reversePart(member) : undefined
    if (reversed === undefined) break
    members.push(reversed)
  }
  return members.length === 0 ? undefined : AST.Union.make(members)
}
