/**
 * One endpoint of the contract as one object: path, query, payload, success, errors and repeatability. Comments of the
 * endpoints begin with their row in docs/coverage.md.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type { HttpMethod } from "@effect/platform/HttpMethod"
import * as Schema from "effect/Schema"
import { type Declared, Repeatability } from "./Repeatability.js"
import { Rows, type Declared as RowsOf } from "./rowList.js"

type Fields = Schema.Struct.Fields

type AnyEndpoint = HttpApiEndpoint.HttpApiEndpoint.AnyWithProps

type AnySchema = Schema.Schema.AnyNoContext

/** What an endpoint accepts and returns. */
export interface Definition<
  Method extends HttpMethod,
  Path extends Fields,
  Query extends Fields,
  Payload extends AnySchema,
  Success extends AnySchema,
  Failure extends AnySchema
> {
  /** The parameters of the path; strings on the wire. */
  readonly path?: Path & HttpApiEndpoint.HttpApiEndpoint.ValidatePath<Schema.Struct<Path>>
  /** The query parameters, in the order in which they are sent. */
  readonly query?: Query & HttpApiEndpoint.HttpApiEndpoint.ValidateUrlParams<Schema.Struct<Query>>
  readonly payload?: Payload & HttpApiEndpoint.HttpApiEndpoint.ValidatePayload<Method, Payload>
  readonly success: Success
  /** The documented status of a success. Default: 200. */
  readonly status?: number
  /** The error responses, in addition to those of every endpoint. */
  readonly errors?: ReadonlyArray<Failure>
  readonly repeat: Declared
  /** The rows of a list that can be decoded one by one. */
  readonly rows?: RowsOf
}

/** The type of an endpoint. Parts that are not given are `never`. */
export type Endpoint<
  Name extends string,
  Method extends HttpMethod,
  Path extends Fields,
  Query extends Fields,
  Payload extends AnySchema,
  Success extends AnySchema,
  Failure extends AnySchema
> = HttpApiEndpoint.HttpApiEndpoint<
  Name,
  Method,
  [Path] extends [never] ? never : Schema.Simplify<Schema.Struct.Type<Path>>,
  [Query] extends [never] ? never : Schema.Simplify<Schema.Struct.Type<Query>>,
  Schema.Schema.Type<Payload>,
  never,
  Schema.Schema.Type<Success>,
  Schema.Schema.Type<Failure>,
  Schema.Struct.Context<Path> | Schema.Struct.Context<Query>
>

const make =
  <Method extends HttpMethod>(method: Method) =>
  <
    const Name extends string,
    Success extends AnySchema,
    Path extends Fields = never,
    Query extends Fields = never,
    Payload extends AnySchema = never,
    Failure extends AnySchema = never
  >(
    name: Name,
    route: `/${string}`,
    definition: Definition<Method, Path, Query, Payload, Success, Failure>
  ): Endpoint<Name, Method, Path, Query, Payload, Success, Failure> => {
    const { path, payload, query, repeat, rows, status, success } = definition
    // Each setter changes the type of the endpoint: while the parts are set one by one it is any endpoint, and the return
    // type is the one that the chain of setters has.
    let endpoint = HttpApiEndpoint.make(method)(name, route) as unknown as AnyEndpoint
    if (path !== undefined) endpoint = endpoint.setPath(Schema.Struct<Fields>(path))
    if (query !== undefined) endpoint = endpoint.setUrlParams(Schema.Struct<Fields>(query))
    if (payload !== undefined) endpoint = endpoint.setPayload(payload)
    endpoint = endpoint.addSuccess(success, status === undefined ? undefined : { status })
    const errors: ReadonlyArray<AnySchema> = definition.errors ?? []
    for (const error of errors) endpoint = endpoint.addError(error)
    if (rows !== undefined) endpoint = endpoint.annotate(Rows, rows)
    return endpoint.annotate(Repeatability, repeat) as unknown as Endpoint<
      Name,
      Method,
      Path,
      Query,
      Payload,
      Success,
      Failure
    >
  }

/** A `GET` endpoint. */
export const get = make("GET")

/** A `POST` endpoint. */
export const post = make("POST")

/** `DELETE`, which has a body where the contract says so. */
export const del = make("DELETE")
