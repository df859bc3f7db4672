// An input that the contract alone cannot judge, refused before any request.

import { label, type Operation } from "../api/operations.js"
import { InvalidRequest } from "./AngoError.js"
import { operationContext } from "./OperationContext.js"

/** `reason` is a sentence: what is wrong with the parameter, and what is allowed. */
export const invalidRequest = (operation: Operation, parameter: string, reason: string): InvalidRequest =>
  new InvalidRequest({
    ...operationContext(operation, `${label(operation)} was not sent: ${parameter} is not usable. ${reason}`),
    parameter
  })
