/**
 * The operations of the contract by name, as errors, spans, faults and logs speak of them.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import type { HttpMethod } from "@effect/platform/HttpMethod"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import { AngoApi } from "./AngoApi.js"
import { type Class, neverShown, type Reconcile, Repeatability } from "./Repeatability.js"

type Groups = AngoApi["groups"][string]

/**
 * Any endpoint of the contract.
 *
 * @since 0.1.0
 */
export type Endpoint = HttpApiEndpoint.HttpApiEndpoint<string, HttpMethod>

type NamesOf<Group extends HttpApiGroup.HttpApiGroup.Any> = Group extends HttpApiGroup.HttpApiGroup.Any
  ? `${HttpApiGroup.HttpApiGroup.Name<Group>}.${HttpApiEndpoint.HttpApiEndpoint.Name<
      HttpApiGroup.HttpApiGroup.Endpoints<Group>
    >}`
  : never

/**
 * The name of an operation: group and endpoint, `tasks.get`.
 *
 * @since 0.1.0
 */
export type OperationName = NamesOf<Groups>

/**
 * An endpoint of the contract: its name, method, route template (`/task/{taskId}`), documented success status, whether
 * it may be repeated, and for a write the read that shows it.
 *
 * @since 0.1.0
 */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly repeat: Class
  readonly reconcile?: Reconcile
}

// `/task/:taskId` as documents write it: `/task/{taskId}`.
const routeTemplate = (path: string): string => path.replace(/:(\w+)\??/g, "{$1}")

/**
 * Every operation of the contract, by name.
 *
 * @since 0.1.0
 */
export const operations: Readonly<Record<OperationName, Operation>> = (() => {
  const found: Record<string, Operation> = {}
  HttpApi.reflect(AngoApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group, successes }) => {
      const name = `${group.identifier}.${endpoint.name}`
      const [status = 200] = successes.keys()
      found[name] = {
        name,
        method: endpoint.method,
        route: routeTemplate(endpoint.path),
        status,
        // An endpoint that says nothing is never repeated.
        ...Option.getOrElse(Context.getOption(endpoint.annotations, Repeatability), () => neverShown)
      }
    }
  })
  return found as Record<OperationName, Operation>
})()

/**
 * The endpoints of the contract, by the names of their operations.
 *
 * @since 0.1.0
 */
export const endpoints: ReadonlyMap<string, Endpoint> = (() => {
  const found = new Map<string, Endpoint>()
  HttpApi.reflect(AngoApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group }) => found.set(`${group.identifier}.${endpoint.name}`, endpoint)
  })
  return found
})()

/** `GET /task/{taskId}` */
export const label = (operation: Operation): string => `${operation.method} ${operation.route}`
