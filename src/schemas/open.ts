/**
 * Schemas for an API that grows: objects keep unknown fields, enums keep unknown values, and fields that are documented
 * as present may be `null` or absent. The only maker of wire structs.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { decodeUnknown } from "./parseIssue.js"
import { annotationOf, type DecodeOptions, type Node } from "./schemaShape.js"

const withOptions =
  (parseOptions: DecodeOptions) =>
  <S extends Schema.Annotable.All>(schema: S): Schema.Annotable.Self<S> =>
    schema.annotations({ parseOptions })

/**
 * The same schema, with unknown fields kept in decoding and in encoding, at every depth. As after every annotation, the
 * identifier is gone: state it afterwards.
 *
 * @category combinators
 * @since 0.1.0
 */
export const keepUnknown = withOptions({ onExcessProperty: "preserve" })

/**
 * The same schema, with unknown fields kept and all fields in the order of the input, at every depth. Without it the
 * fields that the schema names come first.
 *
 * @category combinators
 * @since 0.1.0
 */
export const keepOrder = withOptions({ onExcessProperty: "preserve", propertyOrder: "original" })

/**
 * The same schema, with its fields in the order of the input. Bodies with many rows are encoded several times as fast.
 *
 * @category combinators
 * @since 0.1.0
 */
export const inGivenOrder = withOptions({ propertyOrder: "original" })

/**
 * A struct that keeps unknown fields.
 *
 * @category constructors
 * @since 0.1.0
 */
export const struct = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  keepUnknown(Schema.Struct(fields))

/**
 * A struct that refuses unknown fields: for inputs in which one is a mistake.
 *
 * @category constructors
 * @since 0.1.0
 */
export const closedStruct = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  withOptions({ onExcessProperty: "error" })(Schema.Struct(fields))

const OtherFields: unique symbol = Symbol.for("effect-ango/annotation/OtherFields")

/**
 * Annotations for a struct: fields that documents or responses show and that the struct does not name. They are kept like
 * every unknown field, and `Drift` does not report them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const mayHave = (...names: ReadonlyArray<string>) => ({ [OtherFields]: names })

/**
 * Annotations for a struct that describes only a part of the object, or an object of any fields: `Drift` reports no
 * unknown field of it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const mayHaveAny = { [OtherFields]: "any" } as const

/** Whether an unknown field is declared by {@link mayHave} or {@link mayHaveAny}. */
export const isExpected = (ast: Node): ((name: string) => boolean) => {
  const names = annotationOf<ReadonlyArray<string> | "any">(ast, OtherFields)
  return (name) => names !== undefined && (names === "any" || names.includes(name))
}

/**
 * Any JSON value, unchanged: where no document describes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const json = Schema.Unknown.annotations({
  arbitrary: () => (fc) => fc.json().map((text): unknown => JSON.parse(text))
})

/**
 * A JSON object of any fields.
 *
 * @category schemas
 * @since 0.1.0
 */
export const jsonObject = Schema.Record({ key: Schema.String, value: json })

/**
 * A field that holds a value or `null`, or is absent. The three stay distinct in decoding and encoding.
 *
 * @category schemas
 * @since 0.1.0
 */
export const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/**
 * The documented values, and any other string: `"Completed" | "TODO" | (string & {})`. Editors complete the documented
 * ones; a value that the vendor adds later decodes unchanged.
 *
 * @category models
 * @since 0.1.0
 */
export interface OpenEnum<Known extends string>
  extends Schema.Schema<Known | (string & {}), Known | (string & {})> {
  /** The documented values. */
  readonly known: ReadonlyArray<Known>
}

const KnownValues: unique symbol = Symbol.for("effect-ango/annotation/KnownValues")

/** The documented values of a schema, if it is an {@link OpenEnum}. */
export const knownValues = (ast: Node): ReadonlyArray<string> | undefined =>
  annotationOf<ReadonlyArray<string>>(ast, KnownValues)

