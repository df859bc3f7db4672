import { label, type Operation } from "../api/operation.js"
import { InvalidRequest } from "./AngoError.js"
import { operationContext } from "./OperationContext.js"

const describeNotSent = (operation: Operation): string =>
  operation.title === undefined ? `${label(operation)} was not sent` : `${label(operation)} did not start`

/**
 * The error for an input that the schemas of the contract accept and that is invalid all the same. `reason` is a
 * sentence: what is wrong with the parameter, and what is allowed.
 */
export const invalidRequest = (operation: Operation, parameter: string, reason: string): InvalidRequest =>
  new InvalidRequest({
    ...operationContext(operation, `${describeNotSent(operation)}: ${parameter} is invalid. ${reason}`),
    parameter
  })
