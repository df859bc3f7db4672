// What the hubs of the measurements share. Each is a process of its own, answers from bytes that are ready, has no rate
// limit, and ends with the process that started it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void

export const sendJson = (response: ServerResponse, body: Buffer | string, status = 200): void => {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body)
  })
  response.end(body)
}

/**
 * Serves requests, and prints the port. `/bench?latency=50` is for the runner: it returns what was counted since the
 * last such request, and sets the time in milliseconds before each response from then on.
 */
export const serve = (answer: Answer, held: () => Readonly<Record<string, number>> = () => ({})): void => {
  let latency = 0
  let requests = 0
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://hub")
    if (url.pathname === "/bench") {
      sendJson(response, JSON.stringify({ requests, ...held() }))
      latency = Number(url.searchParams.get("latency"))
      requests = 0
      return
    }
    requests++
    if (latency > 0) setTimeout(answer, latency, request, response, url)
    else answer(request, response, url)
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port))
  process.stdin.resume().on("end", () => process.exit())
}
