/**
 * The operations of the contract by the names that errors, spans, faults and logs use.
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
 * @category models
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
 * @category models
 * @since 0.1.0
 */
export type OperationName = NamesOf<Groups>

/**
 * An endpoint of the contract: its name, method, route template (`/task/{taskId}`), documented success status,
 * repeatability, and for a write the read that shows it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly repeat: Class
  readonly reconcile?: Reconcile
  /** How messages call it, if not by method and route. */
  readonly title?: string
}

// `/task/:taskId` becomes `/task/{taskId}`.
const routeTemplate = (path: string): string => path.replace(/:(\w+)\??/g, "{$1}")

/**
 * Every operation of the contract, by name.
 *
 * @category schemas
 * @since 0.1.0
 */
export const operations: Readonly<Record<OperationName, Operation>> = (() => {
  const byName: Record<string, Operation> = {}
  HttpApi.reflect(AngoApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group, successes }) => {
      const name = `${group.identifier}.${endpoint.name}`
      const [status = 200] = successes.keys()
      byName[name] = {
        name,
        method: endpoint.method,
        route: routeTemplate(endpoint.path),
        status,
        // An endpoint without a declaration is never repeated.
        ...Option.getOrElse(Context.getOption(endpoint.annotations, Repeatability), () => neverShown)
      }
    }
  })
  return byName as Record<OperationName, Operation>
})()

/**
 * Every endpoint of the contract, by the name of its operation.
 *
 * @category schemas
 * @since 0.1.0
 */
export const endpoints: ReadonlyMap<string, Endpoint> = (() => {
  const byName = new Map<string, Endpoint>()
  HttpApi.reflect(AngoApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group }) => byName.set(`${group.identifier}.${endpoint.name}`, endpoint)
  })
  return byName
})()

/** The operation in messages: its title, or `GET /task/{taskId}`. */
export const label = ({ method, route, title }: Operation): string => title ?? `${method} ${route}`
