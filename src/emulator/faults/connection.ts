/**
 * The connection that a request came on, for faults that break it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** How to break the connection of the current request. */
export interface ConnectionService {
  /** Breaks it before any response. */
  readonly breakBeforeResponse: (reason: "refused" | "reset") => Effect.Effect<void>
  /** Breaks it once the bytes written so far have been sent. */
  readonly breakInBody: Effect.Effect<void>
}

/**
 * The connection of the current request, provided by the server of the hub's application. Without one the connection
 * cannot be broken: the client gets a 503 instead, or a body that ends early.
 */
export class Connection extends Context.Reference<Connection>()("effect-ango/emulator/Connection", {
  defaultValue: (): ConnectionService => ({
    breakBeforeResponse: () => Effect.void,
    breakInBody: Effect.void
  })
}) {}

const networkError = (message: string, code: string, detail: string): TypeError =>
  new TypeError(message, { cause: Object.assign(new Error(detail), { code }) })

/** The errors that `fetch` fails with: before a response, and in the middle of one (`terminated`). */
export const fetchErrors = {
  refused: () => networkError("fetch failed", "ECONNREFUSED", "connect ECONNREFUSED"),
  reset: () => networkError("fetch failed", "ECONNRESET", "read ECONNRESET"),
  terminated: () => networkError("terminated", "UND_ERR_SOCKET", "other side closed")
}
