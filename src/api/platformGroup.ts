/**
 * Groups of the contract as those of the platform, which make the emulator and the OpenAPI document.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import type { AnyEndpoint, Endpoint, Group } from "./endpoint.js"
import { Repeatability } from "./Repeatability.js"

/** The platform's type of an endpoint. */
export type PlatformEndpoint<Declared> =
  Declared extends Endpoint<
    infer Name,
    infer Method,
    infer Path,
    infer Query,
    infer Payload,
    infer Success,
    infer Failure
  >
    ? HttpApiEndpoint.HttpApiEndpoint<
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
    : never

/** An endpoint of the platform. */
export const platformEndpoint = ({
  method,
  name,
  repeat,
  route,
  schemas,
  status
}: AnyEndpoint): HttpApiEndpoint.HttpApiEndpoint.AnyWithProps => {
  const { errors = [], path, payload, query, success } = schemas()
  // Each setter changes the type of the endpoint: while the parts are set one by one it is any endpoint.
  let endpoint = HttpApiEndpoint.make(method)(
    name,
    route
  ) as unknown as HttpApiEndpoint.HttpApiEndpoint.AnyWithProps
  if (path !== undefined) endpoint = endpoint.setPath(Schema.Struct<Schema.Struct.Fields>(path))
  if (query !== undefined) endpoint = endpoint.setUrlParams(Schema.Struct<Schema.Struct.Fields>(query))
  if (payload !== undefined) endpoint = endpoint.setPayload(payload)
  endpoint = endpoint.addSuccess(success, status === 200 ? undefined : { status })
  for (const error of errors) endpoint = endpoint.addError(error)
  return endpoint.annotate(Repeatability, repeat)
}

/** A group of the platform. */
export const platformGroup = <Id extends string, Member extends AnyEndpoint>({
  endpoints,
  id
}: Group<Id, Member>): HttpApiGroup.HttpApiGroup<Id, PlatformEndpoint<Member>> => {
  // `add` changes the type of the group: while endpoints are added one by one it is any group.
  let group = HttpApiGroup.make(id) as unknown as HttpApiGroup.HttpApiGroup.AnyWithProps
  for (const endpoint of endpoints) group = group.add(platformEndpoint(endpoint))
  // It has the endpoints of `Member`, added one by one.
  return group as unknown as HttpApiGroup.HttpApiGroup<Id, PlatformEndpoint<Member>>
}
