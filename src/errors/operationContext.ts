import type { Operation } from "../api/operations.js"
import type { OperationContext } from "./AngoError.js"

/** The part of every error that says where it happened. */
export const operationContext = (operation: Operation, message: string): OperationContext => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  message
})
