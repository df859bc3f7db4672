/**
 * The envelope around every answer, and the error answers of the hub.
 *
 * @since 0.1.0
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Schema from "effect/Schema"
import * as Open from "../schemas/open.js"

// A refusal can come under a status of success and with data that looks like an empty list (docs/api-notes.md#errors,
// #unchecked-answers).
const Status = Schema.optionalWith(
  Schema.String.pipe(
    Schema.filter((status) => status !== "fail" && status !== "error", { title: "success" })
  ),
  { exact: true }
)

/**
 * A successful answer around any data: `{"status":"success","data":…}` (docs/api-notes.md#envelope).
 *
 * @since 0.1.0
 */
export const successOf = <A, I, R>(data: Schema.Schema<A, I, R>) =>
  Open.struct({ status: Status, data }).annotations(Open.mayHave("message"))

/**
 * A successful answer whose data is an object of these fields.
 *
 * @since 0.1.0
 */
export const success = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  successOf(Schema.Struct(fields).annotations(Open.mayHave("message", "total")))

/**
 * A successful answer of which no document says what it holds (docs/api-notes.md#undocumented-answers): taken as it
 * comes, unless it is a refusal under a status of success, in either of the two error shapes (#errors).
 *
 * @since 0.1.0
 */
export const undocumented = Schema.Struct({
  status: Status,
  data: Schema.optionalWith(Schema.Unknown, { exact: true })
})
  .annotations(Open.mayHaveAny)
  .pipe(
    Schema.filter(
      (answer: { readonly status?: string; readonly error?: unknown }) =>
        answer.status !== "fail" &&
        answer.status !== "error" &&
        (typeof answer.error !== "object" || answer.error === null),
      { title: "no refusal", jsonSchema: {} }
    )
  )
  .pipe(Open.keepUnknown)

/** How many items a list holds in all, on every page of it. */
export const Total = Schema.NonNegativeInt

const fields = {
  status: Schema.Literal("fail", "error"),
  message: Schema.String
}

/**
 * 400: a parameter is invalid, or the project does not exist (docs/api-notes.md#errors, #unknown-project).
 *
 * @since 0.1.0
 */
export class BadRequest extends Schema.Class<BadRequest>("BadRequest")(
  fields,
  HttpApiSchema.annotations({ status: 400 })
) {}

/**
 * 401: the key is missing or wrong.
 *
 * @since 0.1.0
 */
export class Unauthorized extends Schema.Class<Unauthorized>("Unauthorized")(
  fields,
  HttpApiSchema.annotations({ status: 401 })
) {}

/**
 * 403: the key's user may not do this.
 *
 * @since 0.1.0
 */
export class Forbidden extends Schema.Class<Forbidden>("Forbidden")(
  fields,
  HttpApiSchema.annotations({ status: 403 })
) {}

/**
 * 404: there is no such document.
 *
 * @since 0.1.0
 */
export class NotFound extends Schema.Class<NotFound>("NotFound")(
  fields,
  HttpApiSchema.annotations({ status: 404 })
) {}

/**
 * 429: more requests than the plan allows.
 *
 * @since 0.1.0
 */
export class TooManyRequests extends Schema.Class<TooManyRequests>("TooManyRequests")(
  fields,
  HttpApiSchema.annotations({ status: 429 })
) {}

/**
 * 500: the hub failed.
 *
 * @since 0.1.0
 */
export class InternalError extends Schema.Class<InternalError>("InternalError")(
  fields,
  HttpApiSchema.annotations({ status: 500 })
) {}
