/**
 * The hub behind a socket.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Connection, type ConnectionService } from "../faults/connection.js"

/**
 * `Emulator.serve` failed: the port is in use or not a port number, an option is invalid, or the package
 * `@effect/platform-node` is not installed. The message says which.
 *
 * @category errors
 * @since 0.1.0
 */
export class ServeFailed extends Data.TaggedError("ServeFailed")<{ readonly message: string }> {}

const load = <A>(name: string, module: () => Promise<A>) =>
  Effect.tryPromise({
    try: module,
    catch: () =>
      new ServeFailed({
        message: `Emulator.serve needs ${name}. Install it: npm install --save-dev ${name}`
      })
  })

type ServerResponse = import("node:http").ServerResponse

// Node closes a server only when its last connection ends; a hanging one never ends by itself.
const closeConnections = (server: import("node:http").Server): Effect.Effect<void> =>
  Effect.async((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

const connectionOf = (response: ServerResponse): ConnectionService => ({
  // The connection is already accepted when the request is read, so "refused" becomes a reset as well.
  breakBeforeResponse: () => Effect.sync(() => response.socket?.resetAndDestroy()),
  breakInBody: Effect.async((resume) => {
    const { socket } = response
    response.flushHeaders()
    // Destroying a socket drops unsent bytes, and the bytes before the break must arrive.
    if (socket === null) resume(Effect.void)
    else {
      socket.write("", () => {
        socket.destroy()
        resume(Effect.void)
      })
    }
  })
})

/** Serves an application on 127.0.0.1 until the scope closes. */
export const serve = <A extends { readonly app: HttpApp.Default }, E>(
  port: number,
  make: (baseUrl: string) => Effect.Effect<A, E, Scope.Scope>
): Effect.Effect<A, E | ServeFailed, Scope.Scope> =>
  Effect.gen(function* () {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      return yield* new ServeFailed({
        message: `${port} is not a port number. Use 1 to 65535, or 0 for any free port.`
      })
    }
    const { createServer } = yield* load("node", () => import("node:http"))
    const NodeHttpServer = yield* load(
      "@effect/platform-node",
      () => import("@effect/platform-node/NodeHttpServer")
    )
    const { toServerResponse } = yield* load(
      "@effect/platform-node",
      () => import("@effect/platform-node/NodeHttpServerRequest")
    )
    const nodeServer = createServer()
    const server = yield* Effect.mapError(
      NodeHttpServer.make(() => nodeServer, { port, host: "127.0.0.1" }),
      () =>
        new ServeFailed({
          message: `Cannot listen on 127.0.0.1:${port}. Is the port in use? Use port 0 for any free port.`
        })
    )
    yield* Effect.addFinalizer(() => closeConnections(nodeServer))
    const { address } = server
    const boundPort = address._tag === "TcpAddress" ? address.port : port
    const hub = yield* make(`http://127.0.0.1:${boundPort}/v2`)
    yield* server.serve(
      Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
        Effect.provideService(hub.app, Connection, connectionOf(toServerResponse(request)))
      )
    )
    return hub
  })
