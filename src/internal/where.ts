import type { Where } from "../AngoError.js"
import type { Operation } from "../api/Operations.js"

/** The part of every error that says where it happened. */
export const where = (operation: Operation, message: string): Where => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  message
})
