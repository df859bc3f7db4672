/**
 * One endpoint of the contract as one object: path, query, payload, success, errors and repeatability. Comments of the
 * endpoints begin with their row in docs/coverage.md.
 *
 * @since 0.1.0
 */
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type { HttpMethod } from "@effect/platform/HttpMethod"
import type * as Schema from "effect/Schema"
import { makeOperation, type Operation } from "./operation.js"
import type { Declared } from "./Repeatability.js"
import type { Declared as RowsOf } from "./rowList.js"

type Fields = Schema.Struct.Fields

type AnySchema = Schema.Schema.AnyNoContext

/** What an endpoint accepts and returns. */
export interface Schemas<
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
  /** The error responses, in addition to those of every endpoint. */
  readonly errors?: ReadonlyArray<Failure>
  /** The rows of a list that can be decoded one by one. */
  readonly rows?: RowsOf
}

/** An endpoint as it is declared. */
export interface Definition<Made> {
  /** The documented status of a success. Default: 200. */
  readonly status?: number
  readonly repeat: Declared
  /** Makes the schemas. A program calls few endpoints, and a schema takes time to make: they are made at the first use. */
  readonly schemas: () => Made
}

/** An endpoint. Parts that are not given are `never` in its type. */
export interface Endpoint<
  Name extends string,
  Method extends HttpMethod,
  Path extends Fields,
  Query extends Fields,
  Payload extends AnySchema,
  Success extends AnySchema,
  Failure extends AnySchema
> {
  readonly name: Name
  readonly method: Method
  /** The path, with its parameters as in `/task/:taskId`. */
  readonly route: `/${string}`
  readonly status: number
  readonly repeat: Declared
  /** Its schemas, which are the same at every call. */
  readonly schemas: () => Schemas<Method, Path, Query, Payload, Success, Failure>
}

/** Any endpoint; what it accepts and returns is not known to the compiler. */
export interface AnyEndpoint {
  readonly name: string
  readonly method: HttpMethod
  readonly route: `/${string}`
  readonly status: number
  readonly repeat: Declared
  readonly schemas: () => {
    readonly path?: Fields
    readonly query?: Fields
    readonly payload?: AnySchema
    readonly success: AnySchema
    readonly errors?: ReadonlyArray<AnySchema>
    readonly rows?: RowsOf
  }
}

const makeOnce = <A>(make: () => A): (() => A) => {
  let made: A | undefined
  return () => {
    made ??= make()
    return made
  }
}

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
    { repeat, schemas, status = 200 }: Definition<Schemas<Method, Path, Query, Payload, Success, Failure>>
  ): Endpoint<Name, Method, Path, Query, Payload, Success, Failure> => ({
    name,
    method,
    route,
    status,
    repeat,
    schemas: makeOnce(schemas)
  })

/** A `GET` endpoint. */
export const get = make("GET")

/** A `POST` endpoint. */
export const post = make("POST")

/** `DELETE`, which has a body where the contract says so. */
export const del = make("DELETE")

/** The endpoints of one resource, and their operations by name. */
export interface Group<Id extends string, Member extends AnyEndpoint> {
  readonly id: Id
  readonly endpoints: ReadonlyArray<Member>
  readonly operations: { readonly [Name in Member["name"]]: Operation }
}

/** Any group. */
export type AnyGroup = Group<string, AnyEndpoint>

/** The endpoints of one resource. */
export const group = <const Id extends string, Member extends AnyEndpoint>(
  id: Id,
  endpoints: ReadonlyArray<Member>
): Group<Id, Member> => ({
  id,
  endpoints,
  // One entry for each of the endpoints.
  operations: Object.fromEntries(
    endpoints.map((endpoint) => [endpoint.name, makeOperation(id, endpoint)])
  ) as Group<Id, Member>["operations"]
})
