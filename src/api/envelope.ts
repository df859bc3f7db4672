/**
 * The envelope around every response, and the error responses.
 *
 * @since 0.1.0
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Schema from "effect/Schema"
import * as Open from "../schemas/open.js"

// An error response can have a success status code, and data that looks like an empty list (docs/api-notes.md#errors,
// #unchecked-answers).
const Status = Open.optional(
  Schema.String.pipe(Schema.filter((status) => status !== "fail" && status !== "error", { title: "success" }))
)

/**
 * A successful response with any data: `{"status":"success","data":…}` (docs/api-notes.md#envelope).
 *
 * @category constructors
 * @since 0.1.0
 */
export const successOf = <A, I, R>(data: Schema.Schema<A, I, R>) =>
  Open.struct({ status: Status, data }).annotations(Open.mayHave("message"))

/**
 * A successful response whose data is an object of these fields.
 *
 * @category constructors
 * @since 0.1.0
 */
export const success = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  successOf(Schema.Struct(fields).annotations(Open.mayHave("message", "total")))

/**
 * A successful response of undocumented content (docs/api-notes.md#undocumented-answers). Accepts any content except the
 * two error shapes (#errors), which can come with a success status code.
 *
 * @category schemas
 * @since 0.1.0
 */
export const undocumented = Schema.Struct({
  status: Status,
  data: Open.optional(Schema.Unknown)
})
  .annotations(Open.mayHaveAny)
  .pipe(
    Schema.filter(
      (response: { readonly status?: string; readonly error?: unknown }) =>
        response.status !== "fail" &&
        response.status !== "error" &&
        (typeof response.error !== "object" || response.error === null),
      { title: "no refusal", jsonSchema: {} }
    )
  )
  .pipe(Open.keepUnknown)

/**
 * A successful response of undocumented content that may have a document in `data`, under `name`. It decodes the document
 * if it has the shape of `schema`, and accepts any other content like {@link undocumented}; `documentIn` reads it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const maybeWith = <A, I>(name: string, schema: Schema.Schema<A, I>) =>
  Schema.Union(success({ [name]: Open.maybe(schema) }), undocumented)

/** The number of items in the whole list; the same on each of its pages. */
export const Total = Schema.NonNegativeInt

const fields = {
  status: Schema.Literal("fail", "error"),
  message: Schema.String
}

/**
 * 400: a parameter is invalid, or the project does not exist (docs/api-notes.md#errors, #unknown-project).
 *
 * @category errors
 * @since 0.1.0
 */
export class BadRequest extends Schema.Class<BadRequest>("BadRequest")(
  fields,
  HttpApiSchema.annotations({ status: 400 })
) {}

/**
 * 401: the key is missing or wrong.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unauthorized extends Schema.Class<Unauthorized>("Unauthorized")(
  fields,
  HttpApiSchema.annotations({ status: 401 })
) {}

/**
 * 403: the user of the key is not allowed to do this.
 *
 * @category errors
 * @since 0.1.0
 */
export class Forbidden extends Schema.Class<Forbidden>("Forbidden")(
  fields,
  HttpApiSchema.annotations({ status: 403 })
) {}

/**
 * 404: the document does not exist.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotFound extends Schema.Class<NotFound>("NotFound")(
  fields,
  HttpApiSchema.annotations({ status: 404 })
) {}

/**
 * 429: more requests than the plan allows.
 *
 * @category errors
 * @since 0.1.0
 */
export class TooManyRequests extends Schema.Class<TooManyRequests>("TooManyRequests")(
  fields,
  HttpApiSchema.annotations({ status: 429 })
) {}

/**
 * 500: the hub failed.
 *
 * @category errors
 * @since 0.1.0
 */
export class InternalError extends Schema.Class<InternalError>("InternalError")(
  fields,
  HttpApiSchema.annotations({ status: 500 })
) {}
