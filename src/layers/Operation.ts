/**
 * Which operation of the contract a request belongs to, and what is known of the call so far. The transport
 * reads it to name things without ids: route templates in errors and spans.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Redacted from "effect/Redacted"
import type { Where } from "../AngoError.js"

/** An endpoint of the contract: its name (`tasks.get`), method, route template and documented success status. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly route: string
  readonly status: number
}

/** What a call under way has seen. The transport writes it, one attempt after the other; errors are made from it. */
export interface CallState {
  readonly operation: Operation
  /** Attempts begun so far. */
  attempts: number
  /** The key of the present attempt: errors are scrubbed of it. */
  key?: Redacted.Redacted
  /** The answer of the present attempt, once its headers are there. */
  answer?: { readonly status: number; readonly contentType: string; readonly requestId?: string }
}

/** The call that the running fiber is in. Requests made outside of any call have no route and no deadline. */
export class CurrentCall extends Context.Reference<CurrentCall>()("effect-ango/CurrentCall", {
  defaultValue: (): CallState => ({
    operation: { name: "http", method: "HTTP", route: "request", status: 200 },
    attempts: 0
  })
}) {}

/** `GET /task/{taskId}` */
export const label = (operation: Operation): string => `${operation.method} ${operation.route}`

/** The part of every error that says where it happened. */
export const where = (operation: Operation, message: string): Where => ({
  operation: operation.name,
  method: operation.method,
  route: operation.route,
  message
})
