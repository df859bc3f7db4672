// The questions that this library asks of errors of the platform (files, HTTP clients). Nothing else reads their fields.
import type { PlatformError } from "@effect/platform/Error"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Predicate from "effect/Predicate"

const codeOf = (error: unknown): string =>
  Predicate.hasProperty(error, "code") && typeof error.code === "string" ? error.code : ""

/** The code of the operating system (`ENOENT`), else the platform's reason (`NotFound`), else an empty string. */
export const fileErrorCode = (error: PlatformError): string =>
  codeOf(error.cause) || (error._tag === "SystemError" ? error.reason : "")

/** Whether a file does not exist. */
export const isMissingFile = (error: PlatformError): boolean => {
  const code = fileErrorCode(error)
  return code === "ENOENT" || code === "NotFound"
}

/** Whether a file could not be created because it exists. */
export const isExistingFile = (error: PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "AlreadyExists"

/** Whether a process exists that this one may not signal. */
export const isNotPermitted = (error: unknown): boolean => codeOf(error) === "EPERM"

/** Whether an error comes from the HTTP client. */
export const isHttpClientError = (error: object): error is HttpClientError.HttpClientError =>
  "_tag" in error && (error._tag === "RequestError" || error._tag === "ResponseError")

/** Whether the HTTP client itself refused a response because of its status. The response is complete. */
export const isStatusError = (
  error: HttpClientError.HttpClientError
): error is HttpClientError.ResponseError => error._tag === "ResponseError" && error.reason === "StatusCode"

/** Whether a response has no body. */
export const isEmptyBody = (error: HttpClientError.ResponseError): boolean => error.reason === "EmptyBody"

/**
 * How far a failed call was: `connect` (no connection was made, nothing was sent), `request` (sent, perhaps in part),
 * `body` (the response has begun).
 */
export const connectionPhase = (error: HttpClientError.HttpClientError): "connect" | "request" | "body" => {
  if (error._tag === "ResponseError") return "body"
  return isUnconnected(error.cause) ? "connect" : "request"
}

// The codes of Node, undici, Bun and libuv for a connection that was never made: unknown name, no route, refused, or no
// agreement on encryption. A connection that is reset may have carried the request.
const unconnectedCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "FailedToOpenSocket",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
])

// These codes also end an established connection when the network goes away. They count only while connecting.
const networkCodes = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL"])

const isConnecting = (error: unknown): boolean =>
  Predicate.hasProperty(error, "syscall") && error.syscall === "connect"

const maxDepth = 4

/**
 * Whether an error says that no connection was made, so that nothing was sent: by its code or that of one of its causes.
 * Of several attempts (one per address) all must say so.
 */
export const isUnconnected = (error: unknown, depth = 0): boolean => {
  if (depth > maxDepth || (!Predicate.isRecord(error) && !(error instanceof Error))) return false
  const code = codeOf(error)
  if (unconnectedCodes.has(code) || (networkCodes.has(code) && isConnecting(error))) return true
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => isUnconnected(each, depth + 1))
  }
  return Predicate.hasProperty(error, "cause") && isUnconnected(error.cause, depth + 1)
}
