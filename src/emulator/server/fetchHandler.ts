/**
 * The hub as a `fetch` function.
 */
import * as HttpApp from "@effect/platform/HttpApp"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { Connection, fetchErrors } from "../faults/connection.js"

// Adds the Content-Length that `fetch` itself sends with a body of known length. A `Request` passed as the input does
// not reveal whether its length is known; it counts as known.
const withContentLength = (request: Request, body: BodyInit | null | undefined): Promise<Request> =>
  body instanceof ReadableStream || request.headers.has("content-length")
    ? Promise.resolve(request)
    : request.arrayBuffer().then((bytes) => {
        const headers = new Headers(request.headers)
        headers.set("content-length", String(bytes.byteLength))
        return new Request(request.url, { method: "PUT", headers, body: bytes, signal: request.signal })
      })

/** Makes a `fetch` function that calls an application instead of the network, and fails as `fetch` does. */
export const makeFetch = (app: HttpApp.Default): Effect.Effect<typeof globalThis.fetch> =>
  Effect.map(Effect.runtime(), (runtime) => {
    const handle = HttpApp.toWebHandlerRuntime(runtime)(app)
    return (input, init) =>
      new Promise((resolve, reject) => {
        const request = new Request(input, init)
        const { signal } = request
        signal.throwIfAborted()
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
        // An abort after the headers must also end the body, as it does on a socket.
        const withAbortableBody = (response: Response): Response =>
          response.body === null
            ? response
            : new Response(response.body.pipeThrough(new TransformStream(), { signal }), response)
        const connection = Context.make(Connection, {
          breakBeforeResponse: (reason) => Effect.sync(() => reject(fetchErrors[reason]())),
          // The failing body stream is all that a `fetch` client sees of a broken connection.
          breakInBody: Effect.void
        })
        const handled =
          request.method === "PUT"
            ? withContentLength(request, init?.body).then((sized) => handle(sized, connection))
            : handle(request, connection)
        handled.then((response) => resolve(withAbortableBody(response)), reject)
      })
  })
