/**
 * What became of a write that did not end well.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import { label } from "../../api/operations.js"
import { AmbiguousOutcome, type AttemptError, type CallError } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"

const happened = (error: AttemptError): string => {
  switch (error._tag) {
    case "ServerError": {
      const said = error.vendorMessage === undefined ? "" : ` (${JSON.stringify(error.vendorMessage)})`
      return `the answer was a ${error.status}${said}`
    }
    case "ConnectionFailed": {
      const why = error.cause === undefined ? "" : ` (${error.cause.message})`
      return `${error.phase === "body" ? "the answer broke off" : "no answer came"}${why}`
    }
    case "MalformedResponse":
      return `the answer (${error.status}) was not the hub's JSON (${error.reason})`
    case "OriginMismatch":
      return `the answer was a redirect (${error.status})`
    case "DeadlineExceeded":
      return `no answer came within ${Duration.format(error.deadline)}`
    default:
      return `an earlier attempt got no clear answer, and the last one ended in ${error._tag}`
  }
}

const repeating = ({ operation }: CallState): string =>
  operation.repeat === "idempotent"
    ? "It may be run again: a repeat changes nothing."
    : "Until that is known it must not be sent again: it could be done twice."

const findOut = ({ operation: { reconcile } }: CallState): string =>
  reconcile === undefined
    ? "No read of the API shows it."
    : `To find out, read ${reconcile.read} and look for ${reconcile.lookFor}.`

/**
 * The error of a call. When a write has left and the hub's view of it is not known, the error says that instead, with
 * what happened last as its cause.
 */
export const toCallError = (call: CallState, failure: AttemptError): CallError => {
  // An error that passed a span is wrapped; wrapped in another one it would not print.
  const error = Cause.originalError(failure) as AttemptError
  const { attempts, isUnsettled, operation } = call
  if (operation.repeat === "safe" || !isUnsettled) return failure
  return new AmbiguousOutcome({
    ...operationContext(
      operation,
      `${label(operation)} was sent, and the hub may have done it or not: ${happened(error)}. ` +
        `${findOut(call)} ${repeating(call)}`
    ),
    cause: error,
    attempts,
    repeatable: operation.repeat === "idempotent",
    ...(operation.reconcile === undefined ? {} : { reconcile: operation.reconcile })
  })
}
