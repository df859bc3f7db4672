/**
 * Lists whose rows can be decoded one by one: the schema of the response and the position of its rows, from one call.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { identifierOf } from "../schemas/schemaShape.js"
import { success, Total } from "./envelope.js"

/**
 * The rows of a response: `data.<name>`, the schema of a row, and the schema of the response with its rows not decoded.
 *
 * @category models
 * @since 0.1.0
 */
export interface Declared {
  readonly name: string
  readonly row: Schema.Schema.AnyNoContext
  readonly envelope: Schema.Schema.AnyNoContext
}

const listResponse = <const Name extends string, Row extends Schema.Schema.Any>(name: Name, row: Row) =>
  success({ [name]: Schema.Array(row), total: Total } as {
    readonly [Key in Name]: Schema.Array$<Row>
  } & { readonly total: typeof Total })

// A row that is not decoded; errors about the list still name its schema.
const undecoded = (row: Schema.Schema.AnyNoContext) =>
  Schema.Unknown.annotations({
    identifier: identifierOf(row.ast) ?? "row"
  })

/** A list under this name, with its total: the `success` and `rows` of an endpoint. */
export const listOf = <const Name extends string, Row extends Schema.Schema.AnyNoContext>(
  name: Name,
  row: Row
) => ({
  success: listResponse(name, row),
  rows: {
    name,
    row,
    envelope: success({ [name]: Schema.Array(undecoded(row)), total: Total })
  } satisfies Declared
})
