/**
 * The hub behind a socket.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

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
    const server = yield* Effect.mapError(
      NodeHttpServer.make(() => createServer(), { port, host: "127.0.0.1" }),
      () =>
        new ServeFailed({
          message: `Port ${port} of 127.0.0.1 cannot be opened. Is it taken? Port 0 takes a free one.`
        })
    )
    const { address } = server
    const bound = address._tag === "TcpAddress" ? address.port : port
    const hub = yield* make(`http://127.0.0.1:${bound}/v2`)
    yield* server.serve(hub.app)
    return hub
  })
