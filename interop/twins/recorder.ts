// An HTTP server that notes each request as it came, and passes it on to a hub in this process.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"

/** A request as it came: the target is not decoded. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Recorder {
  /** Without `/v2`. */
  readonly host: string
  /** Passes the requests that follow on to this hub, and notes them in the returned list. */
  readonly record: (hub: typeof globalThis.fetch) => ReadonlyArray<RecordedRequest>
}

// The server of the response sets these itself.
const ownHeaders = new Set(["connection", "content-length", "transfer-encoding", "keep-alive"])

/** Starts the recorder; it ends with the scope. */
export const start = Effect.acquireRelease(
  Effect.promise(
    () =>
      new Promise<{ readonly recorder: Recorder; readonly close: () => void }>((resolve) => {
        let hub: typeof globalThis.fetch | undefined
        let recorded: Array<RecordedRequest> = []
        const server = createServer(async (request, response) => {
          const chunks: Array<Uint8Array> = []
          for await (const chunk of request) chunks.push(chunk)
          const { method = "", url: target = "" } = request
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")])
          )
          const body = new Uint8Array(Buffer.concat(chunks))
          recorded.push({ method, target, headers, body })
          const passed = Object.entries(headers).filter(([name]) => !ownHeaders.has(name))
          const answer = await hub?.(`http://${request.headers.host}${target}`, {
            method,
            headers: passed,
            redirect: "manual",
            ...(body.length === 0 ? {} : { body })
          })
          response.statusCode = answer?.status ?? 503
          for (const [name, value] of answer?.headers ?? []) {
            if (!ownHeaders.has(name)) response.setHeader(name, value)
          }
          response.end(answer === undefined ? "" : Buffer.from(await answer.arrayBuffer()))
        })
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo
          resolve({
            recorder: {
              host: `http://127.0.0.1:${port}`,
              record: (next) => {
                hub = next
                recorded = []
                return recorded
              }
            },
            close: () => {
              server.closeAllConnections()
              server.close()
            }
          })
        })
      })
  ),
  ({ close }) => Effect.sync(close)
).pipe(Effect.map(({ recorder }) => recorder))
