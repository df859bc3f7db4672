/**
 * The encoding of values in a query string. Values are encoded as the newest SDK does; every documented variant is
 * decoded, so that the emulator accepts any client (docs/api-notes.md#query-encoding).
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Open from "../schemas/open.js"
import { partialTransform } from "../schemas/parseIssue.js"
import { alsoRead } from "./payloadVariant.js"

/** The largest documented page size (docs/api-notes.md#pagination, #page-size). */
export const maxPageSize = 1000

/**
 * A page number, counted from 1.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Page = Schema.NumberFromString.pipe(
  Schema.int({ title: "a whole number" }),
  Schema.greaterThanOrEqualTo(1, { title: "a page number, counted from 1" }),
  Schema.annotations({ jsonSchema: { type: "integer", minimum: 1 } })
)

/**
 * A page size, 1 to 1000.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Limit = Schema.NumberFromString.pipe(
  Schema.int({ title: "a whole number" }),
  Schema.between(1, maxPageSize, { title: `a page size of 1 to ${maxPageSize}` }),
  Schema.annotations({ jsonSchema: { type: "integer", minimum: 1, maximum: maxPageSize } })
)

/**
 * `true` or `false`; decoded in any case (the SDK writes `True`; docs/api-notes.md#include-answer).
 *
 * @category schemas
 * @since 0.1.0
 */
export const Flag = partialTransform(Schema.String, Schema.Boolean, {
  expected: "true or false",
  decode: (text) => {
    const lower = text.toLowerCase()
    return lower === "true" || lower === "false" ? Option.some(lower === "true") : Option.none()
  },
  encode: (value) => (value ? "true" : "false")
})

const flagRead = (decode: (text: string) => boolean) =>
  Schema.transform(Schema.String, Schema.Boolean, {
    strict: true,
    decode,
    encode: (value) => (value ? "true" : "false")
  })

/**
 * `true` or `false`; any other text than `true`, in any case, is decoded as `false`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OnlyTrue = flagRead((text) => text.toLowerCase() === "true")

/**
 * `true` or `false`; any other text than `false`, to the letter, is decoded as `true`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AllButFalse = flagRead((text) => text !== "false")

const parseJson = Schema.decodeUnknownOption(
  Schema.parseJson(Schema.Union(Schema.Array(Schema.String), Schema.String))
)

const split = (text: string): ReadonlyArray<string> =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")

/**
 * A list of strings, encoded as a JSON array; decoded from a JSON array, a JSON string, a comma-separated list or a
 * single value (docs/api-notes.md#batch-filter, #export-request).
 *
 * @category schemas
 * @since 0.1.0
 */
export const JsonList = Schema.transform(Schema.String, Schema.Array(Schema.String), {
  strict: true,
  decode: (text) => {
    const parsed = parseJson(text)
    return parsed._tag === "None" ? split(text) : [parsed.value].flat()
  },
  encode: (list) => JSON.stringify(list)
})

/**
 * A comma-separated list.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CommaList = Schema.transform(Schema.String, Schema.Array(Schema.String), {
  strict: true,
  decode: split,
  encode: (list) => list.join(",")
})

/**
 * A JSON object, encoded as JSON text.
 *
 * @category schemas
 * @since 0.1.0
 */
export const JsonObject = Schema.parseJson(Open.jsonObject)

const isSort = (text: string): boolean => text.split(",").every((field) => /^\s*-?[^\s-]/.test(field))

/** A sort order, as an input. Every part must name a field: a hub could ignore an empty one and use its own order. */
export const WrittenSort = Schema.String.pipe(
  Schema.filter(isSort, {
    title: 'a field to sort by, or several with commas between them, "-" before one for descending',
    arbitrary: () => (fc) => fc.constantFrom("createdAt", "-createdAt", "-createdAt,priority")
  })
)

/**
 * A sort order: comma-separated fields, applied in order, with a leading `-` for descending. Any text is decoded.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Sort = alsoRead(WrittenSort, Schema.String).annotations({ jsonSchema: { type: "string" } })

/** An optional query parameter. */
export const optional = Open.optional

/**
 * The parameters of every paginated list (docs/api-notes.md#pagination).
 *
 * @category schemas
 * @since 0.1.0
 */
export const paging = { page: optional(Page), limit: optional(Limit) } as const