/**
 * Makes an {@link OpenEnum} of the documented values.
 *
 * @category constructors
 * @since 0.1.0
 */
export const enumOf = <const Known extends string>(...known: ReadonlyArray<Known>): OpenEnum<Known> =>
  Object.assign(
    Schema.make<Known | (string & {})>(
      Schema.String.annotations({
        [KnownValues]: known,
        examples: [known[0] ?? ""],
        arbitrary: () => (fc) => fc.oneof(fc.constantFrom(...known), fc.string())
      }).ast
    ),
    { known }
  )

/**
 * The documented values of an open enum and no others: for inputs, where another value is a mistake. `what` names the
 * values in errors, with its article (`a project role`).
 *
 * @category constructors
 * @since 0.1.0
 */
export const onlyKnown = <Known extends string>(
  values: OpenEnum<Known>,
  what: string
): Schema.Schema<Known, string> =>
  Schema.String.pipe(
    Schema.filter((value): value is Known => values.known.some((known) => known === value), {
      title: `${what}: ${values.known.join(", ")}`,
      jsonSchema: { enum: [...values.known] },
      arbitrary: () => (fc) => fc.constantFrom(...values.known)
    })
  )

/**
 * A document id: `_id` on the wire, `id` in the decoded type.
 *
 * An unknown field `id` next to `_id` is therefore dropped, as both would have the same key. Only storages are documented
 * with both, which are equal there (docs/api-notes.md#storage).
 *
 * @category schemas
 * @since 0.1.0
 */
export const idField = <A extends string, I>(schema: Schema.Schema<A, I>) =>
  Schema.propertySignature(schema).pipe(Schema.fromKey("_id"))

/**
 * {@link idField} for a document that may come without an id.
 *
 * @category schemas
 * @since 0.1.0
 */
export const optionalIdField = <A extends string, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(schema, { exact: true }).pipe(Schema.fromKey("_id"))

/**
 * The value of a list condition, as an input. It is not empty: a hub could ignore an empty condition and return every
 * row.
 *
 * @category schemas
 * @since 0.1.0
 */
export const condition = Schema.String.pipe(
  Schema.minLength(1, { title: "a text that is not empty; leave it out for no condition" })
)

/**
 * A non-empty array, as an input. `title` says so in errors: "at least one asset id".
 *
 * @category constructors
 * @since 0.1.0
 */
export const atLeastOne = <A, I, R>(item: Schema.Schema<A, I, R>, title: string) =>
  Schema.Array(item).pipe(Schema.minItems(1, { title }))

/**
 * An input in one of two forms. Unlike a union, it reports only what is wrong with the form that was given.
 *
 * @category constructors
 * @since 0.1.0
 */
export const oneOfForms = <A, B>(
  first: Schema.Schema<A>,
  second: Schema.Schema<B>,
  isSecond: (input: unknown) => boolean
): Schema.Schema<A | B> => {
  const forms = [first, second] as const
  const decodeForm =
    (one: Schema.Schema<A>, other: Schema.Schema<B>) => (input: unknown, options: DecodeOptions) =>
      isSecond(input) ? decodeUnknown(other)(input, options) : decodeUnknown(one)(input, options)
  return Schema.declare<A | B, A | B, typeof forms>(forms, { decode: decodeForm, encode: decodeForm })
}

/**
 * One value or a non-empty array of values, as an input.
 *
 * @category constructors
 * @since 0.1.0
 */
export const oneOrSeveral = <A, I>(
  item: Schema.Schema<A, I>,
  title: string
): Schema.Schema<A | ReadonlyArray<A>> => {
  const one = Schema.typeSchema(item)
  return oneOfForms(one, atLeastOne(one, title), Array.isArray)
}

/**
 * A field that may be absent, and is never `undefined`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const optional = <A, I, R>(schema: Schema.Schema<A, I, R>) =>
  Schema.optionalWith(schema, { exact: true })
