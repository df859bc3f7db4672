/**
 * The operations of the contract by the names that errors, spans, faults and logs use.
 *
 * @since 0.1.0
 */
import type { AnyEndpoint, AnyGroup } from "./endpoint.js"
import { groups } from "./groups.js"
import type { Operation } from "./operation.js"

type NamesOf<Group extends AnyGroup> = Group extends AnyGroup
  ? `${Group["id"]}.${keyof Group["operations"] & string}`
  : never

/**
 * The name of an operation: group and endpoint, `tasks.get`.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationName = NamesOf<(typeof groups)[number]>

/**
 * Every endpoint of the contract, by the name of its operation.
 *
 * @category schemas
 * @since 0.1.0
 */
export const endpoints: ReadonlyMap<string, AnyEndpoint> = new Map(
  groups.flatMap(({ endpoints, id }: AnyGroup) =>
    endpoints.map((endpoint) => [`${id}.${endpoint.name}`, endpoint] as const)
  )
)

/**
 * Every operation of the contract, by name.
 *
 * @category schemas
 * @since 0.1.0
 */
export const operations = Object.fromEntries(
  groups.flatMap(({ operations }: AnyGroup) =>
    Object.values(operations).map((operation) => [operation.name, operation])
  )
) as Readonly<Record<OperationName, Operation>>
