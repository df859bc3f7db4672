// Generators of JSON values by schema, as a hub might send them: documented fields present, null or absent, unknown fields,
// unknown enum values, and text in any script.
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

type Wire = FastCheck.Arbitrary<unknown>

/** The maximum depth of nested lists: an ontology can nest without limit. */
const maxDepth = 4

const text = FastCheck.oneof(
  FastCheck.string({ unit: "grapheme", maxLength: 12 }),
  FastCheck.string({ unit: "binary", maxLength: 12 }),
  FastCheck.constantFrom("", " ", "null", "0", "猫と犬", "Šárka Ångström", "👩‍🚀", "a/b?c#d%20&e", "{}")
)

const number = FastCheck.oneof(
  FastCheck.integer(),
  FastCheck.double({ noNaN: true, noDefaultInfinity: true })
)

// Copying by assignment would turn a key `__proto__` into the prototype; no hub sends one.
const isPlain = (value: unknown): boolean => !JSON.stringify(value).includes("__proto__")

const json = FastCheck.jsonValue({ maxDepth: 2 }).filter(isPlain)

// Without `id`: it is the name of `_id` in the types of this library.
const unknownFields = FastCheck.oneof(
  { weight: 2, arbitrary: FastCheck.constant({}) },
  {
    weight: 1,
    arbitrary: FastCheck.dictionary(
      FastCheck.constantFrom("newField", "neues Feld", "字段", "$op", "a.b", "__v"),
      json,
      { minKeys: 1, maxKeys: 2 }
    )
  }
)

const hasGenerator = (ast: AST.AST): boolean =>
  Option.isSome(AST.getAnnotation<unknown>(ast, AST.ArbitraryAnnotationId))

const isComposite = (ast: AST.AST): boolean =>
  AST.isRefinement(ast) ? isComposite(ast.from) : AST.isTypeLiteral(ast) || AST.isTupleType(ast)

// A schema that wrongly rejects such values would not generate them either. So they are added for every response: `null`
// for each optional field, and an unknown text for each known literal.
const documented = { orNull: (value: Wire) => value, orUnknownText: (value: Wire) => value }
const undocumented: typeof documented = {
  orNull: (value) => FastCheck.option(value, { freq: 8 }),
  orUnknownText: (value) => FastCheck.oneof(value, text)
}

// The fields of the response envelope, and ids, are never null.
const neverNull = ["status", "data", "_id"]

const generator = (additions: typeof documented) => {
  const object = (ast: AST.TypeLiteral, depth: number): Wire => {
    const fields = ast.propertySignatures.map(({ isOptional, name, type }): [string, Wire] => {
      const value = generate(type, depth)
      return [String(name), isOptional && !neverNull.includes(String(name)) ? additions.orNull(value) : value]
    })
    const known = FastCheck.record(Object.fromEntries(fields), {
      requiredKeys: ast.propertySignatures.flatMap(({ isOptional, name }) =>
        isOptional ? [] : [String(name)]
      )
    })
    const others = ast.indexSignatures.map(({ type }) =>
      FastCheck.dictionary(text.filter(isPlain), generate(type, depth), { maxKeys: 3 })
    )
    const unknown = others.length === 0 ? unknownFields : FastCheck.constant({})
    return FastCheck.tuple(unknown, known, ...others).map((parts) => Object.assign({}, ...parts))
  }

  const list = (ast: AST.TupleType, depth: number): Wire => {
    const elements = FastCheck.tuple(...ast.elements.map(({ type }) => generate(type, depth)))
    const [rest] = ast.rest
    if (rest === undefined || depth === maxDepth) return elements
    const others = FastCheck.array(generate(rest.type, depth + 1), { maxLength: 3 })
    return FastCheck.tuple(elements, others).map((parts) => parts.flat())
  }

  const generate = (ast: AST.AST, depth: number): Wire => {
    const itself = Schema.make(ast)
    if (hasGenerator(ast)) return Arbitrary.make(itself)
    switch (ast._tag) {
      case "TypeLiteral":
        return object(ast, depth)
      case "TupleType":
        return list(ast, depth)
      case "Union":
        return FastCheck.oneof(
          ...ast.types.filter((type) => !AST.isUndefinedKeyword(type)).map((type) => generate(type, depth))
        )
      case "Suspend":
        return generate(ast.f(), depth)
      case "Refinement":
        return isComposite(ast) ? generate(ast.from, depth).filter(Schema.is(itself)) : Arbitrary.make(itself)
      case "Literal":
        return typeof ast.literal === "string"
          ? additions.orUnknownText(Arbitrary.make(itself))
          : Arbitrary.make(itself)
      case "StringKeyword":
        return text
      case "NumberKeyword":
        return number
      case "UnknownKeyword":
        return json
      default:
        return Arbitrary.make(itself)
    }
  }
  return generate
}

// Removes `-0` and `undefined`, which JSON does not have.
const toJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Generates JSON that a hub might send for a schema. */
export const wireValues = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<I> =>
  generator(undocumented)(Schema.encodedBoundSchema(schema).ast, 0).map((value) => toJson(value) as I)

/** Generates decoded values. */
export const clientValues = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<A> =>
  wireValues(schema).map((wire) => Schema.decodeSync(schema)(wire))

/** Generates inputs that a schema documents. */
export const inputs = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<A> =>
  generator(documented)(Schema.typeSchema(schema).ast, 0).map((value) => toJson(value) as A)
