/**
 * The result of a failed write: not applied, or unknown.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import { label } from "../../api/operation.js"
import { describeReconcile } from "../../api/Repeatability.js"
import { AmbiguousOutcome, type AttemptError, type CallError } from "../../errors/AngoError.js"
import { operationContext } from "../../errors/OperationContext.js"
import type { CallState } from "./callState.js"

const describeFailure = (error: AttemptError): string => {
  switch (error._tag) {
    case "ServerError": {
      const quoted = error.vendorMessage === undefined ? "" : ` (${JSON.stringify(error.vendorMessage)})`
      return `the response was a ${error.status}${quoted}`
    }
    case "ConnectionFailed": {
      const cause = error.cause === undefined ? "" : ` (${error.cause.message})`
      return `${error.phase === "body" ? "the response broke off" : "no response came"}${cause}`
    }
    case "MalformedResponse":
      return `the response (${error.status}) was not the hub's JSON (${error.reason})`
    case "OriginMismatch":
      return `the response was a redirect (${error.status})`
    case "DeadlineExceeded":
      return `no response came within ${Duration.format(error.deadline)}`
    default:
      return `the result of an earlier attempt is unknown, and the last one failed with ${error._tag}`
  }
}

const describeRepeat = ({ operation }: CallState): string =>
  operation.repeat === "idempotent"
    ? "It may be sent again: a repeat does no harm."
    : "Do not send it again before the result is known: it could be applied twice."

const howToFindOut = ({ operation: { reconcile } }: CallState): string =>
  reconcile === undefined ? "No endpoint shows the result." : describeReconcile(reconcile)

/**
 * Maps the last failure of a call to the call's error: `AmbiguousOutcome` with that failure as its cause when a write was
 * sent and its result is unknown, otherwise the failure itself.
 */
export const toCallError = (call: CallState, failure: AttemptError): CallError => {
  // A span wraps an error in a proxy, which does not print as the cause of another error.
  const error = Cause.originalError(failure) as AttemptError
  const { attempts, isResultUnknown, operation } = call
  if (operation.repeat === "safe" || !isResultUnknown) return failure
  return new AmbiguousOutcome({
    ...operationContext(
      operation,
      `${label(operation)} was sent; result unknown: ${describeFailure(error)}. ` +
        `${howToFindOut(call)} ${describeRepeat(call)}`
    ),
    cause: error,
    attempts,
    repeatable: operation.repeat === "idempotent",
    ...(operation.reconcile === undefined ? {} : { reconcile: operation.reconcile })
  })
}
