// What a failed connection says of the request that it was meant for.
import * as Predicate from "effect/Predicate"

// The codes of Node, undici, Bun and libuv for a connection that was never made: no name, no route, nobody there, no
// agreement on encryption. A connection that is reset may have carried the request.
const neverMade = new Set([
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

// These also end a connection that was made, when the network goes away: only while connecting do they say enough.
const noWay = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL"])

const isConnecting = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "syscall") && cause.syscall === "connect"

const codeOf = (cause: unknown): string =>
  Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : ""

/**
 * Whether a platform's error says that no connection was made, so that nothing was sent: by the code of the error or
 * of its causes; of several tries (one per address) all must say so.
 */
export const hasNotConnected = (cause: unknown, depth = 0): boolean => {
  if (depth > 4 || (!Predicate.isRecord(cause) && !(cause instanceof Error))) return false
  const code = codeOf(cause)
  if (neverMade.has(code) || (noWay.has(code) && isConnecting(cause))) return true
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return cause.errors.every((error) => hasNotConnected(error, depth + 1))
  }
  return Predicate.hasProperty(cause, "cause") && hasNotConnected(cause.cause, depth + 1)
}
