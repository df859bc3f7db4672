/**
 * Schemas for an API that grows: objects keep the fields we do not know, enums keep the values we do not
 * know, and a field the vendor calls present may be `null` or absent.
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
 * Annotations for a struct whose other fields are no news: by name, fields that documents or hubs show and that nobody
 * has needed so far. They are kept, as all are.
 *
 * @since 0.1.0
 */
export const mayHave = (...names: ReadonlyArray<string>) => ({ [OtherFields]: names })

/**
 * Annotations for a struct that describes a part of what is there, or what may hold any fields: none of them is news.
 *
 * @since 0.1.0
 */
export const mayHaveAny = { [OtherFields]: "any" } as const

/** Whether a field that the schema does not name is expected all the same. */
export const isExpected = (ast: Node): ((name: string) => boolean) => {
  const names = annotationOf<ReadonlyArray<string> | "any">(ast, OtherFields)
  return (name) => names !== undefined && (names === "any" || names.includes(name))
}

/**
 * Any JSON value, as it is: where no document says what it looks like.
 *
 * @since 0.1.0
 */
export const json = Schema.Unknown.annotations({
  arbitrary: () => (fc) => fc.json().map((text): unknown => JSON.parse(text))
})

/**
 * A JSON object of any fields.
 *
 * @since 0.1.0
 */
export const jsonObject = Schema.Record({ key: Schema.String, value: json })

/**
 * A field that may hold a value, `null`, or be absent. The three stay distinct through decode and encode.
 *
 * @since 0.1.0
 */
export const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/**
 * The values known today, and any other string: `"Completed" | "TODO" | (string & {})`. Editors complete the
 * known ones; a value that the vendor adds tomorrow decodes as it is.
 *
 * @since 0.1.0
 */
export interface OpenEnum<Known extends string>
  extends Schema.Schema<Known | (string & {}), Known | (string & {})> {
  /** The values documented so far. */
  readonly known: ReadonlyArray<Known>
}

const KnownValues: unique symbol = Symbol.for("effect-ango/annotation/KnownValues")

/** The documented values of a schema, when it is an {@link OpenEnum}. */
export const knownValues = (ast: Node): ReadonlyArray<string> | undefined =>
  annotationOf<ReadonlyArray<string>>(ast, KnownValues)

/**
 * Builds an {@link OpenEnum} from the documented values.
 *
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
 * The known values of an open enum and no other: for inputs, where another value is a mistake. `what` says in an
 * error what the values are, with its article (`a project role`).
 *
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
 * A document id, called `_id` on the wire and `id` in our types.
 *
 * The one unknown field that does not survive is therefore an `id` beside the `_id`: there is one name for two, and
 * the `_id` has it. No document shows both but for storages, where they are the same (docs/api-notes.md#storage).
 *
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
 * A text as a condition of a list: to a hub an empty one may be no condition, and everything would come.
 *
 * @since 0.1.0
 */
export const condition = Schema.String.pipe(
  Schema.minLength(1, { title: "a text that is not empty; leave it out for no condition" })
)

/**
 * A list as an input, of one item at least; `title` says so in a refusal: "at least one asset id".
 *
 * @since 0.1.0
 */
export const atLeastOne = <A, I, R>(item: Schema.Schema<A, I, R>, title: string) =>
  Schema.Array(item).pipe(Schema.minItems(1, { title }))

/**
 * A value as an input, or a list of at least one, as {@link atLeastOne} has it. Unlike a union it says of what was
 * given why it will not do, and not of the other form.
 *
 * @since 0.1.0
 */
export const oneOrSeveral = <A, I>(
  item: Schema.Schema<A, I>,
  title: string
): Schema.Schema<A | ReadonlyArray<A>> => {
  const one = Schema.typeSchema(item)
  const forms = [one, atLeastOne(one, title)] as const
  const judge =
    (single: Schema.Schema<A>, list: Schema.Schema<ReadonlyArray<A>>) =>
    (input: unknown, options: DecodeOptions) =>
      Array.isArray(input) ? decodeUnknown(list)(input, options) : decodeUnknown(single)(input, options)
  return Schema.declare<A | ReadonlyArray<A>, A | ReadonlyArray<A>, typeof forms>(forms, {
    decode: judge,
    encode: judge
  })
}

/**
 * A field that need not be there, and is never `undefined`.
 *
 * @since 0.1.0
 */
export const optional = <A, I, R>(schema: Schema.Schema<A, I, R>) =>
  Schema.optionalWith(schema, { exact: true })
