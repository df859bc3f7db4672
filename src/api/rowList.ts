/**
 * Lists whose rows may be read one by one: what their answer is, and where its rows are, from one statement.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import { identifierOf } from "../schemas/schemaShape.js"
import { success, Total } from "./envelope.js"

/**
 * Where the rows of an answer are (`data.tasks`), what each is, and the answer around them with the rows as they came.
 *
 * @since 0.1.0
 */
export interface Declared {
  readonly name: string
  readonly row: Schema.Schema.AnyNoContext
  readonly envelope: Schema.Schema.AnyNoContext
}

/** The annotation by which an endpoint declares them. */
export class Rows extends Context.Tag("effect-ango/Rows")<Rows, Declared>() {}

const answer = <const Name extends string, Row extends Schema.Schema.Any>(name: Name, row: Row) =>
  success({ [name]: Schema.Array(row), total: Total } as {
    readonly [Key in Name]: Schema.Array$<Row>
  } & { readonly total: typeof Total })

// A row as it came; errors about the list call it what it is to be.
const unread = (row: Schema.Schema.AnyNoContext) =>
  Schema.Unknown.annotations({
    identifier: identifierOf(row.ast) ?? "row"
  })

/** A list under this name, with its total: the schema of the answer, and the annotation that says where its rows are. */
export const listOf = <const Name extends string, Row extends Schema.Schema.AnyNoContext>(
  name: Name,
  row: Row
) => ({
  success: answer(name, row),
  rows: {
    name,
    row,
    envelope: success({ [name]: Schema.Array(unread(row)), total: Total })
  } satisfies Declared
})
