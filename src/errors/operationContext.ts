import type { Operation } from "../api/operations.js"
import type { Where } from "./AngoError.js"

/** The part of every error that says where it happened. */
export const where = (operation: Operation, message: string): Where => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  message
})
