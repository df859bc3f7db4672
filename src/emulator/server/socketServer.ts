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
import { Connection, type ConnectionService } from "../faults/faultyHub.js"

/**
 * The hub could not be served: the port is taken, or `@effect/platform-node` is not installed.
 *
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

// Node closes a server when its last connection ends, and one that hangs never does.
const closeConnections = (server: import("node:http").Server): Effect.Effect<void> =>
  Effect.async((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

const connectionOf = (response: ServerResponse): ConnectionService => ({
  // Whom to refuse is known when the request's head is read: the nearest to a refused connection is a reset one.
  breaks: () => Effect.sync(() => response.socket?.resetAndDestroy()),
  breaksInBody: Effect.async((resume) => {
    const { socket } = response
    response.flushHeaders()
    // A socket that is destroyed drops what it has not sent: the bytes before the break are to arrive.
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
        message: `There is no port ${port}. Take one of 0 (any free one) to 65535.`
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
          message: `Port ${port} of 127.0.0.1 cannot be opened. Is it taken? Port 0 takes a free one.`
        })
    )
    yield* Effect.addFinalizer(() => closeConnections(nodeServer))
    const { address } = server
    const bound = address._tag === "TcpAddress" ? address.port : port
    const hub = yield* make(`http://127.0.0.1:${bound}/v2`)
    yield* server.serve(
      Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
        Effect.provideService(hub.app, Connection, connectionOf(toServerResponse(request)))
      )
    )
    return hub
  })
