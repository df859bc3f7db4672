/**
 * `null` in optional fields of request bodies, which older clients send for what is absent
 * (docs/api-notes.md#null-and-absent).
 */
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { endpoints } from "../../api/operations.js"
import { fieldOf, isNullForm, itemOf, type Node, wireForms } from "../../schemas/schemaShape.js"

// A field keeps its `null` where the contract gives `null` a place: the URL of a mask is cleared by it.
const isAbsent = (name: string, forms: ReadonlyArray<Node>): boolean => {
  const fields = forms.flatMap((form) => fieldOf(form, name) ?? [])
  return (
    fields.some(({ isOptional }) => isOptional) &&
    !fields.some(({ schema }) => wireForms(schema).some(isNullForm))
  )
}

const withoutNulls = (value: unknown, forms: ReadonlyArray<Node>): unknown => {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      withoutNulls(item, forms.flatMap((form) => itemOf(form, index)).flatMap(wireForms))
    )
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      if (field === null) return isAbsent(name, forms) ? [] : [[name, field]]
      const fieldForms = forms.flatMap((form) => {
        const declared = fieldOf(form, name)
        return declared === undefined ? [] : wireForms(declared.schema)
      })
      return [[name, withoutNulls(field, fieldForms)]]
    })
  )
}

const rewrite = (text: string, forms: ReadonlyArray<Node>): string =>
  text.includes("null")
    ? Either.match(
        Either.try((): unknown => JSON.parse(text)),
        // Not JSON: the handler says so.
        { onLeft: () => text, onRight: (body) => JSON.stringify(withoutNulls(body, forms)) }
      )
    : text

/**
 * The request, with optional fields of its body left out that are `null` and that the payload of the operation does not
 * allow to be `null`.
 */
export const withNullsAbsent = (
  request: HttpServerRequest.HttpServerRequest,
  operation: string
): HttpServerRequest.HttpServerRequest => {
  const payload = endpoints.get(operation)?.schemas().payload
  if (payload === undefined) return request
  const forms = wireForms(payload.ast)
  // The platform derives `json` from `text`.
  return Object.create(request, {
    text: { get: () => Effect.map(request.text, (text) => rewrite(text, forms)) }
  })
}
