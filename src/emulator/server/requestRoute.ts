/**
 * Matches requests to operations of the contract.
 *
 * @since 0.1.0
 */
import type { Operation } from "../../api/operation.js"
import { type OperationName, operations } from "../../api/operations.js"

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

/**
 * A URL with each run of slashes in its path as one: the vendor's SDK has a double slash in one of its paths. The query
 * is unchanged, because its values may be URLs.
 */
export const withSingleSlashes = (url: string): string =>
  url.replace(/^[^?#]*/, (path) => path.replace(/\/{2,}/g, "/"))

/** The name for a method and a path without its query. */
export const operationOf = (method: string, path: string): RequestName => {
  if (path.startsWith("/files/")) return "files"
  const singleSlashes = withSingleSlashes(path)
  const route = routes.find(
    ([operation, pattern]) => operation.method === method && pattern.test(singleSlashes)
  )
  return route === undefined ? "unknown" : (route[0].name as OperationName)
}
