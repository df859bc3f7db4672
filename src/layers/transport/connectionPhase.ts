// Whether a request was sent, as far as the error of its connection shows.
import * as Predicate from "effect/Predicate"

// Codes of Node, undici, Bun and libuv for a connection that was not established: DNS, refused, TLS. A connection that
// was reset may have carried the request.
const notEstablished = new Set([
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

// These also end an established connection when the network fails: they count only while connecting.
const unreachable = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL"])

const isConnecting = (cause: unknown): boolean =>
  Predicate.hasProperty(cause, "syscall") && cause.syscall === "connect"

const codeOf = (cause: unknown): string =>
  Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : ""

/**
 * Whether the cause of a client error shows that no connection was established, so that nothing was sent. It reads the
 * error codes down the chain of causes; of an `AggregateError` (one error per address) all must show it.
 */
export const hasNotConnected = (cause: unknown, depth = 0): boolean => {
  if (depth > 4 || (!Predicate.isRecord(cause) && !(cause instanceof Error))) return false
  const code = codeOf(cause)
  if (notEstablished.has(code) || (unreachable.has(code) && isConnecting(cause))) return true
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return cause.errors.every((error) => hasNotConnected(error, depth + 1))
  }
  return Predicate.hasProperty(cause, "cause") && hasNotConnected(cause.cause, depth + 1)
}
