/**
 * The hub as a `fetch` function.
 */
import * as HttpApp from "@effect/platform/HttpApp"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { failures } from "../faults/faultedExchange.js"
import { Connection } from "../faults/faultyHub.js"

// The length of a file that is known is told with it, as `fetch` does on its way out. A whole request does not tell
// whether it knows: it is taken to.
const withLength = (request: Request, body: BodyInit | null | undefined): Promise<Request> =>
  body instanceof ReadableStream || request.headers.has("content-length")
    ? Promise.resolve(request)
    : request.arrayBuffer().then((bytes) => {
        const headers = new Headers(request.headers)
        headers.set("content-length", String(bytes.byteLength))
        return new Request(request.url, { method: "PUT", headers, body: bytes, signal: request.signal })
      })

/** A `fetch` that goes to an application instead of the network, and fails as `fetch` does. */
export const fetchTo = (app: HttpApp.Default): Effect.Effect<typeof globalThis.fetch> =>
  Effect.map(Effect.runtime(), (runtime) => {
    const handle = HttpApp.toWebHandlerRuntime(runtime)(app)
    return (input, init) =>
      new Promise((resolve, reject) => {
        const request = new Request(input, init)
        const { signal } = request
        signal.throwIfAborted()
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
        // An abort after the headers must end the body too, as it does on a socket.
        const abortable = (response: Response): Response =>
          response.body === null
            ? response
            : new Response(response.body.pipeThrough(new TransformStream(), { signal }), response)
        const connection = Context.make(Connection, {
          breaks: (how) => Effect.sync(() => reject(failures[how]())),
          // A body that fails is the broken connection already.
          breaksInBody: Effect.void
        })
        const answer =
          request.method === "PUT"
            ? withLength(request, init?.body).then((whole) => handle(whole, connection))
            : handle(request, connection)
        answer.then((response) => resolve(abortable(response)), reject)
      })
  })
