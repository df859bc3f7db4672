/**
 * Encodes the request of an endpoint: path, query and body as the contract says.
 *
 * @since 0.1.0
 */
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { AnyEndpoint } from "../../api/endpoint.js"
import { encoder } from "../../decoding/encoder.js"
import { encodeUnknownEither, issueOf, type ParseIssue } from "../../schemas/parseIssue.js"
import { type FieldShape, shapeOf } from "../../schemas/schemaShape.js"
import { acceptedEncoding } from "./compression.js"

/** The request of an endpoint, as its caller gives it; each part is validated by its schema. */
interface Input {
  readonly path?: unknown
  readonly urlParams?: unknown
  readonly payload?: unknown
}

type Encoded = Either.Either<unknown, ParseIssue>

type Encode = (input: unknown) => Encoded

/** Encodes a request, or says what does not match the contract. */
export type EncodeRequest = (
  request: unknown
) => Either.Either<HttpClientRequest.HttpClientRequest, ParseIssue>

type AnySchema = Schema.Schema<unknown, unknown>

// Requests of a list differ in the page only: a text or number that equals the last one is not encoded again. This
// assumes that an encoding depends on the value alone, which holds for every schema of this library.
const encodeOnce = (schema: AnySchema): Encode => {
  const encode = encodeUnknownEither(schema)
  let lastInput: unknown
  let lastOutput: Encoded | undefined
  return (input) => {
    if (lastOutput !== undefined && input === lastInput && typeof input !== "object") return lastOutput
    const output = encode(input)
    if (Either.isRight(output)) {
      lastInput = input
      lastOutput = output
    }
    return output
  }
}

const fieldsOf = (schema: AnySchema): ReadonlyArray<FieldShape> | undefined => {
  const shape = shapeOf(schema.ast)
  return shape.kind === "object" && shape.fields.every(({ key, to }) => key === to) ? shape.fields : undefined
}

/**
 * Encodes the fields that an object has, one by one: most parameters of a list are absent. An object that this refuses is
 * encoded by its schema, whose issue says what does not match.
 */
export const objectEncoder = (schema: AnySchema): Encode => {
  const encodeWhole = encodeUnknownEither(schema)
  const fields = fieldsOf(schema)?.map(({ key, isOptional, schema: field }) => ({
    key,
    isOptional,
    encode: encodeOnce(Schema.make<unknown>(field))
  }))
  if (fields === undefined) return encodeWhole
  return (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return encodeWhole(input)
    const values = input as Readonly<Record<string, unknown>>
    const encoded: Record<string, unknown> = {}
    for (const { encode, isOptional, key } of fields) {
      if (isOptional && !(key in values)) continue
      const output = encode(values[key])
      if (Either.isLeft(output)) return encodeWhole(input)
      encoded[key] = output.right
    }
    return Either.right(encoded)
  }
}

// `/task/:taskId` as a function of its parameters.
const pathOf = (template: string): ((parameters: Readonly<Record<string, unknown>>) => string) => {
  const parts = template.split(/:(\w+)\??/)
  return (parameters) => parts.map((part, index) => (index % 2 === 0 ? part : parameters[part])).join("")
}

const noFields = Either.right({})

const encoderOf = (fields: Schema.Struct.Fields | undefined): Encode =>
  fields === undefined ? () => noFields : objectEncoder(Schema.make<unknown>(Schema.Struct(fields).ast))

const bodyEncoder = (
  schema: AnySchema | undefined
): ((payload: unknown) => Either.Either<HttpBody.HttpBody, ParseIssue>) => {
  if (schema === undefined) return () => Either.right(HttpBody.empty)
  // Of a body with many rows, `Schema` would take most of the time.
  const encode = encoder(schema) ?? encodeUnknownEither(schema)
  return (payload) =>
    payload instanceof FormData
      ? Either.right(HttpBody.formData(payload))
      : Either.flatMap(encode(payload), (body) =>
          Either.try({
            try: () => HttpBody.text(JSON.stringify(body), "application/json"),
            catch: () => issueOf(schema, body, "a value that can be JSON")
          })
        )
}

/**
 * Makes the encoder of an endpoint. The vendor's SDK sends these headers on its JSON calls, and the documentation requires
 * the content type even of reads (docs/api-notes.md#content-type). A body brings its own content type, a form the one
 * with its boundary.
 */
export const makeRequestEncoder = (endpoint: AnyEndpoint, baseUrl: string): EncodeRequest => {
  const { path, payload, query } = endpoint.schemas()
  const makePath = pathOf(endpoint.route)
  const encodePath = encoderOf(path)
  const encodeQuery = encoderOf(query)
  const encodeBody = bodyEncoder(payload === undefined ? undefined : Schema.make<unknown>(payload.ast))
  const headers = { accept: "application/json", "accept-encoding": acceptedEncoding }
  const empty = HttpClientRequest.make(endpoint.method)(baseUrl, {
    headers: { ...headers, "content-type": "application/json" }
  })
  const withBody = HttpClientRequest.make(endpoint.method)(baseUrl, { headers })

  return (request) => {
    const { path, payload, urlParams } = (request ?? {}) as Input
    const encodedPath = encodePath(path)
    if (Either.isLeft(encodedPath)) return Either.left(encodedPath.left)
    const query = encodeQuery(urlParams)
    if (Either.isLeft(query)) return Either.left(query.left)
    const body = encodeBody(payload)
    if (Either.isLeft(body)) return Either.left(body.left)

    const url = `${baseUrl}${makePath(encodedPath.right as Readonly<Record<string, unknown>>)}`
    const base = body.right._tag === "Empty" ? empty : HttpClientRequest.setBody(withBody, body.right)
    return Either.right(
      HttpClientRequest.setUrlParams(
        HttpClientRequest.setUrl(base, url),
        query.right as Readonly<Record<string, string>>
      )
    )
  }
}
