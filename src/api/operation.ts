/**
 * An endpoint by the name that errors, spans, faults and logs use.
 *
 * @since 0.1.0
 */
import type { Class, Declared, Reconcile } from "./Repeatability.js"

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

/** What an operation is made of: a route of the platform (`/task/:taskId`), and the declaration of its repeatability. */
interface Declaration {
  readonly name: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly repeat: Declared
}

// `/task/:taskId` becomes `/task/{taskId}`.
const routeTemplate = (path: string): string => path.replace(/:(\w+)\??/g, "{$1}")

/** The operation of an endpoint in a group. */
export const makeOperation = (
  group: string,
  { method, name, repeat, route, status }: Declaration
): Operation => ({
  name: `${group}.${name}`,
  method,
  route: routeTemplate(route),
  status,
  ...repeat
})

/** The operation in messages: its title, or `GET /task/{taskId}`. */
export const label = ({ method, route, title }: Operation): string => title ?? `${method} ${route}`
