/**
 * Which operation of the contract a request is for.
 *
 * @since 0.1.0
 */
import { type Operation, type OperationName, operations } from "../../api/operations.js"

// A hub may stand below a path of its host: what comes before `/v2` is not looked at.
const routes: ReadonlyArray<readonly [Operation, RegExp]> = Object.values(operations).map((operation) => [
  operation,
  new RegExp(`^(.*/v2)?${operation.route.replace(/\/$/, "").replace(/\{\w+\}/g, "[^/]+")}/?$`)
])

/**
 * What a request is for: an operation; `files` for the hub's own storage, with its uploads and archives; `unknown` for
 * a path of no endpoint.
 *
 * @since 0.1.0
 */
export type RequestName = OperationName | "files" | "unknown"

/** The operation of a method and a path without its query; see {@link RequestName}. */
export const operationOf = (method: string, path: string): RequestName => {
  if (path.startsWith("/files/")) return "files"
  // The vendor's SDK writes a slash twice in one of its paths; the router takes it as one.
  const single = path.replace(/\/{2,}/g, "/")
  const found = routes.find(([operation, pattern]) => operation.method === method && pattern.test(single))
  return found === undefined ? "unknown" : (found[0].name as OperationName)
}
