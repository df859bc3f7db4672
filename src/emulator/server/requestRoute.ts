/**
 * Matches requests to operations of the contract.
 *
 * @since 0.1.0
 */
import { type Operation, type OperationName, operations } from "../../api/operations.js"

// A hub may be served below a path of its host, so anything may come before `/v2`.
const routes: ReadonlyArray<readonly [Operation, RegExp]> = Object.values(operations).map((operation) => [
  operation,
  new RegExp(`^(.*/v2)?${operation.route.replace(/\/$/, "").replace(/\{\w+\}/g, "[^/]+")}/?$`)
])

/**
 * What a request is for: an operation such as `tasks.list`; `files` for the hub's file storage, with uploads and export
 * archives; `unknown` for a path without an endpoint.
 *
 * @category models
 * @since 0.1.0
 */
export type RequestName = OperationName | "files" | "unknown"

/** The name for a method and a path without its query. */
export const operationOf = (method: string, path: string): RequestName => {
  if (path.startsWith("/files/")) return "files"
  // The vendor's SDK has a double slash in one of its paths, which the router treats as one.
  const singleSlashes = path.replace(/\/{2,}/g, "/")
  const route = routes.find(
    ([operation, pattern]) => operation.method === method && pattern.test(singleSlashes)
  )
  return route === undefined ? "unknown" : (route[0].name as OperationName)
}
