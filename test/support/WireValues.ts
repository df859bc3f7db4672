// Values as a hub might write them, drawn from a schema: every documented field present, null or absent, and beside
// them what no document ever promised, namely fields that nobody knows, values that no list has, text in any script.
import * as Arbitrary from "effect/Arbitrary"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

type Wire = FastCheck.Arbitrary<unknown>

/** Lists within lists end here: an ontology nests without end. */
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

// A key called `__proto__` is a value's prototype to those who copy the value by assignment: no hub writes one.
const isPlain = (value: unknown): boolean => !JSON.stringify(value).includes("__proto__")

const json = FastCheck.jsonValue({ maxDepth: 2 }).filter(isPlain)

// Without `id`, which is what a document's `_id` is called in our types.
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

const isOwn = (ast: AST.AST): boolean =>
  Option.isSome(AST.getAnnotation<unknown>(ast, AST.ArbitraryAnnotationId))

const isComposite = (ast: AST.AST): boolean =>
  AST.isRefinement(ast) ? isComposite(ast.from) : AST.isTypeLiteral(ast) || AST.isTupleType(ast)

// A schema that forgot to allow one of these would not draw it either. So they are drawn of every schema of an
// answer: `null` for whatever may be absent, and another word for every one that it knows.
const documented = { orNull: (value: Wire) => value, orAnotherWord: (value: Wire) => value }
const surprising: typeof documented = {
  orNull: (value) => FastCheck.option(value, { freq: 8 }),
  orAnotherWord: (value) => FastCheck.oneof(value, text)
}

// The keys of our own envelope of an answer, and ids: those are there or they are not.
const neverNull = ["status", "data", "_id"]

const drawing = (with_: typeof documented) => {
  const object = (ast: AST.TypeLiteral, depth: number): Wire => {
    const fields = ast.propertySignatures.map(({ isOptional, name, type }): [string, Wire] => {
      const value = draw(type, depth)
      return [String(name), isOptional && !neverNull.includes(String(name)) ? with_.orNull(value) : value]
    })
    const known = FastCheck.record(Object.fromEntries(fields), {
      requiredKeys: ast.propertySignatures.flatMap(({ isOptional, name }) =>
        isOptional ? [] : [String(name)]
      )
    })
    const others = ast.indexSignatures.map(({ type }) =>
      FastCheck.dictionary(text.filter(isPlain), draw(type, depth), { maxKeys: 3 })
    )
    const unknown = others.length === 0 ? unknownFields : FastCheck.constant({})
    return FastCheck.tuple(unknown, known, ...others).map((parts) => Object.assign({}, ...parts))
  }

  const list = (ast: AST.TupleType, depth: number): Wire => {
    const elements = FastCheck.tuple(...ast.elements.map(({ type }) => draw(type, depth)))
    const [rest] = ast.rest
    if (rest === undefined || depth === maxDepth) return elements
    const others = FastCheck.array(draw(rest.type, depth + 1), { maxLength: 3 })
    return FastCheck.tuple(elements, others).map((parts) => parts.flat())
  }

  const draw = (ast: AST.AST, depth: number): Wire => {
    const itself = Schema.make(ast)
    if (isOwn(ast)) return Arbitrary.make(itself)
    switch (ast._tag) {
      case "TypeLiteral":
        return object(ast, depth)
      case "TupleType":
        return list(ast, depth)
      case "Union":
        return FastCheck.oneof(
          ...ast.types.filter((type) => !AST.isUndefinedKeyword(type)).map((type) => draw(type, depth))
        )
      case "Suspend":
        return draw(ast.f(), depth)
      case "Refinement":
        return isComposite(ast) ? draw(ast.from, depth).filter(Schema.is(itself)) : Arbitrary.make(itself)
      case "Literal":
        return typeof ast.literal === "string"
          ? with_.orAnotherWord(Arbitrary.make(itself))
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
  return draw
}

// As JSON has it, so that there is no `-0` and nothing `undefined`.
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** What a hub might write for a schema. */
export const wireValues = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<I> =>
  drawing(surprising)(Schema.encodedBoundSchema(schema).ast, 0).map((value) => asJson(value) as I)

/** The same as a client has it. */
export const clientValues = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<A> =>
  wireValues(schema).map((wire) => Schema.decodeSync(schema)(wire))

/** What somebody might write by a schema of an input. */
export const inputs = <A, I>(schema: Schema.Schema<A, I>): FastCheck.Arbitrary<A> =>
  drawing(documented)(Schema.typeSchema(schema).ast, 0).map((value) => asJson(value) as A)
