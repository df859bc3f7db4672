/**
 * The call that failed.
 *
 * @since 0.1.0
 */
import type { Operation } from "../api/operation.js"

/**
 * The call that failed: its operation in the contract (`tasks.get`), its method and its route template
 * (`/task/{taskId}`, without ids).
 *
 * @category models
 * @since 0.1.0
 */
export interface OperationContext {
  readonly operation: string
  readonly method: string
  readonly route: string
  readonly message: string
}

/** The context of an error of `operation`. */
export const operationContext = (operation: Operation, message: string): OperationContext => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  message
})
